import { isJsonObject, type Json, type JsonObject } from '#src/lib/json.ts'

/** One step into a JSON value: a name, an item by its number, or every item. */
type Step = string | number | 'every-item'

const everyItem = 'every-item'

/** A path as element JSON writes it: `data.items`, `Items[*]`, `[0]`, `hits[*].source`. Empty: no step. */
const stepsOf = (path: string): readonly Step[] =>
  [...path.matchAll(/\[(\d+|\*)\]|([^.[\]]+)/g)].map(([, index, name]): Step => {
    if (index === '*') return everyItem
    return index === undefined ? (name ?? '') : Number(index)
  })

const follow = (value: Json | undefined, steps: readonly Step[]): Json | undefined => {
  const [step, ...rest] = steps
  if (step === undefined || value === undefined) return value
  if (step === everyItem) {
    if (!Array.isArray(value)) return undefined
    return value.map((item: Json) => follow(item, rest)).filter((item) => item !== undefined)
  }
  if (typeof step === 'number') return follow(Array.isArray(value) ? value[step] : undefined, rest)
  return follow(isJsonObject(value) && Object.hasOwn(value, step) ? value[step] : undefined, rest)
}

/**
 * The value at a path of element JSON; undefined where it leads nowhere. A name that itself holds dots wins over the
 * path that it could be.
 */
export const valueAt = (value: Json | undefined, path: string): Json | undefined => {
  if (isJsonObject(value) && Object.hasOwn(value, path)) return value[path]
  return follow(value, stepsOf(path))
}

/** A copy of an object with a value under a dotted name; what stands in the way is replaced. */
export const withValueAt = (into: JsonObject, path: string, value: Json): JsonObject => {
  const [name = '', ...rest] = path.split('.')
  if (rest.length === 0) return { ...into, [name]: value }
  const inner = into[name]
  return { ...into, [name]: withValueAt(isJsonObject(inner) ? inner : {}, rest.join('.'), value) }
}

/** The two sides of a root key, `request|response` (spec/contract.md 2.1); one alone is the reply's. */
export interface RootKey {
  /** What a request's body goes under; empty: nothing. */
  readonly request: string
  /** Where a reply holds the rows or the row; empty: it is them. */
  readonly response: string
}

export const rootKeyOf = (text: string | null | undefined): RootKey => {
  const [first = '', ...rest] = (text ?? '').trim().split('|')
  return rest.length === 0
    ? { request: '', response: first.trim() }
    : { request: first.trim(), response: rest.join('|').trim() }
}
