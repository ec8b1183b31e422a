import { randomInt } from 'node:crypto'
import type { Database, Session } from '#src/store/index.ts'
import type { TableShape } from './due-table.ts'
import { freeDead } from './free-dead.ts'
import { createPause } from './pause.ts'

export interface PresenceNeeds {
  readonly db: Database
  /** Every due table, whether this process works on it or not. */
  readonly tables: readonly TableShape[]
  readonly onError: (error: unknown, doing: string) => void
}

/** How often a process looks for others that have died; with the wake-up after it, their work waits no longer. */
const lookEveryMs = 1_000
const statementTimeoutMs = 5_000
const shortestWaitMs = 100
const longestWaitMs = 1_000
/** Between two tries where advisory locks do not last. */
const withoutLocksMs = 5_000
/** As long as leases usually hold: whoever waits for a lost place longer does no better than its leases without one. */
const comesBackWithinMs = 20_000

/** As behind a pooler that shares sessions. */
class LocksDoNotLast extends Error {
  override readonly name = 'LocksDoNotLast'
}

interface Place {
  readonly owner: number
  readonly session: Session
}

/** A server on another machine must notice within seconds that this one lost its power. */
const keepAlive = `set tcp_keepalives_idle = 5; set tcp_keepalives_interval = 2; set tcp_keepalives_count = 3;`

/** Whether other sessions see that the lock is held; behind a pooler that shares sessions they would not. */
const isSeen = async (db: Database, owner: number): Promise<boolean> => {
  const [row] = await db.query<{ free: boolean }>({
    text: 'select pg_try_advisory_xact_lock_shared($1) as free',
    values: [owner],
  })
  return row?.free === false
}

/** The lock comes first: a row without one would be taken for a dead process. */
const takePlace = async (db: Database, files: string): Promise<Place> => {
  const session = await db.openSession(statementTimeoutMs)
  try {
    // Never used again by anybody: whatever is leased under it belongs to this one session.
    const owner = randomInt(2 ** 32, 2 ** 48 - 1)
    await session.query({ text: keepAlive, values: [] })
    const [row] = await session.query<{ held: boolean }>({
      text: 'select pg_try_advisory_lock($1) as held',
      values: [owner],
    })
    if (row?.held !== true || !(await isSeen(db, owner)))
      throw new LocksDoNotLast('advisory locks do not last here; leases end by their time limit alone')
    await session.query({
      text: 'insert into processes (owner, files) values ($1, $2)',
      values: [owner, files],
    })
    return { owner, session }
  } catch (error) {
    await session.end()
    throw error
  }
}

/** Processes whose lock is gone. Their number never comes back, so this stays true. */
const findDead = async ({ owner, session }: Place): Promise<readonly number[]> => {
  const rows = await session.query<{ owner: number }>({
    name: 'dead-processes',
    text: 'select owner from processes where owner <> $1 and pg_try_advisory_xact_lock_shared(owner)',
    values: [owner],
  })
  return rows.map((row) => row.owner)
}

export type Presence = ReturnType<typeof createPresence>

/**
 * Shows other processes that this one lives: a connection of its own holds an advisory lock on a random owner
 * number, and the database drops the lock with the connection, however the process ends. Each present process
 * looks for others that are gone and frees what they had leased. When the connection is lost, a new number is
 * taken; what was claimed under the old one is freed by the others, and its end refused by the token.
 */
export const createPresence = ({ db, tables, onError }: PresenceNeeds) => {
  const pause = createPause()
  let place: Place | null = null
  let files = ''
  /** By the monotonic clock; null where there is a place, or none is to be had. */
  let missingSinceMs: number | null = null
  let stopped = true
  let running: Promise<void> | undefined

  const watch = async (now: Place): Promise<void> => {
    let isLost = false
    void now.session.lost.then(() => {
      isLost = true
      pause.cut()
    })
    while (!stopped) {
      const dead = await findDead(now)
      if (dead.length > 0)
        await freeDead(db, tables, dead).catch((error) =>
          onError(error, 'freeing the work of ended processes'),
        )
      if (!stopped && !isLost) await pause.wait(lookEveryMs)
      if (isLost && !stopped) throw new Error('the connection that shows that this process lives was lost')
    }
  }

  const leave = async (now: Place): Promise<void> => {
    await now.session
      .query({ text: 'delete from processes where owner = $1', values: [now.owner] })
      .catch(() => undefined)
    await now.session.end()
  }

  /** Gives up a place that is lost, or cannot be had, and waits before the next try. */
  const lose = async (error: unknown, waitMs: number): Promise<void> => {
    const lost = place
    const withoutLocks = error instanceof LocksDoNotLast
    place = null
    missingSinceMs = withoutLocks ? null : (missingSinceMs ?? performance.now())
    await lost?.session.end()
    if (!stopped) await pause.wait(withoutLocks ? withoutLocksMs : waitMs)
  }

  const keepPlace = async (first: Place | null): Promise<void> => {
    let waitMs = shortestWaitMs
    place = first
    while (!stopped) {
      try {
        place ??= await takePlace(db, files)
        missingSinceMs = null
        waitMs = shortestWaitMs
        await watch(place)
      } catch (error) {
        if (waitMs === shortestWaitMs) onError(error, 'showing that this process lives; it is tried again')
        await lose(error, waitMs)
        waitMs = Math.min(waitMs * 2, longestWaitMs)
      }
    }
    if (place !== null) await leave(place)
    place = null
  }

  return {
    /** Under which number leases are taken now; null while there is none. */
    owner: (): number | null => place?.owner ?? null,
    /**
     * Whether there is no number now but will be soon, as while the database comes back: what is leased without one
     * stays leased for its whole time when this process is killed.
     */
    isComingBack: (): boolean =>
      missingSinceMs !== null && performance.now() - missingSinceMs < comesBackWithinMs,
    /**
     * Takes a place; where that fails it is tried for again and again, and leases end by time until then.
     * @param filesId which store of files this process uses; absent: none.
     */
    start: async (filesId = ''): Promise<void> => {
      if (running !== undefined) return
      files = filesId
      stopped = false
      const first = await takePlace(db, files).catch(() => null)
      if (first === null) missingSinceMs = performance.now()
      running = keepPlace(first)
    },
    /** How many other processes live that use another store of files. */
    strangers: async (): Promise<number> => {
      if (place === null || files === '') return 0
      const rows = await place.session.query({
        text: `select 1 from processes where owner <> $1 and files <> '' and files <> $2
          and not pg_try_advisory_xact_lock_shared(owner)`,
        values: [place.owner, files],
      })
      return rows.length
    },
    /** Gives the place up, after everything that was leased has ended. */
    stop: async (): Promise<void> => {
      stopped = true
      pause.cut()
      await running
      running = undefined
      missingSinceMs = null
    },
  }
}
