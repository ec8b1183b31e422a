import { invalid } from './errors.ts'
import { struck } from './faults.ts'
import { objectOf } from './objects.ts'
import { type Ask, isObject, type Operation, objectIn, type Reply, type Sandbox } from './operation.ts'
import { type ObjectName, properties } from './properties.ts'
import { type CrmRecord, shownRecord, textOf } from './records.ts'
import { type Matches, matchesOf } from './search-match.ts'

/** The search with its limits. Follows: developers.hubspot.com, CRM search, "Limits". Not compared with the page. */

const mostCharacters = 3_000

const groupsIn = (object: ObjectName, given: unknown): readonly (readonly Matches[])[] => {
  const groups = Array.isArray(given) ? given : []
  if (groups.length > 5) throw invalid('filterGroups: at most 5')
  const read = groups.map((group: unknown) => {
    const filters = isObject(group) && Array.isArray(group['filters']) ? group['filters'] : []
    if (filters.length === 0 || filters.length > 6) throw invalid('filters: 1 to 6 in a group')
    return filters.map((filter: unknown) => matchesOf(object, filter))
  })
  if (read.flat().length > 18) throw invalid('filters: at most 18 in all groups')
  return read
}

/** One property alone; without one the oldest come first. */
const sorterIn = (object: ObjectName, given: unknown) => {
  const [sort] = Array.isArray(given) ? given : []
  const name = isObject(sort) ? String(sort['propertyName']) : 'createdate'
  const property = Object.hasOwn(properties[object], name) ? properties[object][name] : undefined
  if (property === undefined) throw invalid(`sorts: unknown property ${name}`)
  const sign = isObject(sort) && sort['direction'] === 'DESCENDING' ? -1 : 1
  const keyOf = (record: CrmRecord): number | string => {
    const text = textOf(object, record, name) ?? ''
    return property.kind === 'number' ? Number(text) : text
  }
  return (one: CrmRecord, other: CrmRecord): number => {
    const [left, right] = [keyOf(one), keyOf(other)]
    if (left === right) return one.id - other.id
    return left < right ? -sign : sign
  }
}

const wholeIn = (name: string, given: unknown, least: number, most: number, otherwise: number): number => {
  const number = given === undefined ? otherwise : Number(given)
  if (Number.isInteger(number) && number >= least && number <= most) return number
  throw invalid(`${name} must be between ${String(least)} and ${String(most)}`)
}

/** What the index has seen; it lags behind where a fault says so. */
const seen = ({ state, clock }: Sandbox, object: ObjectName): readonly CrmRecord[] => {
  const lag = struck(state.memory.faults, 'search-lag', 'search')?.fault.value
  const records = state.records(object)
  if (lag === undefined) return records
  return records.filter(({ updatedAt }) => updatedAt <= clock.now() - lag * 1_000)
}

const search = (sandbox: Sandbox, ask: Ask): Reply => {
  const object = objectOf(ask)
  if (ask.body.length > mostCharacters)
    throw invalid(`The request is longer than ${String(mostCharacters)} characters`)
  const body = objectIn(ask)
  const groups = groupsIn(object, body['filterGroups'])
  const limit = wholeIn('limit', body['limit'], 1, 200, 10)
  const after = wholeIn('after', body['after'], 0, Number.MAX_SAFE_INTEGER, 0)
  if (after + limit > sandbox.mostFound)
    throw invalid(`paging: no more than ${String(sandbox.mostFound)} results of one search`)
  const found = seen(sandbox, object)
    .filter(
      (record) => groups.length === 0 || groups.some((group) => group.every((matches) => matches(record))),
    )
    .sort(sorterIn(object, body['sorts']))
  const asked = Array.isArray(body['properties']) ? body['properties'].map(String) : []
  const end = after + limit
  return {
    status: 200,
    body: {
      total: found.length,
      results: found.slice(after, end).map((record) => shownRecord(object, record, asked)),
      ...(end < found.length ? { paging: { next: { after: String(end) } } } : {}),
    },
  }
}

export const searchOperation: Operation = {
  name: 'search',
  method: 'POST',
  path: '/crm/v3/objects/{object}/search',
  access: 'token',
  run: search,
}
