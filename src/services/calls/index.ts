// Calls of our own API that run later: jobs on a schedule, and asynchronous calls whose result is told. What a call
// carries lies sealed; it is signed when it runs. No HTTP: who calls our API is passed in.
import { createDispatch } from './dispatch-call.ts'
import { createJobsOf } from './jobs.ts'
import type { CallsNeed } from './need.ts'
import { createRun } from './run.ts'

export type { CallBody } from './carried.ts'
export type { JobView } from './job-view.ts'
export type { CallInput } from './jobs.ts'
export { type OwnCall, type OwnReply, sealContext } from './need.ts'

export type Calls = ReturnType<typeof createCalls>

export const createCalls = (need: CallsNeed) => ({
  jobs: createJobsOf(need),
  ...createDispatch(need),
  run: createRun(need),
})
