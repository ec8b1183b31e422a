import type { Client } from 'pg'
import { createQueryable, type Queryable } from './queryable.ts'

/** A connection of its own, for what belongs to a session: advisory locks, LISTEN. Its statements are not counted. */
export interface Session extends Queryable {
  /** Resolves when the connection is gone, for whatever reason, `end` among them. */
  readonly lost: Promise<void>
  /** Closes it; what still runs on it fails. */
  readonly end: () => Promise<void>
}

/** Connects a client that nobody else uses. Throws pg's error. */
export const openSession = async (client: Client): Promise<Session> => {
  const lost = new Promise<void>((resolve) => {
    client.on('error', () => resolve())
    client.on('end', () => resolve())
  })
  const end = (): Promise<void> => client.end().catch(() => undefined)
  try {
    await client.connect()
  } catch (error) {
    await end()
    throw error
  }
  return { ...createQueryable(client, () => undefined), lost, end }
}
