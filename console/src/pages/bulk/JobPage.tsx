import { Badge, Card, Group, Stack, Text, Title } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { bulkStatusQuery } from '../../api/bulk.ts'
import { instanceQuery } from '../../api/queries.ts'
import type { BulkStatus } from '../../api/shapes.ts'
import { directionWords, jobStateColors, jobStateOf, jobStateWords } from '../../parts/bulk-words.ts'
import { ShellLines } from '../../parts/ShellLines.tsx'
import { LinkButton } from '../../ui/LinkButton.tsx'
import { PageHead } from '../../ui/PageHead.tsx'
import { Problem } from '../../ui/Problem.tsx'
import { JobActions } from './JobActions.tsx'
import { JobErrors } from './JobErrors.tsx'
import { JobFiles } from './JobFiles.tsx'
import { JobProgress } from './JobProgress.tsx'

const route = getRouteApi('/shell/instances/$instance/bulk/$job')

const queryOf = ({ jobCriteria }: BulkStatus): string => {
  const { query } = (jobCriteria ?? {}) as { readonly query?: unknown }
  return typeof query === 'string' ? query : ''
}

/** One bulk job: how far it is, what can be done to it, and what came of it. */
export const JobPage = () => {
  const { instance: id, job: jobId } = route.useParams()
  const { data: instance } = useSuspenseQuery(instanceQuery(id))
  const { data: job, error } = useSuspenseQuery(bulkStatusQuery(instance, jobId))
  const state = jobStateOf(job)
  const query = queryOf(job)
  return (
    <>
      <PageHead
        title={`${directionWords[job.job_direction]} of ${job.object_name}`}
        about={
          <Group gap="xs">
            <Badge color={jobStateColors[state]} variant="filled" data-status={state} role="status">
              {jobStateWords[state]}
            </Badge>
            job {job.id} of {instance.name}
          </Group>
        }
      >
        <LinkButton to="/instances/$instance/bulk" params={{ instance: id }} variant="default">
          All jobs
        </LinkButton>
      </PageHead>
      <Stack>
        {error === null ? null : <Problem error={error} title="What is shown may be old" />}
        <Card withBorder padding="lg" component="section" aria-label="Progress">
          <Title order={2} fz="lg" mb="sm">
            Progress
          </Title>
          <Stack gap="sm">
            <JobProgress job={job} />
            <JobActions instance={instance} job={job} />
            {query === '' ? null : (
              <Text size="sm" className="breaks">
                Asked for: <code>{query}</code>
              </Text>
            )}
            <ShellLines
              title="Its status from a shell"
              instance={instance}
              lines={[
                {
                  call: { path: `bulk/${job.id}/status`, parameters: { wait: '30' } },
                  what: 'for the status',
                },
              ]}
            />
          </Stack>
        </Card>
        <JobFiles instance={instance} job={job} />
        <JobErrors instance={instance} job={job} />
      </Stack>
    </>
  )
}
