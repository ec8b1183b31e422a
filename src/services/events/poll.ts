import type { Resource } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { StopSignal } from '#src/lib/stop-signal.ts'
import type { Claim, Outcome, PollerDue } from '#src/queue/index.ts'
import type { OpenInstance } from '../instances/index.ts'
import { vendorOf } from '../objects/index.ts'
import type { PollerEntry } from '../pollers/index.ts'
import { secondsAfterFailure } from './after-failure.ts'
import { type Change, diff } from './diff.ts'
import { pollDrafts } from './drafts.ts'
import type { EventsNeed } from './need.ts'
import { isOfOther, originOf, polledResource } from './polled-resource.ts'
import { pollCall, type Reading, readRows } from './read-rows.ts'
import { forgetBefore, printSeen, readSeen, type Seen } from './seen.ts'
import { createSlowHosts, hostOf } from './slow-hosts.ts'
import { floorOf, leastSkew, reachesBack, readFrom, type Standing } from './window.ts'

const ms = (date: Date | null): number | null => date?.getTime() ?? null

/** Where a poller stands. Of another resource than before it begins with what changed since the last poll. */
const standingOf = (row: PollerDue, isOther: boolean): Standing => {
  const polledAt = ms(row.polledAt)
  const startedAt = row.startedAt.getTime()
  return {
    startedAt: isOther ? (polledAt ?? startedAt) : startedAt,
    polledAt,
    skewMs: row.skewMs,
    newestAt: isOther ? null : ms(row.newestAt),
  }
}

/** The next time in the poller's own rhythm, by the database's clock, so that pollers stay spread. */
const nextTime = ({ dueAt, lateMs, row }: Claim<PollerDue>, elapsedMs: number): Date => {
  const everyMs = row.intervalSeconds * 1_000
  const due = dueAt?.getTime() ?? Date.now()
  const passed = Math.max(0, Math.floor((lateMs + elapsedMs) / everyMs))
  return new Date(due + (passed + 1) * everyMs)
}

interface Polled {
  readonly reading: Reading
  /** From when on was read, by the vendor's clock. */
  readonly from: number
}

/** Everything that one poll works on. */
interface Poll {
  readonly need: EventsNeed
  readonly claim: Claim<PollerDue>
  readonly instance: OpenInstance
  readonly resource: Resource
  readonly entry: PollerEntry
  readonly signal: StopSignal
  readonly beganAt: number
  /** What the poller remembers of the resource; null: nothing. */
  readonly before: Seen | null
  /** The vendor's host answered. */
  readonly onReply: () => void
  /** Whether what the poller remembers is of another resource of the vendor, or of another generation of its APIs. */
  readonly isOther: boolean
}

/** Reads; once more from earlier where the vendor's clock turns out to have gone back since the last poll. */
const read = async (poll: Poll): Promise<Polled> => {
  const { need, claim, entry, isOther } = poll
  const standing = standingOf(claim.row, isOther)
  const delayMs = entry.delaySeconds * 1_000
  const from = readFrom(standing, claim.row.skewMs, delayMs)
  const reading = await readRows(need.objects, { ...poll, from: new Date(from) })
  const needed = readFrom(standing, reading.skewMs, delayMs)
  if (reachesBack(from, needed)) return { reading, from }
  const again = await readRows(need.objects, { ...poll, from: new Date(needed) })
  return { reading: { ...again, skewMs: leastSkew(reading.skewMs, again.skewMs) }, from: needed }
}

const newestOf = (seen: Seen): number | null =>
  [...seen.values()].reduce<number | null>(
    (newest, { at }) => (at === null ? newest : Math.max(newest ?? at, at)),
    null,
  )

/** Of another resource than before what was its newest must not stay. */
const newestIn = ({ isOther, beganAt }: Poll, seen: Seen, { skewMs }: Reading): number | null =>
  newestOf(seen) ?? (isOther ? beganAt + (skewMs ?? 0) : null)

const sameSeen = (one: Seen | null, two: Seen): boolean =>
  one !== null &&
  one.size === two.size &&
  [...two].every(([id, { at, hash, isMissing }]) => {
    const other = one.get(id)
    return other !== undefined && other.at === at && other.hash === hash && other.isMissing === isMissing
  })

/** Changes as events show them: rows in the names of a common resource, where it is one. */
const shownChanges = async (
  { need, instance, resource, signal }: Poll,
  changes: readonly Change[],
): Promise<readonly Change[]> => {
  if (vendorOf(resource) === resource) return changes
  const there = changes.filter(({ type }) => type !== 'DELETED')
  const rows = await need.objects.shown(
    pollCall(instance, signal),
    resource,
    there.map(({ row }) => row),
  )
  const shown = new Map(there.map((change, at) => [change, rows[at]]))
  // A row that the script leaves out is told of no more than it is listed.
  return changes.flatMap((change) => {
    const row = shown.has(change) ? shown.get(change) : change.row
    return row === null || row === undefined ? [] : [{ ...change, row }]
  })
}

/** Compares, and stores what was found together with where the poller stands now. */
const settle = async (poll: Poll, { reading, from }: Polled): Promise<Outcome> => {
  const { need, claim, instance, resource, entry, beganAt, before, isOther } = poll
  const { row } = claim
  const floor = floorOf(standingOf(row, isOther), reading.skewMs, isOther ? null : ms(row.floorAt))
  const dated = (entry.byUpdated ? entry.updated : entry.created) !== undefined
  const found = diff(before, reading.rows, {
    dated,
    floor,
    // Where deletes are told, nothing is forgotten: what is not known there was never told.
    from: entry.deletes ? floor : from,
    toleranceMs: entry.toleranceSeconds * 1_000,
    createdOnly: !entry.byUpdated,
    deletes: entry.deletes,
  })
  const seen = dated && !entry.deletes ? forgetBefore(found.seen, from) : found.seen
  const newestAt = newestIn(poll, dated ? seen : new Map(), reading)
  const seenOf = originOf(instance, resource)
  const set = {
    polledAt: new Date(beganAt),
    ...(reading.skewMs === null ? {} : { skewMs: reading.skewMs }),
    ...(floor === ms(row.floorAt) ? {} : { floorAt: new Date(floor) }),
    ...(newestAt === null || newestAt === ms(row.newestAt) ? {} : { newestAt: new Date(newestAt) }),
    ...(sameSeen(before, seen) ? {} : { seen: printSeen(seen) }),
    ...(seenOf === row.seenOf ? {} : { seenOf }),
    ...(row.failures === 0 ? {} : { failures: 0 }),
  }
  const due = nextTime(claim, Date.now() - beganAt)
  if (found.changes.length === 0) return { due, set }
  const drafts = pollDrafts(instance, row.objectType, beganAt, await shownChanges(poll, found.changes))
  await need.store.transaction(async (inside) => {
    await need.queue.finish(inside.tx, claim, due, {
      ...set,
      found: row.found + found.changes.length,
      lastFoundAt: new Date(beganAt),
    })
    await need.notifications.tell(inside, drafts)
  })
  return 'finished'
}

/** A poll that failed changes nothing but when it is tried again, and what is told of it. */
const failed = ({ row }: Claim<PollerDue>, error: AppError): Outcome => {
  const failures = row.failures + 1
  return {
    due: { afterSeconds: secondsAfterFailure(error, failures, row.intervalSeconds) },
    set: { failures, failure: error.message.slice(0, 1_000), failedAt: new Date() },
  }
}

/** What a claimed poller asks and remembers, by what its name stands for now. @throws AppError as `polledResource`. */
const openPoll = (
  instance: OpenInstance,
  row: PollerDue,
): Pick<Poll, 'instance' | 'resource' | 'entry' | 'isOther' | 'before'> => {
  const stored = row.entry as PollerEntry
  const { resource, entry } = polledResource(instance, row.objectType, stored)
  const isOther = isOfOther(instance, resource, row.seenOf ?? stored.resource)
  return { instance, resource, entry, isOther, before: isOther ? null : readSeen(row.seen) }
}

/**
 * Looks once for the changes of one resource of one instance. Notifications, their deliveries and where the poller
 * stands are stored in one transaction; cut off before it, the next poll finds the same. Where the vendor is slow with
 * many polls already it is put back by seconds.
 */
export const createPoll = (need: EventsNeed) => {
  const hosts = createSlowHosts()
  return async (claim: Claim<PollerDue>, signal: StopSignal): Promise<Outcome> => {
    const { row } = claim
    const beganAt = Date.now()
    const instance = await need.instances.openById(row.organizationId, row.instanceId)
    if (instance === null) return null
    if (instance.disabled) return nextTime(claim, 0)
    const pass = hosts.begin(hostOf(instance.site.apiUrl))
    if ('afterSeconds' in pass) return pass
    try {
      const poll = { need, claim, signal, beganAt, onReply: pass.heard, ...openPoll(instance, row) }
      return await settle(poll, await read(poll))
    } catch (error) {
      if (error instanceof AppError && error.code !== 'stopping') return failed(claim, error)
      throw error
    } finally {
      pass.end()
    }
  }
}
