// The product with a worker that polls, in a process of its own that does what its parent orders and tells what came of it.
import { createApi } from '#src/api/index.ts'
import { createJobs } from '#src/jobs/index.ts'
import { readConfig } from '#src/main/config.ts'
import { openContext } from '#src/main/context.ts'
import type { AnyJob } from '#src/queue/index.ts'
import { connect } from '../../support/client.ts'
import { obeyParent } from '../obey-parent.ts'
import { createDeliveries } from './make-deliveries.ts'
import { createPollers } from './make-pollers.ts'
import type { Order, Polled } from './order.ts'

const password = 'correct horse battery'
const email = 'admin@northwind.example'

const context = await openContext(
  readConfig(process.env),
  (_step, run) => run(),
  () => undefined,
)
const { accounts, instances, queue } = context
const unwatch = await instances.watch()
await queue.presence.start()
const api = createApi(context, { logger: context.logger, trustProxy: false })
const { port } = await api.listen('127.0.0.1', 0)
const caller = await accounts.addOrganization('Northwind', email, password)
const admin = { email, password, user: caller.userSecret, organization: caller.organizationSecret }
const made = await connect({ url: `http://127.0.0.1:${port}/elements/api-v2` }, admin)
if (made.status !== 200) throw new Error(`the instance could not be made: ${made.text}`)
await instances.change(
  caller,
  made.json.id,
  {
    configuration: {
      'event.notification.enabled': 'true',
      'event.notification.signature.key': 's'.repeat(32),
      'event.poller.refresh_interval': '10080',
    },
    deep: false,
  },
  () => undefined,
)

const pollJob = (): AnyJob => {
  const job = createJobs(context).find(({ table }) => table.name === 'pollers')
  if (job === undefined) throw new Error('no job polls')
  return job
}

const quantile = (sorted: Float64Array, part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN

let lags: number[] = []
const polling = pollJob()
const pollers = createPollers(context, made.json.id)
const pollWorker = queue.worker([
  {
    ...polling,
    run: (claim, signal) => {
      const { dueAt } = claim as { dueAt: Date | null }
      lags.push(Date.now() - (dueAt?.getTime() ?? 0))
      return polling.run(claim, signal)
    },
  },
])
const deliveries = createDeliveries(context, caller, made.json.id)

const poll = async (seconds: number): Promise<Polled> => {
  await pollWorker.start()
  lags = []
  const statements = context.statementCount()
  const failedBefore = pollWorker.counts()['pollers']?.failed ?? 0
  const beganMs = performance.now()
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000))
  const took = (performance.now() - beganMs) / 1_000
  const sorted = Float64Array.from(lags).sort()
  const sent = context.statementCount() - statements
  return {
    seconds: took,
    polls: sorted.length,
    lagMs: { p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99), max: quantile(sorted, 1) },
    broken: (pollWorker.counts()['pollers']?.failed ?? 0) - failedBefore,
    failing: await pollers.failing(),
    statements: sent,
  }
}

const obey = (order: Order): Promise<unknown> => {
  switch (order.do) {
    case 'make-pollers':
      return pollers.make(order.count, order.everySeconds)
    case 'poll':
      return poll(order.seconds)
    case 'store':
      return deliveries.store(order.count, order.url)
    case 'await':
      return deliveries.delivered(order.url).then(() => ({}))
    case 'withdraw':
      return deliveries.withdraw(order.url).then(() => ({}))
  }
}

obeyParent({ port }, obey, async () => {
  await pollWorker.stop()
  await api.stop()
  await queue.presence.stop()
  await unwatch()
  await context.close()
})
