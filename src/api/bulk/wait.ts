import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '#src/lib/errors.ts'
import type { BulkJob } from '#src/services/index.ts'
import { paramOf } from './asked.ts'
import type { BulkCall } from './bulk-call.ts'

const longestSeconds = 60
const lookMs = 250

const secondsOf = (text: string | undefined): number => {
  if (text === undefined) return 0
  if (/^\d{1,3}$/.test(text) && Number(text) <= longestSeconds) return Number(text)
  throw new AppError('bad-request', `wait: whole seconds from 0 to ${longestSeconds}.`)
}

/** What of a job or a workflow is waited for. */
type Stand = Pick<BulkJob, 'state' | 'finishedAt'>

/**
 * A job or a workflow, at once or after `wait` seconds: as soon as it has ended, and before that when it is not as it was
 * when asked.
 * @throws AppError `bad-request` naming `wait`, and what `read` throws.
 */
export const waitFor = async <Read extends Stand>(
  { request }: BulkCall,
  read: () => Promise<Read>,
): Promise<Read> => {
  const seconds = secondsOf(paramOf(request, 'wait'))
  const first = await read()
  let now = first
  for (const endsAtMs = Date.now() + seconds * 1_000; Date.now() < endsAtMs; ) {
    if (now.finishedAt !== null || now.state !== first.state || request.signal.aborted) break
    await sleep(Math.min(lookMs, endsAtMs - Date.now()))
    now = await read()
  }
  return now
}
