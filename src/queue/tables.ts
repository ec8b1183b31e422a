import { dueTable } from './due-table.ts'

export interface ChoreKey {
  readonly organizationId: number
  readonly name: string
}

/** Upkeep that one process does for all. A chore may take its time: its lease is renewed while it runs. */
export const choreTable = dueTable<ChoreKey>({
  name: 'chores',
  key: { organizationId: 'bigint', name: 'text' },
})

/** Every due table of the product: what an ended process held in any of them is freed. */
export const dueTables = [choreTable] as const
