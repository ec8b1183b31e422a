import type { Queryable } from '#src/store/index.ts'
import type { TableShape } from './due-table.ts'

/** How many rows are due, leased ones among them. */
export const countDue = async (db: Queryable, { name }: TableShape): Promise<number> => {
  const [row] = await db.query<{ count: number }>({
    text: `select count(*) as count from ${name} where due_at <= now()`,
    values: [],
  })
  return row?.count ?? 0
}

/** How long until the next row that is not due yet is, in milliseconds; null when there is none. */
export const msToNextDue = async (db: Queryable, { name }: TableShape): Promise<number | null> => {
  const [row] = await db.query<{ ms: number }>({
    name: `next-due-${name}`,
    text: `select extract(epoch from due_at - now())::float8 * 1000 as ms from ${name}
      where due_at > now() order by due_at limit 1`,
    values: [],
  })
  return row?.ms ?? null
}
