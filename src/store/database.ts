import { Client, type ClientConfig, Pool, type QueryResult, types } from 'pg'
import { errorCode, StartError } from '#src/lib/start-error.ts'
import type { EmbeddedServer } from './embedded/index.ts'
import { createListener, type Listener } from './listener.ts'
import { createQueryable, type Queryable } from './queryable.ts'
import { openSession, type Session } from './session.ts'

export type { Queryable, Statement } from './queryable.ts'

/** A pool of connections to one PostgreSQL database. */
export interface Database extends Queryable {
  /** Runs on one connection between BEGIN and COMMIT; anything thrown rolls back and is thrown on. */
  readonly transaction: <T>(run: (tx: Queryable) => Promise<T>, options?: TransactionOptions) => Promise<T>
  /** How many statements were sent since opening, BEGIN and COMMIT included, listening excluded. */
  readonly statementCount: () => number
  /**
   * Calls `onMessage` for each NOTIFY on the channel, over a connection of its own that reconnects for ever.
   * `onReconnect` is called after each reconnection: what was sent meanwhile is lost, so caches are swept.
   * Neither callback may throw. Resolves, once listening, to the function that ends it.
   */
  readonly listen: (
    channel: string,
    onMessage: (payload: string) => void,
    onReconnect: () => void,
  ) => Promise<() => Promise<void>>
  /**
   * Opens a connection beside the pool, which the caller ends. A statement that takes longer than
   * `statementTimeoutMs` fails, so that a connection that went silent is noticed.
   */
  readonly openSession: (statementTimeoutMs: number) => Promise<Session>
  /** Sends `payload` (at most 7999 bytes) to everyone who listens on the channel. */
  readonly notify: (channel: string, payload: string) => Promise<void>
  /** As the server tells it: `18.4`, `15.18 (Debian 15.18-0+deb12u1)`. */
  readonly serverVersion: string
  /** Ends listeners, waits for running statements, closes the connections. May be called twice. */
  close(): Promise<void>
}

export interface TransactionOptions {
  /**
   * That `run` does nothing beside its transaction: it is run again where PostgreSQL ended it in favour of another, up
   * to two times.
   */
  readonly repeats?: true
  /** So long each of its statements waits for each lock. @throws LockTimeout */
  readonly lockTimeoutMs?: number
}

/** Somebody else held a lock for longer than a transaction waits for one: it was rolled back. */
export class LockTimeout extends Error {
  override readonly name = 'LockTimeout'
}

export interface DatabaseOptions {
  readonly maxConnections: number
  /** For the first connection and for each wait for a free one. */
  readonly connectTimeoutMs: number
}

export type DatabaseConnection = { readonly connectionString: string } | EmbeddedServer['connection']

const oldestMajor = 15

/** Object identifiers of types (pg_type.dat). */
const int8 = 20
const date = 1082

const toInteger = (text: string): number | bigint => {
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : BigInt(text)
}

const ownParsers: Readonly<Record<number, (text: string) => unknown>> = {
  [int8]: toInteger,
  // The driver would make it midnight of this machine's time zone.
  [date]: (text) => text,
}

const typeParsers: NonNullable<ClientConfig['types']> = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') => {
    const own = format === 'binary' ? undefined : ownParsers[oid]
    return own ?? types.getTypeParser(oid, format as 'text')
  },
}

interface Target {
  /** How messages call the database: never with the password. */
  readonly label: string
  readonly config: ClientConfig
}

const connectionLabel = (connectionString: string): string => {
  if (!/^postgres(ql)?:\/\//.test(connectionString) || !URL.canParse(connectionString))
    throw new StartError(
      'DATABASE_URL is not a PostgreSQL address: write it as postgres://USER:PASSWORD@HOST:5432/DATABASE, with special characters of the password percent-encoded',
    )
  const url = new URL(connectionString)
  return `DATABASE_URL is not usable: ${url.searchParams.get('host') ?? url.hostname}:${url.port || '5432'}`
}

const targetOf = (connection: DatabaseConnection, connectTimeoutMs: number): Target => {
  const shared = {
    application_name: 'amalgam',
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    types: typeParsers,
  }
  if ('connectionString' in connection)
    return { label: connectionLabel(connection.connectionString), config: { ...shared, ...connection } }
  return { label: 'The embedded database is not usable:', config: { ...shared, ...connection } }
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refuses the connection; start PostgreSQL there, or correct host and port',
  ENOTFOUND: 'is no known host; correct the host name',
  EAI_AGAIN: 'cannot be looked up now; check the name server and the host name',
  ENOENT: 'has no socket there; start PostgreSQL, or correct the path',
  ETIMEDOUT: 'does not answer; check host, port and firewall',
  EHOSTUNREACH: 'cannot be reached; check host and network',
  '28P01': 'does not accept this user and password; correct them',
  '28000': 'does not let this user in; check the user and pg_hba.conf of the server',
  '3D000': 'has no such database; create it, or correct the name',
  '53300': 'has no free connection; raise max_connections of the server or run fewer processes',
}

const reasonOf = (error: unknown): string => {
  const known = reasons[errorCode(error) ?? '']
  if (known !== undefined) return known
  const words = error instanceof Error ? error.message : String(error)
  return /timeout/i.test(words)
    ? (reasons['ETIMEDOUT'] ?? words)
    : `fails (${words || errorCode(error)}); correct DATABASE_URL`
}

/** Proves that the database answers, is young enough and speaks UTF-8. Gives the server's version. */
const checkServer = async (pool: Pool, label: string): Promise<string> => {
  const { rows } = await pool
    .query<{ version: string; number: string; encoding: string }>(
      `select current_setting('server_version') as version, current_setting('server_version_num') as number,
        current_setting('server_encoding') as encoding`,
    )
    .catch((error: unknown) => {
      throw new StartError(`${label} ${reasonOf(error)}`, { cause: error })
    })
  const [row] = rows
  if (row === undefined) throw new StartError(`${label} does not tell its version; it is no PostgreSQL`)
  if (Number(row.number) < oldestMajor * 10_000)
    throw new StartError(`${label} runs PostgreSQL ${row.version}; Amalgam needs ${oldestMajor} or later`)
  if (row.encoding !== 'UTF8')
    throw new StartError(`${label} stores text as ${row.encoding}; create the database with ENCODING 'UTF8'`)
  return row.version
}

/**
 * A process that stands still inside a transaction would keep its rows from everybody else for as long as it
 * stands; shorter than the shortest lease that a process may lose by standing still (src/queue/due-table.ts). In each
 * transaction, since a pooler that shares sessions would give another connection's settings.
 */
const begin = `begin; set local idle_in_transaction_session_timeout = '15s'`

/** SQLSTATE of a transaction that PostgreSQL ended since it and others waited for each other. */
const givenUp: ReadonlySet<unknown> = new Set(['40P01', '40001'])
const lockNotAvailable = '55P03'
const mostRepeats = 2

/**
 * Compiling a statement (PostgreSQL, "Just-in-Time Compilation") takes a third of a second where its estimates are high,
 * and each of ours runs for milliseconds.
 */
const settings = 'set jit = off'

const inTransaction = async <T>(
  pool: Pool,
  count: () => void,
  run: (tx: Queryable) => Promise<T>,
  lockTimeoutMs: number | undefined,
): Promise<T> => {
  const client = await pool.connect()
  let broken: Error | undefined
  const send = (text: string): Promise<QueryResult> => {
    count()
    return client.query(text)
  }
  try {
    await send(lockTimeoutMs === undefined ? begin : `${begin}; set local lock_timeout = ${lockTimeoutMs}`)
    const result = await run(createQueryable(client, count))
    // PostgreSQL answers COMMIT of a failed transaction with ROLLBACK and no error.
    if ((await send('commit')).command !== 'COMMIT')
      throw new Error(
        'The transaction was rolled back: a statement in it failed and the failure was swallowed',
      )
    return result
  } catch (error) {
    await send('rollback').catch((cause: unknown) => {
      broken = cause instanceof Error ? cause : new Error('rollback failed', { cause })
    })
    if (lockTimeoutMs !== undefined && errorCode(error) === lockNotAvailable)
      throw new LockTimeout(`a lock was held for longer than ${lockTimeoutMs} ms`, { cause: error })
    throw error
  } finally {
    client.release(broken)
  }
}

const repeatedly = async <T>(most: number, attempt: () => Promise<T>): Promise<T> => {
  for (let repeats = 0; ; repeats += 1) {
    try {
      return await attempt()
    } catch (error) {
      if (repeats === most || !givenUp.has(errorCode(error))) throw error
    }
  }
}

/**
 * Opens a pool and checks the database: it answers, is PostgreSQL 15 or later, stores UTF-8.
 * @throws StartError with one line that names host and reason, never the password.
 */
export const openDatabase = async (
  connection: DatabaseConnection,
  options: DatabaseOptions,
): Promise<Database> => {
  const { label, config } = targetOf(connection, options.connectTimeoutMs)
  const pool = new Pool({
    ...config,
    max: options.maxConnections,
    idleTimeoutMillis: 30_000,
    onConnect: async (client) => {
      await client.query(settings)
    },
  })
  // A connection that breaks, idle or lent out, also fails its statements: the event itself must only not
  // end the process.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  const serverVersion = await checkServer(pool, label).catch(async (error: unknown) => {
    await pool.end()
    throw error
  })
  let sent = 0
  const count = (): void => {
    sent += 1
  }
  const { query } = createQueryable(pool, count)
  const listeners = new Set<Listener>()
  let closing: Promise<void> | undefined
  const closeAll = async (): Promise<void> => {
    await Promise.all([...listeners].map((listener) => listener.close()))
    await pool.end()
  }
  return {
    query,
    transaction: (run, { repeats, lockTimeoutMs } = {}) =>
      repeatedly(repeats === true ? mostRepeats : 0, () => inTransaction(pool, count, run, lockTimeoutMs)),
    statementCount: () => sent,
    listen: async (channel, onMessage, onReconnect) => {
      const listener = await createListener({
        connect: () => new Client(config),
        channel,
        onMessage,
        onReconnect,
      })
      listeners.add(listener)
      return async () => {
        listeners.delete(listener)
        await listener.close()
      }
    },
    openSession: (statementTimeoutMs) =>
      openSession(new Client({ ...config, query_timeout: statementTimeoutMs })),
    notify: async (channel, payload) => {
      await query({ name: 'notify', text: 'select pg_notify($1, $2)', values: [channel, payload] })
    },
    serverVersion,
    close: () => {
      closing ??= closeAll()
      return closing
    },
  }
}
