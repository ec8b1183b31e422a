import type { Queryable } from '#src/store/index.ts'
import type { DueTable } from './due-table.ts'

/** Adds rows that have nothing but a key, due now; those that are there stay as they are. */
export const ensureRows = async <Key extends object>(
  db: Queryable,
  table: DueTable<Key>,
  keys: readonly Key[],
): Promise<void> => {
  const columns = table.key.map(({ column }) => column).join(', ')
  const arrays = table.key.map(({ type }, at) => `$${at + 1}::${type}[]`).join(', ')
  const names = table.key.map((_, at) => `k${at}`).join(', ')
  await db.query({
    text: `insert into ${table.name} (${columns}, due_at)
      select ${names}, now() from unnest(${arrays}) as d(${names}) on conflict (${columns}) do nothing`,
    values: table.key.map(({ property }) =>
      keys.map((key) => (key as Readonly<Record<string, unknown>>)[property]),
    ),
  })
}
