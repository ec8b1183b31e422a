import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { openSession, type Session } from './session.ts'

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

const listenOn = async ({ connect, channel, onMessage }: ListenerNeeds): Promise<Session> => {
  const client = connect()
  client.on('notification', (message) => onMessage(message.payload ?? ''))
  const session = await openSession(client)
  try {
    await session.query({ text: `listen ${client.escapeIdentifier(channel)}`, values: [] })
    return session
  } catch (error) {
    await session.end()
    throw error
  }
}

/**
 * Listens on one channel over one connection and reconnects when it breaks, first after 0.1 s, then after
 * twice as long each time, up to 5 s. Throws when the first connection fails.
 */
export const createListener = async (needs: ListenerNeeds): Promise<Listener> => {
  let session: Session | undefined = await listenOn(needs)
  const abort = new AbortController()
  const { signal } = abort

  const reconnect = async (): Promise<void> => {
    for (let waitMs = shortestWaitMs; !signal.aborted; waitMs = Math.min(waitMs * 2, longestWaitMs)) {
      await sleep(waitMs, undefined, { signal }).catch(() => undefined)
      if (signal.aborted) return
      session = await listenOn(needs).catch(() => undefined)
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
