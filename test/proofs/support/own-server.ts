import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openDatabase, startEmbeddedPostgres } from '#src/store/index.ts'
import type { TestDatabase } from '../../support/database.ts'
import { programEnvironment, removeData } from '../../support/program.ts'

/** `fast` ends every session and writes what is in memory; `immediate` is a crash, mended at the next start. */
export type StopMode = 'fast' | 'immediate'

/** A database on a PostgreSQL server that nobody else uses. */
export interface OwnDatabase extends TestDatabase {
  /** Stops the server; it comes up again at once. @returns for how many milliseconds nobody could connect. */
  readonly restart: (mode: StopMode) => Promise<number>
  /** Whether it is stopped, or came back less than a moment ago: connections may be broken still. */
  readonly isAway: () => boolean
}

const signals = { fast: 'SIGINT', immediate: 'SIGQUIT' } as const
const withinMs = 60_000
const momentMs = 2_000

/** With its usual settings: what is committed is on the disk. `drop` stops it. */
export const startOwnServer = async (): Promise<OwnDatabase> => {
  const environment = await programEnvironment()
  const dataDir = environment['DATA_DIR'] ?? ''
  const server = await startEmbeddedPostgres({
    dataDir,
    onProgress: () => undefined,
    settings: { max_connections: '200' },
  })
  const { host, port, user, password, database: name } = server.connection
  const url = `postgres://${user}:${password}@localhost:${port}/${name}?host=${encodeURIComponent(host)}`
  const open: TestDatabase['open'] = () =>
    openDatabase({ connectionString: url }, { maxConnections: 5, connectTimeoutMs: 10_000 })
  const pid = async (): Promise<number> => {
    const text = await readFile(join(dataDir, 'postgres', 'cluster', 'postmaster.pid'), 'utf8')
    return Number.parseInt(text, 10)
  }
  const answers = (): Promise<boolean> =>
    open().then(
      (db) => db.close().then(() => true),
      () => false,
    )
  const untilIt = async (what: string, holds: () => Promise<boolean>): Promise<void> => {
    for (const giveUpAt = Date.now() + withinMs; !(await holds()); await sleep(20))
      if (Date.now() > giveUpAt) throw new Error(`the database server did not ${what}`)
  }
  let dropped = false
  let awayUntilMs = 0
  return {
    ...{ name, url, open },
    isAway: () => performance.now() < awayUntilMs,
    restart: async (mode) => {
      const old = await pid()
      const stoppedAt = performance.now()
      awayUntilMs = Number.POSITIVE_INFINITY
      process.kill(old, signals[mode])
      await untilIt('come back', async () => {
        const now = await pid().catch(() => old)
        return now !== old && (await answers())
      })
      awayUntilMs = performance.now() + momentMs
      return Math.round(performance.now() - stoppedAt)
    },
    drop: async () => {
      if (dropped) return
      dropped = true
      await server.stop()
      await removeData(environment)
    },
  }
}
