import type { StopSignal } from '#src/lib/stop-signal.ts'
import { type ChoreKey, choreTable, type Job, type Queue } from '#src/queue/index.ts'
import type {
  Accounts,
  Bulk,
  Connects,
  Events,
  Notifications,
  Objects,
  RequestLog,
} from '#src/services/index.ts'

export interface ChoresNeed {
  readonly accounts: Pick<Accounts, 'pruneLogins'>
  readonly bulk: Pick<Bulk, 'prune'>
  readonly connects: Pick<Connects, 'prune'>
  readonly events: Pick<Events, 'tellNotices'>
  readonly notifications: Pick<Notifications, 'prune'>
  readonly objects: Pick<Objects, 'pruneBudgets'>
  readonly requestLog: Pick<RequestLog, 'prune'>
}

interface Chore {
  readonly everySeconds: number
  readonly run: (need: ChoresNeed, signal: StopSignal) => Promise<void>
}

const requestLogDays = 7
const systemOrganizationId = 1
const hourSeconds = 3_600
const noticeSeconds = 30
/** A chore that only a newer version knows is left to it. */
const unknownAgainSeconds = 60

const pruneRequestLog = async ({ requestLog }: ChoresNeed, signal: StopSignal): Promise<void> => {
  let removed = 1
  while (removed > 0) {
    signal.throwIfAborted()
    removed = await requestLog.prune(requestLogDays)
  }
}

const tellNotices = async ({ events }: ChoresNeed, signal: StopSignal): Promise<void> => {
  while ((await events.tellNotices()) > 0) signal.throwIfAborted()
}

const chores: Readonly<Record<string, Chore>> = {
  'prune-request-log': { everySeconds: hourSeconds, run: pruneRequestLog },
  'tell-grant-notices': { everySeconds: noticeSeconds, run: tellNotices },
  'prune-bulk': { everySeconds: hourSeconds, run: ({ bulk }) => bulk.prune() },
  'prune-connects': { everySeconds: hourSeconds, run: ({ connects }) => connects.prune() },
  'prune-vendor-budgets': { everySeconds: hourSeconds, run: ({ objects }) => objects.pruneBudgets() },
  'prune-events': {
    everySeconds: hourSeconds,
    run: ({ notifications }, signal) => notifications.prune(signal),
  },
  'prune-logins': { everySeconds: hourSeconds, run: ({ accounts }) => accounts.pruneLogins() },
}

/** Puts the chores among the rows that are due, where they are not yet. */
export const ensureChores = (queue: Pick<Queue, 'ensure'>): Promise<void> =>
  queue.ensure(
    choreTable,
    Object.keys(chores).map((name) => ({ organizationId: systemOrganizationId, name })),
  )

/**
 * Removes what is past its time: request log rows after 7 days, events and e-mails after their days, ended sessions,
 * old login failures, connections whose consent is long over. Of all processes one does it, once an hour.
 */
export const runChores = (need: ChoresNeed): Job<ChoreKey> => ({
  table: choreTable,
  parallel: 1,
  batch: 1,
  timeoutSeconds: hourSeconds,
  run: async ({ row }, signal) => {
    const chore = Object.hasOwn(chores, row.name) ? chores[row.name] : undefined
    if (chore === undefined) return { afterSeconds: unknownAgainSeconds }
    await chore.run(need, signal)
    return { afterSeconds: chore.everySeconds }
  },
})
