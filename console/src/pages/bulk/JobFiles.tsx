import { Card, Group, Stack, Text, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { hasEnded, type JobFile, readJobFile } from '../../api/bulk.ts'
import type { BulkStatus, Instance } from '../../api/shapes.ts'
import { sizeWords } from '../../parts/bulk-words.ts'
import { ShellLines } from '../../parts/ShellLines.tsx'
import { BusyButton } from '../../ui/BusyButton.tsx'
import { Problem } from '../../ui/Problem.tsx'
import { saveFile } from '../../ui/save-file.ts'

/** From so many bytes on a browser is not the best place for a file. */
const large = 200_000_000

interface Choice extends JobFile {
  readonly label: string
}

const recordFiles = ({ id, object_name }: BulkStatus): readonly Choice[] =>
  [
    { label: 'Download CSV', accept: 'text/csv', ending: 'csv' },
    { label: 'Download JSON lines', accept: 'application/json', ending: 'json' },
  ].map(({ label, accept, ending }) => ({
    label,
    accept,
    path: object_name,
    name: `${object_name}-${id}.${ending}`,
  }))

const rejectFiles = ({ id, object_name, fileFormat }: BulkStatus): readonly Choice[] => {
  const ending = fileFormat === 'csv' ? 'csv' : 'jsonl'
  const rejects = { accept: undefined, path: 'rejects' }
  return [
    { ...rejects, label: 'Download the rejects', name: `${object_name}-${id}-rejects.${ending}` },
    {
      ...rejects,
      label: 'Download them with rows in doubt',
      query: { inDoubt: 'true' },
      name: `${object_name}-${id}-rejects-in-doubt.${ending}`,
    },
  ]
}

const aboutOf = (job: BulkStatus): string => {
  if (job.job_direction === 'UPLOAD')
    return 'The rows that failed, as they came; one more column says why, which an upload leaves out. Mend them, and upload that file.'
  const size = sizeWords(Number(job.fileSize))
  return job.status === 'COMPLETED'
    ? `All records, ${size} as JSON.`
    : `What was read until it ended, ${size} as JSON.`
}

/** What there is to take home of a job. */
export const JobFiles = ({ instance, job }: { readonly instance: Instance; readonly job: BulkStatus }) => {
  const get = useMutation({
    mutationFn: async (choice: Choice) => {
      const { file, name } = await readJobFile(instance, job.id, choice)
      saveFile(file, choice.query === undefined ? name : choice.name)
    },
  })
  const isUpload = job.job_direction === 'UPLOAD'
  if (!hasEnded(job) || (isUpload && job.recordsFailedCount === 0)) return null
  const files = isUpload ? rejectFiles(job) : recordFiles(job)
  return (
    <Card withBorder padding="lg" component="section" aria-label="Files">
      <Title order={2} fz="lg" mb="sm">
        {isUpload ? 'Rejects' : 'Files'}
      </Title>
      {job.filesAvailable ? (
        <Stack gap="sm">
          <Text size="sm">{aboutOf(job)}</Text>
          <Group gap="xs">
            {files.map((choice) => (
              <BusyButton
                key={choice.label}
                size="xs"
                variant={choice.query === undefined ? 'filled' : 'default'}
                busy={get.isPending && get.variables.label === choice.label}
                onClick={() => get.mutate(choice)}
              >
                {choice.label}
              </BusyButton>
            ))}
          </Group>
          {get.error === null ? null : <Problem error={get.error} title="The file did not come" />}
          {Number(job.fileSize) < large ? null : (
            <Text size="sm" fw={600}>
              This is a large file, which a browser takes whole before it stores it. Rather take it from a
              shell.
            </Text>
          )}
          <ShellLines
            title="The same from a shell, the better way for large files"
            instance={instance}
            lines={files.map(({ path, query, accept, name }) => ({
              call: {
                path: `bulk/${job.id}/${path}`,
                file: { accept, name },
                ...(query === undefined ? {} : { parameters: query }),
              },
              what: `for ${name}`,
            }))}
          />
        </Stack>
      ) : (
        <Text size="sm">
          The files of this job are gone: they are kept for some days only. Start it again.
        </Text>
      )}
    </Card>
  )
}
