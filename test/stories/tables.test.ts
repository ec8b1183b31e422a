import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Database, migrate, migrations, sealedColumns } from '#src/store/index.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
let db: Database

beforeAll(async () => {
  database = await createTestDatabase()
  db = await database.open()
  await migrate(db, migrations, () => undefined)
})
afterAll(async () => {
  await db?.close()
  await database?.drop()
})

/** Tables that hold nothing of a customer, or lead to the customer. */
const others = ['directory', 'encryption_keys', 'login_failures', 'migrations', 'processes']

describe('the tables', () => {
  it('with customer data lead their keys with organization_id', async () => {
    const keys = await db.query<{ table: string; first: string }>({
      text: `select c.relname as "table", a.attname as first from pg_index i
        join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
        join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
        where i.indisprimary and n.nspname = 'public' order by 1`,
      values: [],
    })
    expect(keys.length).toBeGreaterThan(8)
    const wrong = keys.filter(({ table, first }) => first !== 'organization_id' && !others.includes(table))
    expect(wrong).toEqual([])
  })

  it('keep bytes only where a rotation of the keys finds them', async () => {
    const bytes = await db.query<{ table: string; column: string }>({
      text: `select c.relname as "table", a.attname as "column" from pg_attribute a
        join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'public' and c.relkind in ('r', 'p') and not a.attisdropped
          and a.atttypid in ('bytea'::regtype, 'bytea[]'::regtype)`,
      values: [],
    })
    const found = bytes.map(({ table, column }) => `${table}.${column}`)
    const rotated = Object.values(sealedColumns).map(({ table, column }) => `${table}.${column}`)
    // A canary proves one key for as long as that key is kept; a rotation does not change it.
    expect([...rotated, 'encryption_keys.canary'].sort()).toEqual(found.sort())
  })

  it('are rotated by their whole primary keys', async () => {
    for (const { table, key } of Object.values(sealedColumns)) {
      const columns = await db.query<{ name: string; type: string }>({
        text: `select a.attname as name, format_type(a.atttypid, null) as type from pg_index i
          join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey)
          where i.indisprimary and i.indrelid = $1::regclass order by array_position(i.indkey::int[], a.attnum::int)`,
        values: [table],
      })
      expect(columns, table).toEqual(Object.entries(key).map(([name, type]) => ({ name, type })))
    }
  })

  it('all have a primary key', async () => {
    const without = await db.query({
      text: `select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'public' and c.relkind = 'r'
          and not exists (select 1 from pg_index i where i.indrelid = c.oid and i.indisprimary)`,
      values: [],
    })
    expect(without).toEqual([])
  })

  it('join no two organizations in any statement', async () => {
    // Every statement on customer data names organization_id: read from the sources of the tables.
    const { readdirSync, readFileSync } = await import('node:fs')
    const { join } = await import('node:path')
    const folder = join(import.meta.dirname, '..', '..', 'src', 'store', 'tables')
    const sources = readdirSync(folder).filter((name) => /(?<!\.test)\.[jt]s$/.test(name))
    let seen = 0
    for (const name of sources.filter((one) => !/directory|encryption/.test(one))) {
      const text = readFileSync(join(folder, name), 'utf8')
      const statements = [...text.matchAll(/text: (`[^`]*`|'[^']*')/g)].map(([, sql]) => sql ?? '')
      const touching = statements.filter((sql) =>
        /\b(from|into|update) (accounts|users|instances|grants)\b/.test(sql),
      )
      for (const sql of touching) expect(sql, name).toContain('organization_id')
      seen += touching.length
    }
    expect(seen).toBeGreaterThan(10)
  })
})
