import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { errorCode, StartError } from '#src/lib/start-error.ts'
import { superuser } from './cluster.ts'
import { type Home, socketPort } from './home.ts'

export const databaseName = 'amalgam'

/** Any fixed number; advisory locks of the database `postgres` serve nothing else. */
const leaseKey = 7_264_001

/** How long a closed session may take to leave the server. */
const closingMs = 1_000

/**
 * A session that a process keeps open for as long as it uses the server. It holds a shared lock, so the
 * process that wants to stop the server can tell, without a race, whether it is the last one.
 */
export interface Lease {
  /** Resolves when the session is gone, asked or not. */
  readonly lost: Promise<void>
  /** True when nobody else uses the server; nobody new gets in until `end`. */
  readonly isLast: () => Promise<boolean>
  readonly end: () => Promise<void>
}

export type Answer =
  | { readonly kind: 'up'; readonly lease: Lease }
  /** A server is there but not open yet, or about to stop. */
  | { readonly kind: 'busy' }
  | { readonly kind: 'absent' }

const ensureDatabase = async (client: Client): Promise<void> => {
  const found = await client.query('select 1 from pg_database where datname = $1', [databaseName])
  if (found.rowCount !== 0) return
  await client.query(`create database ${databaseName}`).catch((error: unknown) => {
    // Another process made it in between: duplicate_database, or unique_violation in its catalogue.
    const code = errorCode(error)
    if (code !== '42P04' && code !== '23505') throw error
  })
}

/**
 * Whether no other session is left. A session that was closed shows for a moment longer, and one that stays
 * is told apart by its staying.
 */
const isAlone = async (client: Client): Promise<boolean> => {
  for (const deadline = Date.now() + closingMs; ; await sleep(20)) {
    const { rows } = await client.query(
      `select 1 from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid() limit 1`,
    )
    if (rows.length === 0) return true
    if (Date.now() > deadline) return false
  }
}

const toLease = (client: Client, lost: Promise<void>): Lease => ({
  lost,
  isLast: async () => {
    await client.query('select pg_advisory_unlock_shared($1)', [leaseKey])
    const { rows } = await client.query<{ last: boolean }>('select pg_try_advisory_lock($1) as last', [
      leaseKey,
    ])
    return rows[0]?.last === true && (await isAlone(client))
  },
  end: () => client.end().catch(() => undefined),
})

const explain = (error: unknown, home: Home): Answer => {
  const code = errorCode(error)
  if (code === 'ENOENT' || code === 'ECONNREFUSED') return { kind: 'absent' }
  if (code === '28P01')
    throw new StartError(
      `The database does not accept the password in ${home.passwordFile}: bring back the file that belongs to it`,
      { cause: error },
    )
  if (code === 'EACCES' || code === 'EPERM')
    throw new StartError(
      `${home.socketFolder} cannot be entered: start Amalgam as the user that first started it, or set another DATA_DIR`,
      { cause: error },
    )
  if (code === '53100')
    throw new StartError(`The disk that holds ${home.folder} is full: free some space`, { cause: error })
  // 57P03 starting up or shutting down, 53300 too many clients, 57P01 stopped while we waited, a cut connection.
  return { kind: 'busy' }
}

/**
 * Tries once to reach the server of this home. On success the caller holds a lease and the database exists.
 * @throws StartError when the server is there and refuses us for good.
 */
export const takeLease = async (home: Home, password: string): Promise<Answer> => {
  const client = new Client({
    host: home.socketFolder,
    port: socketPort,
    user: superuser,
    password,
    database: 'postgres',
    application_name: 'amalgam lease',
    connectionTimeoutMillis: 5000,
  })
  const lost = new Promise<void>((resolve) => {
    client.on('error', () => resolve())
    client.on('end', () => resolve())
  })
  try {
    await client.connect()
    await client.query('select pg_advisory_lock_shared($1)', [leaseKey])
    await ensureDatabase(client)
    return { kind: 'up', lease: toLease(client, lost) }
  } catch (error) {
    await client.end().catch(() => undefined)
    return explain(error, home)
  }
}
