import { useSuspenseQueries, useSuspenseQuery } from '@tanstack/react-query'
import { definitionsQuery } from '../../api/mapping.ts'
import { account, organization, type Place, placeOf } from '../../api/places.ts'
import { instancesQuery } from '../../api/queries.ts'
import type { Definition } from '../../api/shapes.ts'

/** Each place is asked by itself; of instances so many. */
export const mostInstances = 50

export interface Defined {
  readonly place: Place
  readonly definition: Definition
}

/** What every place defines, by name, the organization's first. */
export const useDefinitions = (): ReadonlyMap<string, readonly Defined[]> => {
  const { data: instances } = useSuspenseQuery(instancesQuery)
  const places = [organization, account, ...instances.slice(0, mostInstances).map(placeOf)]
  const found = useSuspenseQueries({ queries: places.map(definitionsQuery) })
  const byName = new Map<string, Defined[]>()
  for (const [at, place] of places.entries())
    for (const [name, definition] of Object.entries(found[at]?.data ?? {}))
      byName.set(name, [...(byName.get(name) ?? []), { place, definition }])
  return byName
}
