import { Alert, Progress, Stack, Text } from '@mantine/core'
import type { BulkStatus } from '../../api/shapes.ts'
import {
  counted,
  type JobState,
  jobStateColors,
  jobStateOf,
  percentOf,
  saidOf,
  sizeWords,
} from '../../parts/bulk-words.ts'
import { When } from '../../ui/When.tsx'

const countWords = (job: BulkStatus): string => {
  const { status, recordsCount, recordsExpected, recordsFailedCount } = job
  const failed = recordsFailedCount === 0 ? '' : `, ${recordsFailedCount.toLocaleString('en')} of them failed`
  // A limit may be more than there is.
  if (recordsExpected === null || status === 'COMPLETED') return `${counted(recordsCount, 'record')}${failed}`
  return `${recordsCount.toLocaleString('en')} of ${counted(recordsExpected, 'record')}${failed}`
}

const rateWords = ({ recordsPerSecond, fileSize, job_direction }: BulkStatus): string =>
  [
    recordsPerSecond === 0 ? '' : `${recordsPerSecond.toLocaleString('en')} records a second`,
    job_direction === 'UPLOAD' || fileSize === '0' ? '' : sizeWords(Number(fileSize)),
  ]
    .filter((part) => part !== '')
    .join(', ')

const titles: Readonly<Partial<Record<JobState, string>>> = {
  WAITING: 'It waits, and goes on by itself',
  ABORTED: 'It ended before it was done',
}

const Said = ({ job }: { readonly job: BulkStatus }) => {
  const state = jobStateOf(job)
  if (job.infoMessage === '') return null
  return (
    <Alert
      color={state === 'ABORTED' ? 'red' : 'yellow'}
      variant="outline"
      role={state === 'ABORTED' ? 'alert' : 'status'}
      title={titles[state] ?? 'To be noted'}
    >
      <Text size="sm" className="breaks">
        {saidOf(job)}
      </Text>
    </Alert>
  )
}

/** How far a job is: a bar where its end is known, else what it has done. */
export const JobProgress = ({ job }: { readonly job: BulkStatus }) => {
  const percent = percentOf(job)
  const state = jobStateOf(job)
  const rate = rateWords(job)
  return (
    <Stack gap="xs">
      {percent === undefined ? null : (
        <Progress
          value={percent}
          size="lg"
          color={jobStateColors[state]}
          aria-label={`Progress of job ${job.id}`}
        />
      )}
      <Text data-records={job.recordsCount}>
        {percent === undefined ? '' : `${percent} %: `}
        {countWords(job)}
        {rate === '' ? '' : `; ${rate}`}
      </Text>
      <Text size="sm" c="dimmed">
        {job.bulk_start_time === '' ? (
          'It begins when it is its turn: jobs of one organization run two at a time.'
        ) : (
          <>
            Begun <When at={job.bulk_start_time} exact />
          </>
        )}
        {job.bulk_finish_time === '' ? null : (
          <>
            ; ended <When at={job.bulk_finish_time} exact />
          </>
        )}
        {job.estimatedFinishTime === '' ? null : (
          <>
            ; at this rate it ends <When at={job.estimatedFinishTime} exact />
          </>
        )}
        {percent === undefined && state === 'RUNNING'
          ? '; how many there are is not known before its end'
          : null}
      </Text>
      <Said job={job} />
    </Stack>
  )
}
