import type { Resource } from '#src/element/index.ts'
import { isJsonObject, type JsonObject } from '#src/lib/json.ts'

/**
 * The members that the vendor is asked for (`Resource.chosen`); none: it decides.
 * @param named the fields that the caller names, to show, to compare or to sort by.
 * @param all whether the row is shown whole.
 */
export const chosenOf = ({ chosen }: Resource, named: readonly string[], all: boolean): readonly string[] => {
  if (chosen === undefined) return []
  const below = `${chosen.within}.`
  const members = named.filter((name) => name.startsWith(below)).map((name) => name.slice(below.length))
  const usual = all || named.includes(chosen.within) ? chosen.usual : []
  return [...new Set([...usual, ...members])]
}

/** The parameter that asks for them. */
export const chosenQuery = (
  { chosen }: Resource,
  members: readonly string[],
): readonly (readonly [name: string, value: string])[] =>
  chosen === undefined || members.length === 0 ? [] : [[chosen.param, members.join(',')]]

/** The members of a row that was just written: the usual ones, and what was written of others. */
export const chosenAfter = (resource: Resource, written: JsonObject): readonly string[] | undefined => {
  const { chosen } = resource
  if (chosen === undefined) return undefined
  const members = written[chosen.within]
  const names = isJsonObject(members) ? Object.keys(members) : []
  return chosenOf(
    resource,
    names.map((name) => `${chosen.within}.${name}`),
    true,
  )
}
