import { Badge, Group, Stack, Text } from '@mantine/core'
import { useSuspenseInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { bulkJobsQuery } from '../../api/bulk.ts'
import type { BulkJobRow, Instance } from '../../api/shapes.ts'
import { counted, directionWords, jobStateColors, jobStateWords } from '../../parts/bulk-words.ts'
import { LinkButton } from '../../ui/LinkButton.tsx'
import { MoreButton } from '../../ui/MoreButton.tsx'
import { When } from '../../ui/When.tsx'

const JobItem = ({ instanceId, job }: { readonly instanceId: number; readonly job: BulkJobRow }) => {
  const name = `${directionWords[job.job_direction]} of ${job.object_name}`
  return (
    <li className="event" data-job={job.id} data-status={job.status}>
      <Group justify="space-between" gap="xs" wrap="nowrap" align="flex-start">
        <Text fw={600} className="breaks">
          <Link
            to="/instances/$instance/bulk/$job"
            params={{ instance: String(instanceId), job: job.id }}
            aria-label={`Open job ${job.id}, ${name}`}
          >
            {name}
          </Link>
        </Text>
        <Badge color={jobStateColors[job.status]} variant="filled" style={{ flexShrink: 0 }}>
          {jobStateWords[job.status]}
        </Badge>
      </Group>
      <Text size="sm">
        {counted(job.record_count, 'record')}
        {job.error_count === 0 ? '' : `, ${job.error_count.toLocaleString('en')} of them failed`}
      </Text>
      <Text size="sm" c="dimmed" className="breaks">
        Job {job.id}, begun <When at={job.createdDate} exact />
        {job.job_query === '' ? null : (
          <>
            , <code>{job.job_query}</code>
          </>
        )}
      </Text>
    </li>
  )
}

const Nothing = ({ instance }: { readonly instance: Instance }) => {
  const params = { instance: String(instance.id) }
  return (
    <Stack gap="sm">
      <Text role="status">No job yet. Download a listing as a file, or upload a file of records.</Text>
      <Group gap="xs">
        <LinkButton size="xs" to="/instances/$instance/bulk" params={params} search={{ view: 'download' }}>
          Start a download
        </LinkButton>
        <LinkButton
          size="xs"
          variant="default"
          to="/instances/$instance/bulk"
          params={params}
          search={{ view: 'upload' }}
        >
          Start an upload
        </LinkButton>
      </Group>
    </Stack>
  )
}

/** An instance's jobs, newest first. */
export const JobList = ({ instance }: { readonly instance: Instance }) => {
  const list = useSuspenseInfiniteQuery(bulkJobsQuery(instance))
  const jobs = list.data.pages.flatMap(({ items }) => items)
  if (jobs.length === 0) return <Nothing instance={instance} />
  return (
    <Stack gap="sm">
      <ul className="events" aria-label="Jobs, newest first">
        {jobs.map((job) => (
          <JobItem key={job.id} instanceId={instance.id} job={job} />
        ))}
      </ul>
      <MoreButton list={list} words="Older jobs" />
    </Stack>
  )
}
