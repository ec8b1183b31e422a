import { spawn } from 'node:child_process'
import { access, chmod, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client, Pool } from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { StartError } from '#src/lib/start-error.ts'
import { type EmbeddedServer, startEmbeddedPostgres } from './index.ts'

const isRoot = process.getuid?.() === 0
let dataDir: string
let undo: (() => Promise<unknown>)[]

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'amalgam-embedded-'))
  if (isRoot) await chmod(dataDir, 0o711)
  undo = [() => rm(dataDir, { recursive: true, force: true })]
})

afterEach(async () => {
  for (const step of undo.reverse()) await step()
})

const start = async (folder = dataDir, steps: string[] = []): Promise<EmbeddedServer> => {
  const server = await startEmbeddedPostgres({ dataDir: folder, onProgress: (step) => steps.push(step) })
  undo.push(() => server.stop())
  return server
}

const ask = async <R>(server: EmbeddedServer, text: string): Promise<R[]> => {
  const client = new Client(server.connection)
  client.on('error', () => undefined)
  await client.connect()
  try {
    const result = await client.query(text)
    return (Array.isArray(result) ? result.at(-1) : result).rows
  } finally {
    await client.end()
  }
}

const postmasterPid = async (folder = join(dataDir, 'postgres')): Promise<number> =>
  Number.parseInt(await readFile(join(folder, 'cluster', 'postmaster.pid'), 'utf8'), 10)

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

test('the first start makes a UTF-8 database on a unix socket only, with durable settings', async () => {
  const steps: string[] = []
  const server = await start(dataDir, steps)
  expect(server.adopted).toBe(false)
  expect(steps).toEqual(['creating the database (first start only)'])
  const rows = await ask(
    server,
    `select current_database() as name, current_setting('server_encoding') as encoding,
      current_setting('listen_addresses') as addresses, current_setting('fsync') as fsync,
      current_setting('synchronous_commit') as commit, inet_client_addr() as client`,
  )
  expect(rows).toEqual([
    { name: 'amalgam', encoding: 'UTF8', addresses: '', fsync: 'on', commit: 'on', client: null },
  ])
  const { mode } = await stat(join(dataDir, 'postgres', 'password'))
  expect(mode & 0o777).toBe(0o600)
})

test('a wrong password is refused', async () => {
  const server = await start()
  const client = new Client({ ...server.connection, password: 'wrong' })
  await expect(client.connect()).rejects.toMatchObject({ code: '28P01' })
})

test('a second start adopts the running server, which stops with the last of the two', async () => {
  const first = await start()
  await ask(first, 'create table things (id int); insert into things values (1), (2)')
  const second = await start()
  expect(second.adopted).toBe(true)
  await first.stop()
  expect(await ask(second, 'select count(*)::int as count from things')).toEqual([{ count: 2 }])
  await second.stop()
  expect(await exists(join(dataDir, 'postgres', 'cluster', 'postmaster.pid'))).toBe(false)
})

test('the server stays when somebody else is still connected', async () => {
  const server = await start()
  const client = new Client(server.connection)
  await client.connect()
  await server.stop()
  expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }])
  await client.end()
  const again = await start()
  expect(again.adopted).toBe(true)
})

test('the server goes with its last owner, whose connections were closed the moment before', async () => {
  for (let round = 0; round < 5; round++) {
    const server = await start()
    const pool = new Pool({ ...server.connection, max: 10 })
    await Promise.all(Array.from({ length: 10 }, () => pool.query('select pg_sleep(0.01)')))
    await pool.end()
    await server.stop()
    expect(await exists(join(dataDir, 'postgres', 'cluster', 'postmaster.pid')), `round ${round}`).toBe(false)
  }
})

test('two starts at once on a fresh folder share one server', async () => {
  const servers = await Promise.all([start(), start(), start()])
  const pids = await Promise.all(
    servers.map((server) => ask(server, 'select pg_postmaster_start_time()::text as at')),
  )
  expect(pids[1]).toEqual(pids[0])
  expect(pids[2]).toEqual(pids[0])
})

test('rows that were committed are there after kill -9 of the server', async () => {
  const server = await start()
  await ask(server, 'create table things (id int); insert into things select generate_series(1, 1000)')
  process.kill(await postmasterPid(), 'SIGKILL')
  // Whichever is first, this start or the first server's own return: both must give the rows.
  const again = await start()
  expect(await ask(again, 'select count(*)::int as count from things')).toEqual([{ count: 1000 }])
})

test('a server that dies while it is in use comes back by itself', async () => {
  const server = await start()
  const before = await postmasterPid()
  process.kill(before, 'SIGKILL')
  await expect
    .poll(() => ask(server, 'select 1 as one').catch(() => []), { timeout: 20_000, interval: 50 })
    .toEqual([{ one: 1 }])
  expect(await postmasterPid()).not.toBe(before)
})

test('a server that is given up while it comes back is stopped too', { timeout: 60_000 }, async () => {
  for (const afterMs of [0, 10, 30, 60, 100, 200]) {
    const server = await start()
    process.kill(await postmasterPid(), 'SIGKILL')
    await sleep(afterMs)
    await server.stop()
    const left = await postmasterPid().catch(() => undefined)
    // A killed server leaves its lock file; nothing may run under its number.
    await expect
      .poll(() => left !== undefined && isRunning(left), { message: `given up after ${afterMs} ms` })
      .toBe(false)
  }
})

test('a start that was cut off while it made the database does not spoil the next', async () => {
  const half = join(dataDir, 'postgres', 'making-cluster-0123456789ab')
  const server = await start()
  await server.stop()
  await rm(join(dataDir, 'postgres', 'cluster'), { recursive: true })
  await mkdir(half)
  await writeFile(join(half, 'PG_VERSION'), '18\n')
  const again = await start()
  expect(again.adopted).toBe(false)
  expect(await ask(again, 'select 1 as one')).toEqual([{ one: 1 }])
})

test('a lock file that names another living program does not prevent the start', async () => {
  const server = await start()
  const file = join(dataDir, 'postgres', 'cluster', 'postmaster.pid')
  const lines = await readFile(file, 'utf8')
  await server.stop()
  // After a restart of a container the old number easily belongs to something else of the same user.
  const ids = isRoot ? { uid: 65534, gid: 65534 } : {}
  const other = spawn('sleep', ['600'], { ...ids, stdio: 'ignore' })
  undo.push(async () => other.kill())
  await writeFile(file, lines.replace(/^\d+/, String(other.pid)))
  const again = await start()
  expect(await ask(again, 'select 1 as one')).toEqual([{ one: 1 }])
})

test('a DATA_DIR too long for a socket path gets its socket in a short private folder', async () => {
  const deep = join(dataDir, 'long'.repeat(20), 'longer'.repeat(20))
  const server = await start(deep)
  expect(server.connection.host.startsWith(deep)).toBe(false)
  undo.splice(1, 0, () => rm(server.connection.host, { recursive: true, force: true }))
  const { mode } = await stat(server.connection.host)
  expect(mode & 0o777).toBe(0o700)
  expect(await ask(server, 'select 1 as one')).toEqual([{ one: 1 }])
})

test('a DATA_DIR reached through a link is the same database', async () => {
  const link = `${dataDir}-link`
  await symlink(dataDir, link)
  undo.push(() => rm(link))
  await start()
  expect((await start(link)).adopted).toBe(true)
})

test('a lost password file gives one line that names it', async () => {
  const server = await start()
  await server.stop()
  const file = join(dataDir, 'postgres', 'password')
  await rm(file)
  const failure = await start().catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(StartError)
  expect(String(failure)).toContain(file)
})

test('data of another PostgreSQL gives one line that names both versions', async () => {
  const server = await start()
  await server.stop()
  await writeFile(join(dataDir, 'postgres', 'cluster', 'PG_VERSION'), '14\n')
  await expect(start()).rejects.toThrow(/PostgreSQL 14.*brings 18/)
})

test('a DATA_DIR that is a file gives one line that says so', async () => {
  const file = join(dataDir, 'file')
  await writeFile(file, '')
  await expect(start(file)).rejects.toThrow(StartError)
  await expect(start(file)).rejects.toThrow(/is not a folder/)
})

test('a server that refuses its settings gives one line with its own words', {
  timeout: 60_000,
}, async () => {
  const attempt = startEmbeddedPostgres({
    dataDir,
    onProgress: () => undefined,
    settings: { shared_buffers: 'plenty' },
  })
  await expect(attempt).rejects.toThrow(/shared_buffers/)
})

test.runIf(isRoot)('as root the server runs as an unprivileged user', async () => {
  await start()
  const status = await readFile(`/proc/${await postmasterPid()}/status`, 'utf8')
  expect(/^Uid:\s+(\d+)/m.exec(status)?.[1]).toBe('65534')
})

test.runIf(isRoot)(
  'as root a DATA_DIR that others cannot enter gets its database elsewhere, for good',
  async () => {
    const closed = join(dataDir, 'closed')
    await mkdir(closed, { mode: 0o700 })
    const first = await start(closed)
    const elsewhere = (await readFile(join(closed, 'postgres.location'), 'utf8')).trim()
    undo.splice(1, 0, () => rm(elsewhere, { recursive: true, force: true }))
    expect(elsewhere.startsWith(dataDir)).toBe(false)
    await ask(first, 'create table things (id int)')
    await first.stop()
    await chmod(closed, 0o711)
    const again = await start(closed)
    expect(await ask(again, 'select count(*)::int as count from things')).toEqual([{ count: 0 }])
    await again.stop()
    await rm(elsewhere, { recursive: true })
    await expect(start(closed)).rejects.toThrow(/is gone/)
    await rm(closed, { recursive: true })
    await mkdir(closed, { mode: 0o700 })
    const anew = await start(closed)
    const place = (await readFile(join(closed, 'postgres.location'), 'utf8')).trim()
    undo.splice(1, 0, () => rm(place, { recursive: true, force: true }))
    expect(place).not.toBe(elsewhere)
    expect(await ask(anew, `select to_regclass('things') as found`)).toEqual([{ found: null }])
  },
)
