import { createClockCache } from '#src/lib/clock-cache.ts'

/** A vendor that has kept a poll waiting for so long is slow with it. */
const slowMs = 5_000
/** So many polls of one host may be kept waiting at once by this process. */
const mostSlow = 64
/** As many polls as one process runs at once: a host with so much room is not limited. */
const wholeRoom = 256
/** Polls that find no room come back spread over so long at first, and over more the more of them there are. */
const leastSpreadSeconds = 3
const longestSpreadSeconds = 60
const putOffASecond = 100
const leastWaitSeconds = 2
const mostHosts = 10_000

/** The right to ask a host. */
export interface Pass {
  /** It answered. */
  readonly heard: () => void
  readonly end: () => void
}

interface Host {
  /** Since when each poll that runs has been waiting for an answer. */
  readonly running: Set<{ sinceMs: number }>
  /** So many may run at once. */
  room: number
  /** How many found no room since it last answered quickly. */
  putOff: number
}

/** Where a URL leads, as far as polls of it wait for the same. */
export const hostOf = (url: string): string => /^\w+:\/\/[^/?#]+/.exec(url)?.[0] ?? url

/**
 * Keeps a vendor that answers slowly, or not at all, from holding every place for polls of this process. A quick one is
 * never limited. Once many wait, no more than that many run; each quick answer then makes room for one more.
 * @param now milliseconds of a steady clock.
 */
export const createSlowHosts = (now: () => number = () => performance.now()) => {
  const hosts = createClockCache<string, Host>({ capacity: mostHosts, now })

  const hostNamed = (name: string): Host => {
    const known = hosts.get(name)
    if (known !== undefined) return known
    const made: Host = { running: new Set(), room: wholeRoom, putOff: 0 }
    hosts.set(name, made)
    return made
  }

  const slowNow = ({ running }: Host): number => {
    const before = now() - slowMs
    let slow = 0
    for (const { sinceMs } of running) if (sinceMs < before) slow += 1
    return slow
  }

  const hasRoom = (host: Host): boolean => {
    if (host.running.size < mostSlow) return true
    if (slowNow(host) >= mostSlow) host.room = mostSlow
    return host.room === wholeRoom || host.running.size < host.room
  }

  return {
    /** Asks to poll at a host; without room for it, after how many seconds to ask again. */
    begin: (name: string): Pass | { readonly afterSeconds: number } => {
      const host = hostNamed(name)
      if (!hasRoom(host)) {
        host.putOff += 1
        const spread = Math.min(longestSpreadSeconds, leastSpreadSeconds + host.putOff / putOffASecond)
        return { afterSeconds: leastWaitSeconds + Math.random() * spread }
      }
      const poll = { sinceMs: now() }
      host.running.add(poll)
      return {
        heard: () => {
          const nowMs = now()
          if (nowMs - poll.sinceMs < slowMs) {
            host.room = Math.min(wholeRoom, host.room + 1)
            host.putOff = 0
          }
          poll.sinceMs = nowMs
        },
        end: () => {
          host.running.delete(poll)
        },
      }
    },
  }
}
