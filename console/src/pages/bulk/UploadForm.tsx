import { Card, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { metaDataOf, startUpload, type UploadSettings } from '../../api/bulk.ts'
import { elementQuery, useInstanceAction } from '../../api/queries.ts'
import type { Instance } from '../../api/shapes.ts'
import { CurlLine } from '../../parts/CurlLine.tsx'
import { FieldList } from '../../parts/FieldList.tsx'
import { BusyButton } from '../../ui/BusyButton.tsx'
import { Problem } from '../../ui/Problem.tsx'

type Action = UploadSettings['action']

const actions: readonly { readonly value: Action; readonly label: string }[] = [
  { value: 'create', label: 'create: each row is a new record' },
  { value: 'update', label: 'update: each row changes a record' },
  { value: 'upsert', label: 'upsert: change it where it is there, else create it' },
]

const identifierWords: Readonly<Record<Action, string>> = {
  create:
    'A field that no two records share. With it a row that was cut off on its way is looked for before it is sent again. Empty: none.',
  update: 'The field by which the record is found. Empty: its key.',
  upsert: 'The field by which the record is looked for. Empty: its key.',
}

const actionOf = (text: string): Action => actions.find(({ value }) => value === text)?.value ?? 'create'

/** A file of records to the vendor. */
export const UploadForm = ({ instance }: { readonly instance: Instance }) => {
  const { data: element } = useSuspenseQuery(elementQuery(instance.element.key))
  const navigate = useNavigate()
  const taken = element.resources.filter(({ bulk }) => bulk.upload.supported)
  const [resource, setResource] = useState(taken[0]?.canonicalName ?? '')
  const [action, setAction] = useState<Action>('create')
  const [identifier, setIdentifier] = useState('')
  const [file, setFile] = useState<File>()
  const settings: UploadSettings = { action, identifierFieldName: identifier }
  const start = useInstanceAction(async (chosen: File) => {
    const { id } = await startUpload(instance, resource, chosen, settings)
    await navigate({
      to: '/instances/$instance/bulk/$job',
      params: { instance: String(instance.id), job: id },
    })
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (file !== undefined) start.mutate(file)
  }
  if (taken.length === 0) {
    return <Text role="status">Nothing of {element.name} can be created, so nothing can be uploaded.</Text>
  }
  return (
    <Card withBorder padding="lg" component="section" aria-label="Upload">
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput
            type="file"
            label="File"
            description="CSV with a line of field names at its top, or JSON: an array of objects, or one object a line. It may be compressed with gzip."
            required
            accept=".csv,.json,.jsonl,.ndjson,.gz,text/csv,application/json"
            onChange={(event) => setFile(event.currentTarget.files?.[0])}
          />
          <NativeSelect
            label="Resource"
            value={resource}
            data={taken.map(({ canonicalName, title }) => ({
              value: canonicalName,
              label: `${canonicalName} (${title})`,
            }))}
            onChange={(event) => setResource(event.currentTarget.value)}
          />
          <NativeSelect
            label="Action"
            value={action}
            data={[...actions]}
            onChange={(event) => setAction(actionOf(event.currentTarget.value))}
          />
          <TextInput
            label="Identifier field"
            description={identifierWords[action]}
            value={identifier}
            onChange={(event) => setIdentifier(event.currentTarget.value)}
            autoCapitalize="none"
            autoComplete="off"
            spellCheck={false}
          />
          <FieldList instance={instance} hub={element.hub} resource={resource} />
          {start.error === null ? null : <Problem error={start.error} title="The upload did not begin" />}
          <Group gap="sm">
            <BusyButton type="submit" busy={start.isPending}>
              Start the upload
            </BusyButton>
            {start.isPending ? (
              <Text size="sm" role="status">
                The file is sent. Keep this page open until it is there.
              </Text>
            ) : null}
          </Group>
        </Stack>
      </form>
      <Stack gap="xs" mt="md">
        <Text size="sm" fw={600}>
          The same from a shell
        </Text>
        <CurlLine
          instance={instance}
          call={{
            path: `bulk/${resource}`,
            form: { metaData: metaDataOf(settings), file: `@${file?.name ?? 'records.csv'}` },
          }}
          what="for the upload"
        />
      </Stack>
    </Card>
  )
}
