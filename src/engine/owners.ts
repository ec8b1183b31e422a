import type { Resource } from '#src/element/index.ts'
import { createClockCache } from '#src/lib/clock-cache.ts'
import type { HubRow } from './rows.ts'

/**
 * Remembers whose row was seen in a listing, since some vendors want the owner named on calls on one row.
 * A hint only: forgotten at the end of the process, and then the caller names the owner.
 */
export const createOwners = () => {
  const seen = createClockCache<string, string>({ capacity: 50_000 })
  const keyOf = (scope: string, resource: Resource, id: string): string => `${scope}/${resource.name}/${id}`

  return {
    note: (scope: string, resource: Resource, row: HubRow): void => {
      if (resource.owner === undefined) return
      const owner = row[resource.owner.field]
      if (typeof owner === 'string' && owner !== '')
        seen.set(keyOf(scope, resource, String(row[resource.key])), owner)
    },
    /** The query of a call on one row: the owner that the caller named, else the one that was seen. */
    query: (
      scope: string,
      resource: Resource,
      id: string,
      named: string | undefined,
    ): readonly (readonly [string, string])[] => {
      if (resource.owner === undefined) return []
      const owner = named ?? seen.get(keyOf(scope, resource, id))
      return owner === undefined ? [] : [[resource.owner.param, owner]]
    },
  }
}

export type Owners = ReturnType<typeof createOwners>
