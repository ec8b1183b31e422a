import type { Queryable } from '#src/store/index.ts'
import type { TableShape } from './due-table.ts'

/** The one channel on which processes tell each other that work is due now; the payload is the table's name. */
export const dueChannel = 'due'

/**
 * Tells every worker of this table that a row is due now; they hear it when the transaction commits.
 * However often it is called in one transaction, PostgreSQL sends it once.
 */
export const wake = async (tx: Queryable, table: TableShape): Promise<void> => {
  await tx.query({ name: 'wake', text: 'select pg_notify($1, $2)', values: [dueChannel, table.name] })
}
