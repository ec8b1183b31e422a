import type { Socket } from 'node:net'
import { Pool } from 'undici'
import { AppError } from '#src/lib/errors.ts'
import { type AllowList, hostKey } from './allow-list.ts'
import type { OutboundRequest } from './call.ts'
import { createConnector } from './connector.ts'
import type { Place } from './place.ts'
import type { Resolve } from './resolve.ts'

/** The connections to one origin for one purpose. */
export interface Lane {
  readonly pool: Pool
  active: number
  usedAtMs: number
}

export interface PoolsOptions {
  readonly list: AllowList
  /** Reachable by vendor and token calls whatever their address. As `URL.origin` writes them. */
  readonly vendorOrigins: ReadonlySet<string>
  /** The same for calls of purpose `files`. */
  readonly fileOrigins: ReadonlySet<string>
  readonly parallelPerOrigin: number
  readonly maxOrigins: number
  /** A lane that was unused for so long is closed. */
  readonly idleMs: number
  readonly resolve: Resolve
  readonly now: () => number
}

/** An origin, as `URL` writes it. */
type Where = Pick<Place, 'origin' | 'hostname' | 'protocol' | 'pathname'>

const nothing: ReadonlySet<string> = new Set()
const maxHeaderBytes = 32 * 1024
const keepAliveMs = 15_000
const longestKeepAliveMs = 120_000
/**
 * Callbacks to one host may lead to programs of several customers, of which one may hang with as many calls as there are
 * connections. One pool with more of them would cost each call the search for a free one.
 */
const callbackPools = 8

/** Which of the pools for callbacks of one origin: by its path, so that calls of one path share theirs. */
const poolAt = ({ pathname }: Where): number => {
  let sum = 0
  for (let at = 0; at < pathname.length; at += 1) sum = (sum * 31 + pathname.charCodeAt(at)) % 65_521
  return sum % callbackPools
}

/**
 * Keeps one bounded pool of kept-alive connections an origin, and several for callbacks. Their number is bounded, since
 * customers name the hosts of callbacks: at the bound the lane unused for longest gives way.
 */
export const createPools = (options: PoolsOptions) => {
  const lanes = new Map<string, Lane>()
  const sockets = new Set<Socket>()
  const closing = new Set<Promise<void>>()

  const drop = (key: string, lane: Lane): void => {
    lanes.delete(key)
    const closed: Promise<void> = lane.pool
      .close()
      .catch(() => undefined)
      .finally(() => closing.delete(closed))
    closing.add(closed)
  }

  const makeRoom = (): void => {
    if (lanes.size < options.maxOrigins) return
    let oldest: [string, Lane] | undefined
    for (const one of lanes)
      if (one[1].active === 0 && (oldest === undefined || one[1].usedAtMs < oldest[1].usedAtMs)) oldest = one
    if (oldest === undefined) {
      throw new AppError(
        'too-many-requests',
        'Too many different hosts are being called at this moment. Try again.',
        {
          hop: 'amalgam',
          retryable: true,
          retryAfterSeconds: 1,
        },
      )
    }
    drop(...oldest)
  }

  const trustedBy = (purpose: OutboundRequest['purpose']): ReadonlySet<string> => {
    if (purpose === 'callback') return nothing
    return purpose === 'files' ? options.fileOrigins : options.vendorOrigins
  }

  const open = (url: Where, purpose: OutboundRequest['purpose']): Lane => {
    const target = {
      host: hostKey(url.hostname),
      secure: url.protocol === 'https:',
      trusted: trustedBy(purpose).has(url.origin),
    }
    const pool = new Pool(url.origin, {
      connect: createConnector(options.list, target, options.resolve, sockets),
      connections: options.parallelPerOrigin,
      pipelining: 1,
      maxHeaderSize: maxHeaderBytes,
      keepAliveTimeout: keepAliveMs,
      keepAliveMaxTimeout: longestKeepAliveMs,
      // The call's own time limit stands over both.
      headersTimeout: 0,
      bodyTimeout: 0,
    })
    return { pool, active: 0, usedAtMs: options.now() }
  }

  /** Closes lanes that nobody used of late. */
  const sweep = (): void => {
    const since = options.now() - options.idleMs
    for (const [key, lane] of lanes) if (lane.active === 0 && lane.usedAtMs <= since) drop(key, lane)
  }

  const timer = setInterval(sweep, options.idleMs)
  timer.unref()

  return {
    sweep,
    /** How many lanes are open. */
    size: (): number => lanes.size,
    /**
     * The lane of a URL; give it back with `release`.
     * @throws AppError `too-many-requests` when each of too many origins is in use.
     */
    take: (url: Where, purpose: OutboundRequest['purpose']): Lane => {
      const key = purpose === 'callback' ? `${poolAt(url)} ${url.origin}` : `${purpose} ${url.origin}`
      let lane = lanes.get(key)
      if (lane === undefined) {
        makeRoom()
        lane = open(url, purpose)
        lanes.set(key, lane)
      }
      lane.active += 1
      return lane
    },
    release: (lane: Lane): void => {
      lane.active -= 1
      lane.usedAtMs = options.now()
    },
    /** Ends every connection, also those still being opened. */
    close: async (): Promise<void> => {
      clearInterval(timer)
      const ended = [...lanes.values()].map((lane) => lane.pool.destroy())
      lanes.clear()
      for (const socket of sockets) socket.destroy()
      await Promise.all([...ended, ...closing])
    },
  }
}

export type Pools = ReturnType<typeof createPools>
