import { randomBytes } from 'node:crypto'
import { basename } from 'node:path'
import { Client } from 'pg'
import { expect, inject, onTestFinished, TestRunner } from 'vitest'
import { type Database, openDatabase } from '#src/store/index.ts'

/** A database of its own for one test file or one test. */
export interface TestDatabase {
  readonly name: string
  readonly url: string
  /** Opens a pool on it; the caller closes it before `drop`. */
  readonly open: () => Promise<Database>
  /** Removes it. May be called twice. Needless for one made inside a test. */
  readonly drop: () => Promise<void>
}

const asSuperuser = async (text: string): Promise<void> => {
  const client = new Client({ connectionString: inject('databaseUrl') })
  await client.connect()
  await client.query(text).finally(() => client.end())
}

const newName = (): string => {
  const file = basename(expect.getState().testPath ?? 'test').replace(/\.test\.\w+$/, '')
  const readable = file.replace(/\W+/g, '_').toLowerCase().slice(0, 40)
  return `test_${readable}_${randomBytes(5).toString('hex')}`
}

/**
 * Makes an empty database, named from the test file and a random part, and lets `prepare` fill it.
 * Made inside a test it is dropped at the test's end, but kept for a look when the test failed on a server
 * that outlives the run (TEST_DATABASE_URL). Made in a hook or a helper, the caller drops it.
 */
export const createTestDatabase = async (
  prepare?: (db: Database) => Promise<void>,
): Promise<TestDatabase> => {
  const name = newName()
  await asSuperuser(`create database ${name} encoding 'UTF8' template template0`)
  const url = new URL(inject('databaseUrl'))
  url.pathname = `/${name}`
  const open = (): Promise<Database> =>
    openDatabase({ connectionString: url.href }, { maxConnections: 5, connectTimeoutMs: 10_000 })
  const drop = (): Promise<void> => asSuperuser(`drop database if exists ${name} with (force)`)
  if (TestRunner.getCurrentTest() !== undefined) {
    onTestFinished(async ({ task }) => {
      if (task.result?.state === 'fail' && inject('databaseStays')) return
      await drop()
    })
  }
  if (prepare !== undefined) {
    const db = await open()
    await prepare(db).finally(() => db.close())
  }
  return { name, url: url.href, open, drop }
}
