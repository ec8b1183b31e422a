import { Alert, Button, Card, Group, Stack, Text, Title } from '@mantine/core'
import type { TransformationInput } from '../../api/mapping.ts'
import { BusyButton } from '../../ui/BusyButton.tsx'
import { Problem } from '../../ui/Problem.tsx'
import { RowField } from '../../ui/RowField.tsx'
import { TextBlock } from '../../ui/TextBlock.tsx'
import { NotTaken } from './NotTaken.tsx'
import { type Trial, textOf, type Way } from './use-trial.ts'

export type Direction = 'read' | 'write'

const SampleState = ({ trial, canRead }: { readonly trial: Trial; readonly canRead: boolean }) => {
  const { sample, rows, at } = trial
  if (!canRead) return <Text size="sm">No row can be read here: write or paste one.</Text>
  if (sample.error !== null)
    return <Problem error={sample.error} title="No sample was read" again={() => void sample.refetch()} />
  if (sample.isPending)
    return (
      <Text size="sm" role="status">
        Reading rows …
      </Text>
    )
  return (
    <Group gap="xs" justify="space-between">
      <Text size="sm" role="status">
        {rows.length === 0 ? 'The vendor has no row: write or paste one.' : `Row ${at + 1} of ${rows.length}`}
      </Text>
      <Group gap="xs">
        {rows.length < 2 ? null : (
          <Button size="compact-xs" variant="default" onClick={trial.next}>
            Next row
          </Button>
        )}
        <BusyButton
          size="compact-xs"
          variant="default"
          busy={sample.isFetching}
          onClick={() => {
            trial.reset()
            void sample.refetch()
          }}
        >
          Read again
        </BusyButton>
      </Group>
    </Group>
  )
}

/** On the left: the row that goes in, read from the vendor or written. */
export const SamplePane = ({
  trial,
  direction,
  vendor,
  canRead,
}: {
  readonly trial: Trial
  readonly direction: Direction
  /** What the vendor's resource is called. */
  readonly vendor: string
  readonly canRead: boolean
}) => {
  const isRead = direction === 'read'
  const way: Way = isRead ? trial.read : trial.sent
  const title = isRead ? `A row of ${vendor}` : 'A row that is written'
  /** Nobody has written anything yet, and what stands here comes from elsewhere. */
  const isAwaited = !way.isWritten && (isRead ? trial.sample.isLoading : trial.read.answer.data === undefined)
  return (
    <Card withBorder padding="md" component="section" aria-label={title} className="beside">
      <Stack gap="xs">
        <Title order={2} fz="md" className="breaks">
          {title}
        </Title>
        {isRead ? (
          <SampleState trial={trial} canRead={canRead} />
        ) : (
          <Text size="sm">In common names; what was read, until it is changed here.</Text>
        )}
        <RowField label={`${title}, as JSON`} value={way.text} onChange={way.write} />
        {way.wrong === undefined || isAwaited || way.text.trim() === '' ? null : (
          <Text size="sm" c="red" role="status">
            {way.wrong}
          </Text>
        )}
      </Stack>
    </Card>
  )
}

/** On the right: what becomes of it. */
export const ResultPane = ({
  trial,
  direction,
  name,
  input,
}: {
  readonly trial: Trial
  readonly direction: Direction
  readonly name: string
  /** The mapping that is tried. */
  readonly input: TransformationInput
}) => {
  const { answer, wrong }: Way = direction === 'read' ? trial.read : trial.sent
  /** Of what is no row nothing becomes, and what was made before it would mislead. */
  const made = wrong === undefined ? answer.data : undefined
  const error = answer.error ?? (trial.sent.isWritten ? null : trial.read.answer.error)
  const title = direction === 'read' ? `A row of ${name}` : 'What the vendor is sent'
  return (
    <Card withBorder padding="md" component="section" aria-label={title} className="beside" data-result>
      <Stack gap="xs">
        <Title order={2} fz="md" className="breaks">
          {title}
        </Title>
        <Text size="sm">
          {direction === 'read'
            ? 'As callers read it.'
            : 'Fields that the vendor alone sets are not sent of this; a write names them in the header Elements-Error.'}
        </Text>
        {error === null ? (
          <TextBlock
            label={`${title}, as JSON`}
            text={made === undefined ? 'Nothing yet.' : textOf(made.row)}
          />
        ) : (
          <NotTaken error={error} title="It cannot be tried" input={input} />
        )}
        {made?.remark == null ? null : (
          <Alert color="yellow" variant="outline" title="The server remarks" role="status">
            <Text size="sm" className="breaks">
              {made.remark}
            </Text>
          </Alert>
        )}
      </Stack>
    </Card>
  )
}
