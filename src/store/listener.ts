import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'

export interface Listener {
  readonly close: () => Promise<void>
}

export interface ListenerNeeds {
  /** A new, unconnected client. */
  readonly connect: () => Client
  readonly channel: string
  readonly onMessage: (payload: string) => void
  readonly onReconnect: () => void
}

const shortestWaitMs = 100
const longestWaitMs = 5000

interface Session {
  readonly lost: Promise<void>
  readonly end: () => Promise<void>
}

const openSession = async ({ connect, channel, onMessage }: ListenerNeeds): Promise<Session> => {
  const client = connect()
  const lost = new Promise<void>((resolve) => {
    client.on('error', () => resolve())
    client.on('end', () => resolve())
  })
  client.on('notification', (message) => onMessage(message.payload ?? ''))
  const end = (): Promise<void> => client.end().catch(() => undefined)
  try {
    await client.connect()
    await client.query(`listen ${client.escapeIdentifier(channel)}`)
  } catch (error) {
    await end()
    throw error
  }
  return { lost, end }
}

/**
 * Listens on one channel over one connection and reconnects when it breaks, first after 0.1 s, then after
 * twice as long each time, up to 5 s. Throws when the first connection fails.
 */
export const createListener = async (needs: ListenerNeeds): Promise<Listener> => {
  let session: Session | undefined = await openSession(needs)
  const abort = new AbortController()
  const { signal } = abort

  const reconnect = async (): Promise<void> => {
    for (let waitMs = shortestWaitMs; !signal.aborted; waitMs = Math.min(waitMs * 2, longestWaitMs)) {
      await sleep(waitMs, undefined, { signal }).catch(() => undefined)
      if (signal.aborted) return
      session = await openSession(needs).catch(() => undefined)
      if (session !== undefined) return needs.onReconnect()
    }
  }
  const keepUp = async (): Promise<void> => {
    while (!signal.aborted) {
      await session?.lost
      if (!signal.aborted) await reconnect()
    }
    await session?.end()
  }
  const running = keepUp()
  return {
    close: async () => {
      abort.abort()
      await session?.end()
      await running
    },
  }
}
