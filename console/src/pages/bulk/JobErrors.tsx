import { Badge, Card, Stack, Table, Text, Title } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { bulkErrorsQuery } from '../../api/bulk.ts'
import type { BulkError, BulkStatus, Instance } from '../../api/shapes.ts'
import { stateColors } from '../../parts/instance-state.ts'
import { MoreButton } from '../../ui/MoreButton.tsx'
import { Problem } from '../../ui/Problem.tsx'
import { Sideways } from '../../ui/Sideways.tsx'
import { Waiting } from '../../ui/Waiting.tsx'

const vendorWords = ({ status, providerMessage, providerCode }: BulkError): string =>
  [status, providerCode, providerMessage].filter((part) => part !== undefined).join(', ')

const ErrorRow = ({ error }: { readonly error: BulkError }) => (
  <Table.Tr data-row={error.row} style={{ verticalAlign: 'top' }}>
    <Table.Td>{error.row.toLocaleString('en')}</Table.Td>
    <Table.Td className="breaks">{error.column ?? ''}</Table.Td>
    <Table.Td className="breaks">
      {error.inDoubt ? (
        <Badge color={stateColors.expiring} variant="filled" mr="xs">
          in doubt
        </Badge>
      ) : null}
      {error.message}
    </Table.Td>
    <Table.Td className="breaks">{vendorWords(error)}</Table.Td>
  </Table.Tr>
)

const ErrorTable = ({ errors }: { readonly errors: readonly BulkError[] }) => (
  <Sideways label="Rows that failed, a table">
    <Table verticalSpacing="xs" striped style={{ minWidth: '36rem' }}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th w="4rem">Row</Table.Th>
          <Table.Th w="7rem">Column</Table.Th>
          <Table.Th>What is wrong</Table.Th>
          <Table.Th>The vendor's words</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {errors.map((error) => (
          <ErrorRow key={error.row} error={error} />
        ))}
      </Table.Tbody>
    </Table>
  </Sideways>
)

/** What a job did not take, row by row, and why. */
export const JobErrors = ({ instance, job }: { readonly instance: Instance; readonly job: BulkStatus }) => {
  const failed = job.recordsFailedCount
  const list = useInfiniteQuery({
    ...bulkErrorsQuery(instance, job.id, failed),
    enabled: failed > 0,
  })
  if (failed === 0) return null
  const { data, error } = list
  const errors = data?.pages.flatMap(({ items }) => items)
  return (
    <Card withBorder padding="lg" component="section" aria-label="Errors">
      <Title order={2} fz="lg" mb="sm">
        Errors
      </Title>
      <Stack gap="sm">
        {errors?.some(({ inDoubt }) => inDoubt) === true ? (
          <Text size="sm">
            In doubt: nothing was heard after the row was sent, so the vendor may have taken it. Look there
            before you send it again.
          </Text>
        ) : null}
        {error === null ? null : <Problem error={error} title="The errors cannot be read" />}
        {errors === undefined && error === null ? <Waiting what="Reading the errors" /> : null}
        {errors === undefined ? null : <ErrorTable errors={errors} />}
        <MoreButton list={list} words="More errors" />
      </Stack>
    </Card>
  )
}
