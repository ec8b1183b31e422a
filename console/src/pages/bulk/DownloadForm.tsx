import { Button, Card, Group, NativeSelect, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { startDownload } from '../../api/bulk.ts'
import { elementQuery, useInstanceAction } from '../../api/queries.ts'
import type { Instance } from '../../api/shapes.ts'
import { type DownloadChoice, selectText } from '../../parts/bulk-words.ts'
import { CurlLine } from '../../parts/CurlLine.tsx'
import { FieldList } from '../../parts/FieldList.tsx'
import { asTyped } from '../../ui/as-typed.ts'
import { BusyButton } from '../../ui/BusyButton.tsx'
import { Problem } from '../../ui/Problem.tsx'

const Choices = ({
  choice,
  resources,
  onChange,
}: {
  readonly choice: DownloadChoice
  readonly resources: readonly { readonly value: string; readonly label: string }[]
  readonly onChange: (choice: DownloadChoice) => void
}) => {
  const set = (change: Partial<DownloadChoice>): void => onChange({ ...choice, ...change })
  return (
    <>
      <Group align="flex-end" gap="sm">
        <NativeSelect
          label="Resource"
          value={choice.resource}
          data={[...resources]}
          onChange={(event) => set({ resource: event.currentTarget.value })}
          style={{ flex: '1 1 12rem' }}
        />
        <TextInput
          type="number"
          min={1}
          step={1}
          label="limit"
          placeholder="all"
          value={choice.limit}
          onChange={(event) => set({ limit: event.currentTarget.value })}
          style={{ flex: '0 1 8rem' }}
        />
      </Group>
      <TextInput
        label="where"
        description="Conditions in CEQL, such as: Name LIKE 'A%' AND field > 500. Empty: everything."
        value={choice.where}
        onChange={(event) => set({ where: event.currentTarget.value })}
        {...asTyped}
      />
      <TextInput
        label="fields"
        description="Names with commas between them. Empty: all."
        value={choice.fields}
        onChange={(event) => set({ fields: event.currentTarget.value })}
        {...asTyped}
      />
    </>
  )
}

/** A whole listing into a file: chosen by fields, or written as a query. */
export const DownloadForm = ({ instance }: { readonly instance: Instance }) => {
  const { data: element } = useSuspenseQuery(elementQuery(instance.element.key))
  const navigate = useNavigate()
  const listed = element.resources.filter(({ bulk }) => bulk.download.supported)
  const [choice, setChoice] = useState<DownloadChoice>({
    resource: listed[0]?.canonicalName ?? '',
    where: '',
    fields: '',
    limit: '',
  })
  const [written, setWritten] = useState<string>()
  const query = written ?? selectText(choice)
  const start = useInstanceAction(async () => {
    const { id } = await startDownload(instance, query)
    await navigate({
      to: '/instances/$instance/bulk/$job',
      params: { instance: String(instance.id), job: id },
    })
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    start.mutate(undefined)
  }
  if (listed.length === 0) {
    return <Text role="status">Nothing of {element.name} can be listed, so nothing can be downloaded.</Text>
  }
  return (
    <Card withBorder padding="lg" component="section" aria-label="Download">
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Choices
            choice={choice}
            resources={listed.map(({ canonicalName, title }) => ({
              value: canonicalName,
              label: `${canonicalName} (${title})`,
            }))}
            onChange={(changed) => {
              setChoice(changed)
              setWritten(undefined)
            }}
          />
          <FieldList instance={instance} hub={element.hub} resource={choice.resource} />
          <Textarea
            label="Query"
            description="What is asked for in one line; it may be changed here, to sort with order by too. A choice above writes it anew."
            value={query}
            onChange={(event) => setWritten(event.currentTarget.value)}
            autosize
            required
            {...asTyped}
          />
          {start.error === null ? null : <Problem error={start.error} title="The download did not begin" />}
          <Group gap="xs">
            <BusyButton type="submit" busy={start.isPending}>
              Start the download
            </BusyButton>
            {written === undefined ? null : (
              <Button variant="default" onClick={() => setWritten(undefined)}>
                Undo changes of the query
              </Button>
            )}
          </Group>
        </Stack>
      </form>
      <Stack gap="xs" mt="md">
        <Text size="sm" fw={600}>
          The same from a shell
        </Text>
        <CurlLine
          instance={instance}
          call={{ path: 'bulk/query', method: 'POST', parameters: { q: query } }}
          what="for the download"
        />
      </Stack>
    </Card>
  )
}
