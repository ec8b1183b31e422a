import { setTimeout as sleep } from 'node:timers/promises'
import type { Books, Waiting } from './books.ts'

const everyMs = 250

interface Longest {
  readonly name: string
  readonly ms: number
}

/** What was seen of work that waits. */
export interface Watched {
  readonly looks: number
  readonly longest: Readonly<Record<Waiting['what'], Longest>>
}

/**
 * Looks four times a second at whatever is due: how long it has been, whether somebody works on it or not, the time that
 * the database was away included. @param isAway whether the database need not answer.
 */
export const startWatch = (books: Books, isAway: () => boolean) => {
  const stop = new AbortController()
  const longest = { poller: { name: '', ms: 0 }, delivery: { name: '', ms: 0 } }
  const ownersOf = new Map<string, Set<number>>()
  const firstSeen = new Map<string, number>()
  let looks = 0

  const note = ({ what, name, ms }: Waiting, nowMs: number, seen: Set<string>): void => {
    const key = `${what} ${name}`
    if (ms === null) {
      seen.add(key)
      if (!firstSeen.has(key)) firstSeen.set(key, nowMs)
    }
    const waited = ms ?? nowMs - (firstSeen.get(key) ?? nowMs)
    if (waited > longest[what].ms) longest[what] = { name, ms: Math.round(waited) }
  }

  const look = async (): Promise<void> => {
    const seen = new Set<string>()
    for (const one of await books.waiting()) note(one, performance.now(), seen)
    for (const key of firstSeen.keys()) if (!seen.has(key)) firstSeen.delete(key)
    for (const { application, owner } of await books.owners()) {
      const known = ownersOf.get(application) ?? new Set()
      ownersOf.set(application, known.add(owner))
    }
    looks += 1
  }

  const run = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      await look().catch((error: unknown) => {
        if (!isAway()) throw error
      })
      await sleep(everyMs)
    }
  }
  const running = run()
  running.catch(() => undefined)

  return {
    /** The numbers under which a process was seen to lease. */
    ownersOf: (application: string): readonly number[] => [...(ownersOf.get(application) ?? [])],
    /** @throws Error when it could not look. */
    end: async (): Promise<Watched> => {
      stop.abort()
      await running
      return { looks, longest }
    },
  }
}

export type Watch = ReturnType<typeof startWatch>
