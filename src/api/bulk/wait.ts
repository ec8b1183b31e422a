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

/**
 * A job, at once or after `wait` seconds: as soon as it has ended, and before that when it is not as it was when asked.
 * @throws AppError `not-found`, `bad-request` naming `wait`.
 */
export const waitFor = async ({ bulk, call, request }: BulkCall, id: string): Promise<BulkJob> => {
  const seconds = secondsOf(paramOf(request, 'wait'))
  const first = await bulk.jobs.own(call.instance, id)
  let job = first
  for (const endsAtMs = Date.now() + seconds * 1_000; Date.now() < endsAtMs; ) {
    if (job.finishedAt !== null || job.state !== first.state || request.signal.aborted) break
    await sleep(Math.min(lookMs, endsAtMs - Date.now()))
    job = await bulk.jobs.own(call.instance, id)
  }
  return job
}
