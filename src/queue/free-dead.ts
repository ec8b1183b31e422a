import type { Database, Queryable } from '#src/store/index.ts'
import type { TableShape } from './due-table.ts'
import { wake } from './wake.ts'

/**
 * A claim that was on its way when its process died may be stored after the first look: the process is
 * forgotten only after a later one. What comes later still ends by its time limit.
 */
const forgottenAfterSeconds = 3

/** A row that is just being ended is passed over: it needs no freeing, or gets it at the next look. */
const freeText = ({ name, key }: TableShape): string => {
  const columns = key.map(({ column }) => column).join(', ')
  return `update ${name} set lease_until = null, lease_token = null, lease_owner = null
    where (${columns}) in (select ${columns} from ${name} where lease_owner = any($1::bigint[])
      for update skip locked) and lease_owner = any($1::bigint[])
    returning coalesce(due_at <= now(), false) as due`
}

const freeIn = async (tx: Queryable, table: TableShape, owners: readonly number[]): Promise<void> => {
  const freed = await tx.query<{ due: boolean }>({ text: freeText(table), values: [owners] })
  if (freed.some(({ due }) => due)) await wake(tx, table)
}

/** Frees whatever these processes had leased, wakes the others for it, and forgets the processes in the end. */
export const freeDead = (
  db: Database,
  tables: readonly TableShape[],
  dead: readonly number[],
): Promise<void> =>
  db.transaction(async (tx) => {
    // One process at a time does it; the others pass over.
    const mine = await tx.query<{ owner: number }>({
      text: `select owner from processes where owner = any($1::bigint[]) for update skip locked`,
      values: [dead],
    })
    if (mine.length === 0) return
    const owners = mine.map(({ owner }) => owner)
    for (const table of tables) await freeIn(tx, table, owners)
    await tx.query({
      text: `delete from processes where owner = any($1::bigint[])
          and gone_at < now() - make_interval(secs => $2)`,
      values: [owners, forgottenAfterSeconds],
    })
    await tx.query({
      text: 'update processes set gone_at = coalesce(gone_at, now()) where owner = any($1::bigint[])',
      values: [owners],
    })
  })
