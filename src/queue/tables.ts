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

export interface GrantDueKey {
  readonly organizationId: number
  readonly instanceId: number
  readonly principal: 'user' | 'company'
}

/**
 * What vendors granted: due when it is to be renewed or looked after, leased also by calls that need a new token
 * at once. The lease is longer than a token call may take.
 */
export const grantsDue = dueTable<GrantDueKey>({
  name: 'grants',
  key: { organizationId: 'bigint', instanceId: 'bigint', principal: 'text' },
  leaseSeconds: 25,
})

/** Every due table of the product: what an ended process held in any of them is freed. */
export const dueTables = [choreTable, grantsDue] as const
