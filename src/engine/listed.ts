import type { Given, Resource, Shows } from '#src/element/index.ts'
import { chosenOf } from './chosen.ts'
import type { Connection, EngineNeed } from './connection.ts'
import { filtersOf } from './filters.ts'
import type { HubRow } from './rows.ts'
import { walkPages } from './walk.ts'

const usualLimit = 100

/**
 * A row that is found by walking its listing, since the vendor has no call for one; undefined: there is none.
 * @throws AppError `query-too-broad` and what else listing throws.
 */
export const findListed = async (
  need: EngineNeed,
  connection: Connection,
  resource: Resource,
  id: string,
  given: Given,
  shows: Shows,
): Promise<HubRow | undefined> => {
  const pushed = filtersOf(resource).flatMap((filter) => {
    const value = given[filter.param]
    return value === undefined ? [] : [{ filter, value }]
  })
  const limit = 'maxSize' in resource.page ? resource.page.maxSize : usualLimit
  const plan = { key: null, pushed, rest: null, groups: [], asked: null }
  for await (const page of walkPages(
    {
      need,
      connection,
      resource,
      plan,
      limit,
      shows,
      chosen: chosenOf(resource, [], true),
      spent: { pages: 0 },
    },
    { cursor: null, skip: 0 },
  )) {
    const found = page.rows.find((row) => String(row.id) === id || String(row[resource.key]) === id)
    if (found !== undefined) return found
  }
  return undefined
}
