import { afterAll, beforeAll } from 'vitest'
import { createStore, type Database, migrate, migrations, type Store } from '#src/store/index.ts'
import { createTestDatabase, type TestDatabase } from './database.ts'

/** For a file of tests: a migrated database of its own, open, and the store on it, given to `take` before the first of them. */
export const onStore = (take: (stage: { readonly db: Database; readonly store: Store }) => void): void => {
  let database: TestDatabase | undefined
  let db: Database | undefined
  beforeAll(async () => {
    database = await createTestDatabase((opened) => migrate(opened, migrations, () => undefined))
    db = await database.open()
    take({ db, store: createStore(db) })
  })
  afterAll(async () => {
    await db?.close()
    await database?.drop()
  })
}
