import type { Resource } from '#src/element/index.ts'
import type { Connection } from './connection.ts'
import type { WherePlan } from './where.ts'

/**
 * A listing that names nobody shows everybody's rows, where the connection is set to it and the vendor has a
 * value that means all; else it is noted that it shows the connected person's own.
 */
export const forOwners = (connection: Connection, resource: Resource, plan: WherePlan): WherePlan => {
  const { owner } = resource
  if (owner === undefined || plan.key !== null) return plan
  if (plan.pushed.some(({ filter }) => filter.param === owner.param)) return plan
  const filter = resource.filters.find(({ param }) => param === owner.param)
  if (filter === undefined || connection.ownersOf(resource) === 'own') {
    connection.notes.narrowed('own')
    return plan
  }
  return { ...plan, pushed: [{ filter, value: owner.everybody }, ...plan.pushed] }
}
