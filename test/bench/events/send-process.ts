// A worker of the product that sends what is due, as a process of its own; its parent starts and stops it.
import { createJobs } from '#src/jobs/index.ts'
import { readConfig } from '#src/main/config.ts'
import { openContext } from '#src/main/context.ts'
import type { Worker } from '#src/queue/index.ts'
import { obeyParent } from '../obey-parent.ts'
import type { SendOrder, Stopped } from './order.ts'

const context = await openContext(
  readConfig(process.env),
  (_step, run) => run(),
  () => undefined,
)
const { instances, queue } = context
const unwatch = await instances.watch()
await queue.presence.start()
const jobs = createJobs(context).filter(({ table }) => table.name === 'deliveries')
let worker: Worker | undefined
let before = 0

const obey = async (order: SendOrder): Promise<Stopped> => {
  if (order === 'start') {
    before = context.statementCount()
    worker = queue.worker(jobs)
    await worker.start()
    return { statements: 0, claimed: 0, broken: 0 }
  }
  const statements = context.statementCount() - before
  const { claimed = 0, failed = 0, lost = 0 } = worker?.counts()['deliveries'] ?? {}
  await worker?.stop(0)
  worker = undefined
  return { statements, claimed, broken: failed + lost }
}

obeyParent(
  {},
  ({ send }: { readonly send: SendOrder }) => obey(send),
  async () => {
    await worker?.stop(0)
    await queue.presence.stop()
    await unwatch()
    await context.close()
  },
)
