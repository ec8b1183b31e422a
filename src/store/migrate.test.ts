import { expect, onTestFinished, test } from 'vitest'
import { StartError } from '#src/lib/start-error.ts'
import { createTestDatabase } from '../../test/support/database.ts'
import type { Database } from './database.ts'
import { type Migration, migrate } from './migrate.ts'
import { migrations } from './migrations/index.ts'

const first: Migration = {
  id: 1,
  name: 'first',
  sql: 'create table one (id int); insert into one values (1);',
}
const second: Migration = { id: 2, name: 'second', sql: 'alter table one add column name text' }
const broken: Migration = { id: 3, name: 'broken', sql: 'create table three (id int); select 1/0;' }

const silent = (): void => undefined

const opened = async (): Promise<Database> => {
  const db = await (await createTestDatabase()).open()
  onTestFinished(() => db.close())
  return db
}

const applied = (db: Database) =>
  db.query<{ id: number; name: string }>({ text: 'select id, name from migrations order by id', values: [] })

test('migrations are applied in order, once, and told', async () => {
  const db = await opened()
  const steps: string[] = []
  const tell = (step: string) => steps.push(step)
  await migrate(db, [first], tell)
  await migrate(db, [first, second], tell)
  await migrate(db, [first, second], tell)
  expect(steps).toEqual(['migration 1: first', 'migration 2: second'])
  expect(await db.query({ text: 'select * from one', values: [] })).toEqual([{ id: 1, name: null }])
})

test('a migration that fails leaves nothing behind and those before it stay', async () => {
  const db = await opened()
  await expect(migrate(db, [first, second, broken], silent)).rejects.toMatchObject({ code: '22012' })
  expect(await applied(db)).toEqual([
    { id: 1, name: 'first' },
    { id: 2, name: 'second' },
  ])
  expect(await db.query({ text: `select to_regclass('three') as found`, values: [] })).toEqual([
    { found: null },
  ])
})

test('several processes may migrate at once', async () => {
  const database = await createTestDatabase()
  const pools = await Promise.all([database.open(), database.open(), database.open()])
  onTestFinished(async () => {
    for (const pool of pools) await pool.close()
  })
  await Promise.all(pools.map((db) => migrate(db, [first, second], silent)))
  for (const db of pools) expect(await applied(db)).toHaveLength(2)
})

test('an applied migration that was edited is refused', async () => {
  const db = await opened()
  await migrate(db, [first], silent)
  const edited = migrate(db, [{ ...first, sql: `${first.sql} -- edited` }], silent)
  await expect(edited).rejects.toThrow(StartError)
  await expect(edited).rejects.toThrow(/Migration 1 \(first\) differs/)
})

test('a database of a newer version is refused', async () => {
  const db = await opened()
  await migrate(db, [first, second], silent)
  const older = migrate(db, [first], silent)
  await expect(older).rejects.toThrow(StartError)
  await expect(older).rejects.toThrow(/newer Amalgam \(migration 2, second\)/)
})

test('migrations out of order are refused before any is applied', async () => {
  const db = await opened()
  await expect(migrate(db, [second, first], silent)).rejects.toThrow(/must come after 2/)
})

test('the migrations of the product apply to an empty database', async () => {
  const db = await opened()
  await migrate(db, migrations, silent)
  expect(await applied(db)).toHaveLength(migrations.length)
})
