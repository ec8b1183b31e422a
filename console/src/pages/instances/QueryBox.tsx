import { Alert, Button, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useSuspenseQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { type FoundRows, findRows, parametersOf, type RowQuery } from '../../api/hub.ts'
import { elementQuery } from '../../api/queries.ts'
import type { Instance } from '../../api/shapes.ts'
import { CurlLine } from '../../parts/CurlLine.tsx'
import { FieldList } from '../../parts/FieldList.tsx'
import { BusyButton } from '../../ui/BusyButton.tsx'
import { Problem } from '../../ui/Problem.tsx'

import { RowTable } from './RowTable.tsx'

const sizes = ['10', '25', '50', '100']

const Found = ({
  found,
  asked,
  more,
}: {
  readonly found: FoundRows
  readonly asked: readonly string[]
  readonly more: (() => void) | undefined
}) => (
  <Stack gap="sm">
    {found.plan === null ? null : (
      <Alert color="blue" variant="outline" title="Plan" data-plan>
        <Text size="sm" className="breaks">
          {found.plan}
        </Text>
      </Alert>
    )}
    <Text size="sm" c="dimmed" role="status" className="breaks">
      {found.rows.length === 0
        ? 'No row fits.'
        : `${found.rows.length} ${found.rows.length === 1 ? 'row' : 'rows'} in ${found.ms} ms.`}{' '}
      Request {found.requestId}
    </Text>
    {found.rows.length === 0 ? null : <RowTable rows={found.rows} asked={asked} />}
    {more === undefined ? null : (
      <Group>
        <Button variant="default" size="xs" onClick={more}>
          Next page
        </Button>
      </Group>
    )}
  </Stack>
)

/** Asks the vendor through an instance: a resource, a `where`, and who filters what. */
export const QueryBox = ({ instance }: { readonly instance: Instance }) => {
  const { data: element } = useSuspenseQuery(elementQuery(instance.element.key))
  const listed = element.resources.filter(({ operations }) => operations.includes('SEARCH'))
  const [resource, setResource] = useState(listed[0]?.canonicalName ?? '')
  const [where, setWhere] = useState('')
  const [fields, setFields] = useState('')
  const [pageSize, setPageSize] = useState(sizes[0] ?? '10')
  const query: RowQuery = { hub: element.hub, resource, where, fields, pageSize }
  const find = useMutation({
    mutationFn: (asked: { readonly query: RowQuery; readonly nextPage?: string }) =>
      findRows(instance, asked.query, asked.nextPage),
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    find.mutate({ query })
  }
  const { data, variables } = find
  const nextPage = data?.nextPage ?? undefined
  return (
    <Stack>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Group align="flex-end" gap="sm">
            <NativeSelect
              label="Resource"
              value={resource}
              data={listed.map(({ canonicalName, title }) => ({
                value: canonicalName,
                label: `${canonicalName} (${title})`,
              }))}
              onChange={(event) => setResource(event.currentTarget.value)}
              style={{ flex: '1 1 12rem' }}
            />
            <NativeSelect
              label="Rows a page"
              value={pageSize}
              data={sizes}
              onChange={(event) => setPageSize(event.currentTarget.value)}
              style={{ flex: '0 1 8rem' }}
            />
          </Group>
          <TextInput
            label="where"
            description="Conditions in CEQL, such as: Name LIKE 'A%' AND field > 500. Empty: everything."
            value={where}
            onChange={(event) => setWhere(event.currentTarget.value)}
            autoCapitalize="none"
            autoComplete="off"
            spellCheck={false}
          />
          <TextInput
            label="fields"
            description="Names with commas between them. Empty: all."
            value={fields}
            onChange={(event) => setFields(event.currentTarget.value)}
            autoCapitalize="none"
            autoComplete="off"
            spellCheck={false}
          />
          <FieldList instance={instance} hub={element.hub} resource={resource} />
          <Group>
            <BusyButton type="submit" busy={find.isPending}>
              Run the query
            </BusyButton>
          </Group>
        </Stack>
      </form>
      {find.error === null ? null : <Problem error={find.error} />}
      {data === undefined || variables === undefined ? null : (
        <Found
          found={data}
          asked={variables.query.fields.split(',').map((name) => name.trim())}
          more={nextPage === undefined ? undefined : () => find.mutate({ query: variables.query, nextPage })}
        />
      )}
      <Text size="sm" fw={600}>
        The same from a shell
      </Text>
      <CurlLine
        instance={instance}
        call={{ path: `hubs/${element.hub}/${resource}`, parameters: parametersOf(query) }}
      />
    </Stack>
  )
}
