import { expect, onTestFinished } from 'vitest'
import { createQueue, dueTable, type Queue } from '#src/queue/index.ts'
import { type Database, migrate, migrations } from '#src/store/index.ts'
import { createTestDatabase } from './database.ts'

export interface ThingKey {
  readonly organizationId: number
  readonly thing: string
}

export interface Thing extends ThingKey {
  readonly payload: string | null
}

const leasedFor = (leaseSeconds: number) =>
  dueTable<ThingKey, Thing>({
    name: 'things',
    key: { organizationId: 'bigint', thing: 'text' },
    data: ['payload'],
    written: { payload: { type: 'text' }, log: { type: 'jsonb', append: true } },
    leaseSeconds,
  })

/** A due table as rooms have theirs, with a short lease. */
export const things = leasedFor(2)

/** The same with a lease that outlasts every test: what is free sooner was freed. */
export const patient = leasedFor(3_600)

const thingsSql = `
create table things (
  organization_id bigint not null,
  thing text not null,
  payload text,
  log jsonb not null default '[]',
  due_at timestamptz,
  lease_until timestamptz,
  lease_token uuid,
  lease_owner bigint,
  attempts integer not null default 0,
  primary key (organization_id, thing)
);
create index things_due on things (due_at) where due_at is not null;
create table effects (thing text not null);
`

export interface Bench {
  readonly db: Database
  /** Another process's queue, on connections of its own. */
  readonly another: () => Promise<{ readonly db: Database; readonly queue: Queue }>
  readonly queue: Queue
  /** What was told to `onError`. */
  readonly errors: string[]
  /** Adds a row that is due so many seconds ago; negative: in the future. */
  readonly add: (thing: string, dueSecondsAgo?: number | null) => Promise<void>
  readonly row: (thing: string) => Promise<ThingState>
}

export interface ThingState {
  readonly dueInSeconds: number | null
  readonly leased: boolean
  readonly owner: number | null
  readonly attempts: number
}

/** A database with one due table, made for one test. */
export const openBench = async (): Promise<Bench> => {
  const database = await createTestDatabase()
  const errors: string[] = []
  const open = async () => {
    const db = await database.open()
    const queue = createQueue({
      db,
      tables: [things],
      onError: (error, doing) => errors.push(`${doing}: ${error instanceof Error ? error.message : error}`),
    })
    onTestFinished(async () => {
      await queue.presence.stop()
      await db.close()
    })
    return { db, queue }
  }
  const { db, queue } = await open()
  await migrate(db, migrations, () => undefined)
  await db.query({ text: thingsSql, values: [] })
  return {
    db,
    queue,
    another: open,
    errors,
    add: async (thing, dueSecondsAgo = 0) => {
      await db.query({
        text: `insert into things (organization_id, thing, payload, due_at)
          values (7, $1, 'for ' || $1, now() - make_interval(secs => $2::float8))`,
        values: [thing, dueSecondsAgo],
      })
    },
    row: async (thing) => {
      const [row] = await db.query<ThingState>({
        text: `select extract(epoch from due_at - now())::float8 as "dueInSeconds", lease_owner as owner, attempts,
            coalesce(lease_until > now() and lease_token is not null, false) as leased
          from things where thing = $1`,
        values: [thing],
      })
      if (row === undefined) throw new Error(`no row ${thing}`)
      return row
    },
  }
}

/** A session of another process that is cut, as when that process is killed. */
export const cutPresence = async (db: Database, owner: number | null): Promise<void> => {
  expect(owner).not.toBeNull()
  const cut = await db.query({
    text: `select pg_terminate_backend(pid) from pg_locks
      where locktype = 'advisory' and (classid::bigint << 32) + objid::bigint = $1`,
    values: [owner],
  })
  expect(cut).toHaveLength(1)
}
