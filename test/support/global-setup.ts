import { readFileSync, rmSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import type { TestProject } from 'vitest/node'
import { startEmbeddedPostgres } from '#src/store/index.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** A superuser's address on the server that the tests make their databases on. */
    readonly databaseUrl: string
    /** Whether that server outlives the run, so that a failed test's database is worth keeping. */
    readonly databaseStays: boolean
  }
}

/** Ends sessions that a test left open, and tells: such a test is wrong, but must not leave a server behind. */
const endLeftovers = async (databaseUrl: string): Promise<void> => {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  const { rows } = await client.query<{ datname: string }>(
    `select datname, pg_terminate_backend(pid) from pg_stat_activity
      where backend_type = 'client backend' and pid <> pg_backend_pid() and datname <> 'postgres'`,
  )
  await client.end()
  for (const { datname } of rows) process.stderr.write(`A test left a connection to ${datname} open\n`)
}

/** What is left to do at once when the run is broken off (Ctrl-C) and its teardown never called. */
const endAtOnce = (dataDir: string): void => {
  try {
    const lockFile = join(dataDir, 'postgres', 'cluster', 'postmaster.pid')
    process.kill(Number.parseInt(readFileSync(lockFile, 'utf8'), 10), 'SIGQUIT')
  } catch {
    // It does not run any more.
  }
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
}

/**
 * One PostgreSQL for the whole run: that of TEST_DATABASE_URL (a superuser's address, version 15 or later),
 * else an embedded one in a temporary folder, removed at the end.
 */
export default async (project: TestProject): Promise<(() => Promise<void>) | undefined> => {
  const given = process.env['TEST_DATABASE_URL']
  if (given !== undefined && given !== '') {
    project.provide('databaseUrl', given)
    project.provide('databaseStays', true)
    return undefined
  }
  const dataDir = await mkdtemp(join(tmpdir(), 'amalgam-test-'))
  // When root runs the tests, PostgreSQL's own user must pass through.
  await chmod(dataDir, 0o711)
  const server = await startEmbeddedPostgres({
    dataDir,
    onProgress: () => undefined,
    settings: { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', max_connections: '200' },
  })
  const { host, user, password, database, port } = server.connection
  const databaseUrl = `postgres://${user}:${password}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`
  project.provide('databaseUrl', databaseUrl)
  project.provide('databaseStays', false)
  const onExit = (): void => endAtOnce(dataDir)
  process.once('exit', onExit)
  return async () => {
    await endLeftovers(databaseUrl)
    await server.stop()
    await rm(dataDir, { recursive: true, force: true })
    process.off('exit', onExit)
  }
}
