import { Group, Stack } from '@mantine/core'
import { cancelJob, hasEnded, resumeJob } from '../../api/bulk.ts'
import { useInstanceAction } from '../../api/queries.ts'
import type { BulkStatus, Instance } from '../../api/shapes.ts'
import { jobStateOf } from '../../parts/bulk-words.ts'
import { BusyButton } from '../../ui/BusyButton.tsx'
import { Problem } from '../../ui/Problem.tsx'

/** Ends a job, or lets it go on. What was cancelled can be resumed, so nothing is asked first. */
export const JobActions = ({ instance, job }: { readonly instance: Instance; readonly job: BulkStatus }) => {
  const cancel = useInstanceAction(() => cancelJob(instance, job.id))
  const resume = useInstanceAction(() => resumeJob(instance, job.id))
  const state = jobStateOf(job)
  const mayResume = (state === 'CANCELLED' || state === 'ABORTED') && job.filesAvailable
  const mayCancel = !hasEnded(job)
  if (!mayCancel && !mayResume) return null
  return (
    <Stack gap="sm">
      <Group gap="xs">
        {mayCancel ? (
          <BusyButton
            size="xs"
            variant="default"
            busy={cancel.isPending}
            onClick={() => cancel.mutate(undefined)}
          >
            Cancel
          </BusyButton>
        ) : null}
        {mayResume || state === 'WAITING' ? (
          <BusyButton size="xs" busy={resume.isPending} onClick={() => resume.mutate(undefined)}>
            {state === 'WAITING' ? 'Go on now' : 'Resume'}
          </BusyButton>
        ) : null}
      </Group>
      {cancel.error === null ? null : <Problem error={cancel.error} title="It is not cancelled" />}
      {resume.error === null ? null : <Problem error={resume.error} title="It does not go on" />}
    </Stack>
  )
}
