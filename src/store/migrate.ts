import { createHash } from 'node:crypto'
import { StartError } from '#src/lib/start-error.ts'
import type { Database, Queryable } from './database.ts'

/** One step of the schema. Once released, neither id nor text ever changes. */
export interface Migration {
  /** Positive, ascending without doubles. */
  readonly id: number
  readonly name: string
  /** Plain SQL, one or many statements, for PostgreSQL 15. Runs inside a transaction. */
  readonly sql: string
}

interface Applied {
  readonly id: number
  readonly name: string
  readonly checksum: string
}

/** Any fixed number: one migration at a time over all processes on this database. */
const migrationLock = 7_264_002

const checksumOf = (migration: Migration): string => createHash('sha256').update(migration.sql).digest('hex')

const begin = async (tx: Queryable): Promise<readonly Applied[]> => {
  await tx.query({ text: 'select pg_advisory_xact_lock($1)', values: [migrationLock] })
  await tx.query({
    text: `create table if not exists migrations (
      id integer primary key,
      name text not null,
      checksum text not null,
      applied_at timestamptz not null default now()
    )`,
    values: [],
  })
  return tx.query<Applied>({ text: 'select id, name, checksum from migrations order by id', values: [] })
}

const refuseStrangers = (applied: readonly Applied[], migrations: readonly Migration[]): void => {
  const known = new Map(migrations.map((migration) => [migration.id, migration]))
  for (const { id, name, checksum } of applied) {
    const migration = known.get(id)
    if (migration === undefined)
      throw new StartError(
        `The database was written by a newer Amalgam (migration ${id}, ${name}): start that version, or restore a backup`,
      )
    if (checksumOf(migration) !== checksum)
      throw new StartError(
        `Migration ${id} (${name}) differs from what was applied to this database: start the version that wrote it, or use another database`,
      )
  }
}

const checkOrder = (migrations: readonly Migration[]): void => {
  let last = 0
  for (const { id, name } of migrations) {
    if (!Number.isInteger(id) || id <= last)
      throw new Error(`Migration ${id} (${name}) must come after ${last}`)
    last = id
  }
}

/** Applies the first migration that is missing; undefined when none is. */
const applyNext = (
  db: Database,
  migrations: readonly Migration[],
  onProgress: (step: string) => void,
): Promise<Migration | undefined> =>
  db.transaction(async (tx) => {
    const applied = await begin(tx)
    refuseStrangers(applied, migrations)
    const done = new Set(applied.map(({ id }) => id))
    const next = migrations.find(({ id }) => !done.has(id))
    if (next === undefined) return undefined
    onProgress(`migration ${next.id}: ${next.name}`)
    await tx.query({ text: next.sql, values: [] })
    await tx.query({
      text: 'insert into migrations (id, name, checksum) values ($1, $2, $3)',
      values: [next.id, next.name, checksumOf(next)],
    })
    return next
  })

/**
 * Brings the schema up to the last of `migrations`, each in a transaction of its own, one process at a time.
 * @throws StartError when the database is newer than the code or an applied migration was changed.
 */
export const migrate = async (
  db: Database,
  migrations: readonly Migration[],
  onProgress: (step: string) => void,
): Promise<void> => {
  checkOrder(migrations)
  while ((await applyNext(db, migrations, onProgress)) !== undefined);
}
