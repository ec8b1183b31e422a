import { setTimeout as sleep } from 'node:timers/promises'
import { createBag, type Slot } from '#src/lib/bag.ts'
import { createStop } from '#src/lib/stop-signal.ts'
import { createTimeLimits, type TimeLimits } from '#src/lib/time-limits.ts'
import type { Database } from '#src/store/index.ts'
import type { Claim } from './claim.ts'
import { createEndings } from './endings.ts'
import { type AnyJob, defaultBackoffSeconds, type Outcome } from './job.ts'
import { createRenewing, type Kept } from './renewing.ts'
import { LeaseLost, type Settlement, type SettlementOf, settleAll, type WrittenEnds } from './settle.ts'

export interface HandlingNeeds {
  readonly db: Database
  readonly job: AnyJob
  /** Under which number leases are taken now. */
  readonly owner: () => number | null
  /** Called when rows held ready have become few. */
  readonly onRoom: () => void
  readonly onError: (error: unknown, doing: string) => void
}

/** What has become of claims since the worker was made, in rows. */
export interface HandlingCounts {
  readonly claimed: number
  readonly failed: number
  /** Leases that others had taken over, those dropped unstarted for their age among them. */
  readonly lost: number
}

interface Held extends Kept {
  readonly claim: Claim<object>
  readonly owner: number | null
  readonly stop: ReturnType<typeof createStop>
}

const defaultTimeoutSeconds = 300
const afterAbortMs = 1_000
/**
 * So many batches may wait for their ends to be written before no more is claimed; of what is busy more, since those who
 * wait for nobody would be held up.
 */
const mostUnwritten = 4
const mostBusy = 16

/** Why a job is broken off when its worker stops: no failure of its row. */
class WorkerStops extends Error {
  override readonly name = 'WorkerStops'
}

/**
 * Runs the job, and tells once what came of it. When its time is over that is an error, and the job goes on unheard: its
 * end is fenced. By callbacks: a promise more for each row costs as much as all else here.
 */
const runLimited = (
  job: AnyJob,
  limits: TimeLimits,
  { claim, stop }: Held,
  onEnd: (outcome: Outcome) => void,
  onFailure: (error: unknown) => void,
): void => {
  let ended = false
  const seconds = job.timeoutSeconds ?? defaultTimeoutSeconds
  const limit = limits.watch(seconds * 1_000, {
    over: () => {
      const error = new Error(`not done after ${seconds} s`)
      stop.stop(error)
      failOnce(error)
    },
  })
  const endOnce = (): boolean => {
    if (ended) return false
    ended = true
    limits.end(limit)
    return true
  }
  const failOnce = (error: unknown): void => {
    if (endOnce()) onFailure(error)
  }
  let run: ReturnType<AnyJob['run']>
  try {
    run = job.run(claim as Claim<never>, stop.signal)
  } catch (error) {
    // Later, as what is rejected: whoever began it may be about to begin the next.
    queueMicrotask(() => failOnce(error))
    return
  }
  run.then((outcome) => {
    if (endOnce()) onEnd(outcome)
  }, failOnce)
}

export type Handling = ReturnType<typeof createHandling>

/** Holds claims of one table, runs the job on so many at once, renews their leases and writes their ends. */
export const createHandling = ({ db, job, owner, onRoom, onError }: HandlingNeeds) => {
  const { table, writeEnds } = job
  const limits = createTimeLimits()
  const leaseMs = table.leaseSeconds * 1_000
  let claimed = 0
  let failed = 0
  let lost = 0
  let ready: Held[] = []
  const running = createBag<Held>()
  let onEmpty: (() => void)[] = []

  const settle = async (ends: readonly SettlementOf<object>[]): Promise<WrittenEnds> =>
    writeEnds === undefined
      ? { ended: await settleAll(db, table, ends) }
      : writeEnds(ends as readonly SettlementOf<never>[])

  const endings = createEndings({
    settle,
    enough: job.batch,
    onWritten: (count) => {
      lost += count
      if (room() > 0) onRoom()
    },
    onError: (error) => onError(error, `ending leases on ${table.name}`),
  })

  const end = ({ claim }: Held, how: Omit<Settlement, 'lease'>): void => endings.add({ lease: claim, ...how })

  const fail = (one: Held, error: unknown): void => {
    const reason: unknown = one.stop.signal.reason
    if (error instanceof LeaseLost || reason instanceof LeaseLost) {
      lost += 1
      return
    }
    if (reason instanceof WorkerStops) {
      end(one, { due: undefined, attempts: 'undo' })
      return
    }
    failed += 1
    const { attempts, key } = one.claim
    onError(error, `${table.name} ${key.join(', ')}, attempt ${attempts}`)
    const afterSeconds = (job.backoffSeconds ?? defaultBackoffSeconds)(attempts)
    end(one, { due: { afterSeconds }, attempts: 'keep' })
  }

  const succeed = (one: Held, outcome: Outcome): void => {
    if (outcome === 'finished') return
    if (outcome !== null && 'set' in outcome)
      end(one, { due: outcome.due, set: outcome.set, attempts: 'reset' })
    else end(one, { due: outcome, attempts: 'reset' })
  }

  /** Whether others may have it by now: this process was paused, or lost its place among the living. */
  const isStale = (one: Held): boolean =>
    performance.now() - one.sinceMs > leaseMs || (one.owner !== null && one.owner !== owner())

  const leave = (slot: Slot<Held>): void => {
    running.remove(slot)
    startReady()
    if (running.size > 0) return
    for (const tell of onEmpty) tell()
    onEmpty = []
  }

  const begin = (one: Held): void => {
    const slot = running.add(one)
    runLimited(
      job,
      limits,
      one,
      (outcome) => {
        succeed(one, outcome)
        leave(slot)
      },
      (error) => {
        fail(one, error)
        leave(slot)
      },
    )
  }

  const room = (): number => {
    const unwritten = endings.counts()
    if (unwritten.waiting > mostUnwritten * job.batch || unwritten.busy > mostBusy * job.batch) return 0
    const kept = ready.length + (job.waiting?.() ?? 0)
    return kept * 2 <= job.batch ? job.batch - kept : 0
  }

  const startReady = (): void => {
    while (running.size < job.parallel) {
      const one = ready.shift()
      if (one === undefined) break
      if (isStale(one)) {
        end(one, { due: undefined, attempts: 'undo' })
        continue
      }
      begin(one)
    }
    if (room() > 0) onRoom()
  }

  const held = (): readonly Held[] => running.slots().map(({ item }) => item)

  const drop = (one: Held): void => {
    one.stop.stop(new LeaseLost(one.claim))
    if (!ready.includes(one)) return
    ready = ready.filter((other) => other !== one)
    lost += 1
  }

  const renewing = createRenewing<Held>({
    db,
    table,
    kept: () => [...ready, ...held()],
    unwritten: endings.unwritten,
    onLost: drop,
    onError: (error) => onError(error, `renewing leases on ${table.name}`),
  })

  /** Resolves when nothing runs any more. */
  const settled = (): Promise<void> =>
    new Promise((resolve) => {
      if (running.size === 0) resolve()
      else onEmpty.push(resolve)
    })

  return {
    counts: (): HandlingCounts => ({ claimed, failed, lost }),
    /** How many more may be claimed; 0 while enough are held ready. */
    room,
    /** Takes over what was claimed, under this number, since this moment of the monotonic clock. */
    take: (claims: readonly Claim<object>[], underOwner: number | null, sinceMs: number): void => {
      if (claims.length === 0) return
      claimed += claims.length
      renewing.start()
      for (const claim of claims) ready.push({ claim, owner: underOwner, stop: createStop(), sinceMs })
      startReady()
    },
    /** Resolves when nothing is held and all ends are written. */
    idle: async (): Promise<void> => {
      await settled()
      await endings.flush()
    },
    /** Gives back what was not started, waits so long for what was, then aborts it and gives it back too. */
    stop: async (graceMs: number): Promise<void> => {
      for (const one of ready) end(one, { due: undefined, attempts: 'undo' })
      ready = []
      const grace = new AbortController()
      const wait = (ms: number) => sleep(ms, undefined, { signal: grace.signal }).catch(() => undefined)
      await Promise.race([settled(), wait(graceMs)])
      for (const one of held()) one.stop.stop(new WorkerStops())
      if (running.size > 0) await Promise.race([settled(), wait(afterAbortMs)])
      grace.abort()
      for (const one of held()) end(one, { due: undefined, attempts: 'keep' })
      await endings.close()
      renewing.stop()
    },
  }
}
