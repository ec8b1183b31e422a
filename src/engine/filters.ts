import type { Filter, Resource } from '#src/element/index.ts'

const known = new WeakMap<Resource, readonly Filter[]>()

/** What narrows a listing: the vendor's parameters, and what addresses a list (`Resource.address`). */
export const filtersOf = (resource: Resource): readonly Filter[] => {
  if (resource.address === undefined) return resource.filters
  const made = known.get(resource)
  if (made !== undefined) return made
  const named = new Set(resource.filters.map(({ param }) => param))
  const all: readonly Filter[] = [
    ...resource.filters,
    ...resource.address
      .filter(({ name }) => !named.has(name))
      .map(({ name, description }): Filter => ({ param: name, means: 'equals', type: 'text', description })),
  ]
  known.set(resource, all)
  return all
}
