import { createServer } from 'node:net'
import { expect, inject, onTestFinished, test } from 'vitest'
import { StartError } from '#src/lib/start-error.ts'
import { createTestDatabase } from '../../test/support/database.ts'
import { type Database, LockTimeout, openDatabase } from './database.ts'

const options = { maxConnections: 3, connectTimeoutMs: 5000 }

const opened = async (): Promise<Database> => {
  const db = await (await createTestDatabase()).open()
  onTestFinished(() => db.close())
  return db
}

const refusal = async (connectionString: string): Promise<string> => {
  const error = await openDatabase({ connectionString }, options).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(StartError)
  return error instanceof Error ? error.message : ''
}

/** Cuts every connection to the database but the one that asks. */
const cutOthers = (db: Database): Promise<unknown> =>
  db.query({
    text: `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`,
    values: [],
  })

test('whole numbers, times, dates and json come back as JavaScript values without loss', async () => {
  const db = await opened()
  const [row] = await db.query({
    text: `select 9007199254740991::int8 as safe, 9007199254740993::int8 as beyond, count(*) as count,
      '2024-02-29T12:00:00.123Z'::timestamptz as at, '2024-02-29'::date as day, '{"a":[1]}'::jsonb as json,
      1.10::numeric as amount, $1::bytea as bytes, null as nothing from (values (1), (2)) as v`,
    values: [Buffer.from([0, 255])],
  })
  expect(row).toEqual({
    safe: 9007199254740991,
    beyond: 9007199254740993n,
    count: 2,
    at: new Date('2024-02-29T12:00:00.123Z'),
    day: '2024-02-29',
    json: { a: [1] },
    amount: '1.10',
    bytes: Buffer.from([0, 255]),
    nothing: null,
  })
})

test('a named statement is prepared once a connection', async () => {
  const db = await opened()
  await db.transaction(async (tx) => {
    for (const n of [1, 2, 3])
      expect(await tx.query({ name: 'double', text: 'select $1::int * 2 as n', values: [n] })).toEqual([
        { n: n * 2 },
      ])
    const prepared = await tx.query({ text: `select name from pg_prepared_statements`, values: [] })
    expect(prepared).toEqual([{ name: 'double' }])
  })
})

test('a transaction keeps all of its rows', async () => {
  const db = await opened()
  await db.query({ text: 'create table things (id int)', values: [] })
  const result = await db.transaction(async (tx) => {
    await tx.query({ text: 'insert into things values (1)', values: [] })
    return 'done'
  })
  expect(result).toBe('done')
  expect(await db.query({ text: 'select * from things', values: [] })).toEqual([{ id: 1 }])
})

test('a transaction that throws keeps none, throws the same error and frees its connection', async () => {
  const db = await opened()
  await db.query({ text: 'create table things (id int)', values: [] })
  for (let round = 0; round < options.maxConnections + 3; round += 1) {
    const attempt = db.transaction(async (tx) => {
      await tx.query({ text: 'insert into things values (1)', values: [] })
      throw new Error('changed my mind')
    })
    await expect(attempt).rejects.toThrow('changed my mind')
  }
  expect(await db.query({ text: 'select * from things', values: [] })).toEqual([])
})

test('a transaction whose failed statement was swallowed throws instead of losing rows silently', async () => {
  const db = await opened()
  const attempt = db.transaction(async (tx) => {
    await tx.query({ text: 'select 1/0', values: [] }).catch(() => undefined)
  })
  await expect(attempt).rejects.toThrow(/rolled back/)
})

test('a transaction that another ends in a deadlock is run again where that is wanted', async () => {
  const db = await opened()
  await db.query({
    text: 'create table things (id int, n int); insert into things values (1, 0), (2, 0)',
    values: [],
  })
  const both = new Set<string>()
  const add = (name: string, ids: readonly number[], repeats: boolean): Promise<void> =>
    db.transaction(
      async (tx) => {
        for (const id of ids) {
          await tx.query({ text: 'update things set n = n + 1 where id = $1', values: [id] })
          both.add(name)
          await expect.poll(() => both.size).toBe(2)
        }
      },
      repeats ? { repeats: true } : {},
    )
  const meet = (repeats: boolean) => {
    both.clear()
    return Promise.allSettled([add('one', [1, 2], repeats), add('two', [2, 1], repeats)])
  }
  const outcomes = (await meet(false)).map(({ status }) => status)
  expect(outcomes.sort()).toEqual(['fulfilled', 'rejected'])
  expect((await meet(true)).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled'])
  const counted = await db.query({ text: 'select n from things', values: [] })
  expect(counted).toEqual([{ n: 3 }, { n: 3 }])
})

test('a transaction waits for a lock as long as it was told, and then says so', async () => {
  const db = await opened()
  await db.query({ text: 'create table things (id int); insert into things values (1)', values: [] })
  const lock = { text: 'select 1 from things for update', values: [] }
  await db.transaction(async (tx) => {
    await tx.query(lock)
    await expect(db.transaction((inside) => inside.query(lock), { lockTimeoutMs: 50 })).rejects.toThrow(
      LockTimeout,
    )
  })
  const asked = { text: `select current_setting('lock_timeout') as after`, values: [] }
  expect(await Promise.all([db.query(asked), db.query(asked)])).toEqual([[{ after: '0' }], [{ after: '0' }]])
})

test('a connection that idles inside a transaction is given up by the server, and only inside of one', async () => {
  const db = await opened()
  const asked = { text: `select current_setting('idle_in_transaction_session_timeout') as after`, values: [] }
  expect(await db.transaction((tx) => tx.query(asked))).toEqual([{ after: '15s' }])
  expect(await db.query(asked)).toEqual([{ after: '0' }])
})

test('no connection compiles statements', async () => {
  const db = await opened()
  const asked = { text: `select current_setting('jit') as jit, pg_sleep(0.05) is null as slept`, values: [] }
  const rows = await Promise.all([db.query(asked), db.query(asked), db.transaction((tx) => tx.query(asked))])
  expect(rows.flat()).toEqual(rows.map(() => ({ jit: 'off', slept: false })))
})

test('a session of its own tells when it is lost, and is not counted', async () => {
  const db = await opened()
  const before = db.statementCount()
  const session = await db.openSession(500)
  expect(await session.query({ text: 'select 1 as one', values: [] })).toEqual([{ one: 1 }])
  expect(db.statementCount()).toBe(before)
  await expect(session.query({ text: 'select pg_sleep(2)', values: [] })).rejects.toThrow(/timeout/)
  await session.end()
  await session.lost
  const second = await db.openSession(500)
  await cutOthers(db)
  await second.lost
  await expect(second.query({ text: 'select 1', values: [] })).rejects.toThrow()
  await second.end()
})

test('every statement is counted, those around a transaction too', async () => {
  const db = await opened()
  const before = db.statementCount()
  await db.query({ text: 'select 1', values: [] })
  await db.transaction((tx) => tx.query({ text: 'select 2', values: [] }))
  expect(db.statementCount() - before).toBe(4)
})

test('a cut idle connection neither ends the process nor the use of the database', async () => {
  const db = await opened()
  const hold = { text: 'select pg_backend_pid() as pid, pg_sleep(0.05)', values: [] }
  await Promise.all([db.query(hold), db.query(hold), db.query(hold)])
  await cutOthers(db)
  await expect
    // As many at once as were cut: the pool gives out first what it took back last.
    .poll(() => Promise.all([db.query(hold), db.query(hold), db.query(hold)]).catch(() => []))
    .toHaveLength(3)
})

test('a connection cut inside a transaction fails it, and the next works', async () => {
  const db = await opened()
  const attempt = db.transaction(async (tx) => {
    await tx.query({ text: 'select 1', values: [] })
    await cutOthers(db)
    await tx.query({ text: 'select 2', values: [] })
  })
  await expect(attempt).rejects.toThrow()
  expect(await db.transaction((tx) => tx.query({ text: 'select 3 as n', values: [] }))).toEqual([{ n: 3 }])
})

test('a listener hears its channel only, also after its connection was cut', async () => {
  const db = await opened()
  const heard: string[] = []
  let reconnects = 0
  const unlisten = await db.listen(
    'Some channel',
    (payload) => heard.push(payload),
    () => {
      reconnects += 1
    },
  )
  await db.notify('other', 'not for us')
  await db.notify('Some channel', 'first')
  await expect.poll(() => heard).toEqual(['first'])
  await cutOthers(db)
  await expect.poll(() => reconnects, { timeout: 10_000 }).toBe(1)
  await db.notify('Some channel', 'second')
  await expect.poll(() => heard).toEqual(['first', 'second'])
  await unlisten()
  await db.notify('Some channel', 'third')
  const sessions = await db.query({
    text: `select count(*) from pg_stat_activity where datname = current_database() and query ilike 'listen%'`,
    values: [],
  })
  expect(sessions).toEqual([{ count: 0 }])
  expect(heard).toEqual(['first', 'second'])
})

test('closing ends the listeners too and may be done twice', async () => {
  const database = await createTestDatabase()
  const db = await database.open()
  await db.listen(
    'any',
    () => undefined,
    () => undefined,
  )
  await db.close()
  await db.close()
  const other = await database.open()
  onTestFinished(() => other.close())
  const text = `select count(*) from pg_stat_activity
    where datname = current_database() and backend_type = 'client backend'`
  await expect.poll(() => other.query({ text, values: [] })).toEqual([{ count: 1 }])
})

test('a refused address, password, database or host gives one line that names it and no password', async () => {
  const url = new URL(inject('databaseUrl'))
  url.pathname = '/no_such_database'
  expect(await refusal(url.href)).toMatch(/has no such database/)
  expect(await refusal('postgres://me:hush-hush@127.0.0.1:1/db')).toMatch(
    /127\.0\.0\.1:1 refuses the connection/,
  )
  expect(await refusal('postgres://me:hush-hush@nowhere.invalid/db')).toMatch(/nowhere\.invalid:5432/)
  expect(await refusal('mysql://me:hush-hush@localhost/db')).toMatch(/postgres:\/\/USER/)
  expect(await refusal('me:hush-hush@localhost')).not.toContain('hush-hush')
  expect(await refusal('postgres://me:hush-hush@127.0.0.1:1/db')).not.toContain('hush-hush')
})

test('a server that never answers is given up after the timeout', async () => {
  const sockets = new Set<{ destroy: () => void }>()
  const silent = createServer((socket) => sockets.add(socket))
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    silent.close()
  })
  const address = silent.address()
  const port = typeof address === 'object' ? address?.port : 0
  const attempt = openDatabase(
    { connectionString: `postgres://me@127.0.0.1:${port}/db` },
    { maxConnections: 1, connectTimeoutMs: 200 },
  )
  await expect(attempt).rejects.toThrow(/does not answer/)
})

test('a database that does not store UTF-8 is refused with what to do', async () => {
  const db = await opened()
  const name = `test_latin_${Date.now()}`
  await db.query({
    text: `create database ${name} encoding 'LATIN1' locale 'C' template template0`,
    values: [],
  })
  onTestFinished(async () => {
    await db.query({ text: `drop database ${name}`, values: [] })
  })
  const url = new URL(inject('databaseUrl'))
  url.pathname = `/${name}`
  expect(await refusal(url.href)).toMatch(/LATIN1.*ENCODING 'UTF8'/)
})
