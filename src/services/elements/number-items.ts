import type { ElementJson } from '#src/contract/index.ts'
import { isJsonObject, type Json, type JsonObject } from '#src/lib/json.ts'
import { operationPlace } from '../catalogue/index.ts'

/** What numbers the items of one list, and the lists inside of them. */
interface Kind {
  /** What an item is known by where it comes without its number. */
  readonly name: (item: JsonObject) => string
  readonly lists?: Readonly<Record<string, Kind>>
  /** Members that are one item. */
  readonly single?: readonly string[]
}

const named =
  (...members: readonly string[]) =>
  (item: JsonObject): string =>
    JSON.stringify(members.map((member) => item[member] ?? null))

const parameters: Kind = { name: named('type', 'name', 'vendorType', 'vendorName', 'source') }
const hooks: Kind = { name: named('type') }
const fields: Kind = { name: named('name') }

const resources: Kind = {
  name: (item) => operationPlace({ method: String(item.method), path: String(item.path) }),
  lists: { parameters, hooks },
  single: ['model'],
}

/** The lists of a document whose items have numbers. */
const kinds: Readonly<Record<string, Kind>> = {
  configuration: { name: named('key') },
  parameters,
  resources,
  hooks,
  objects: { name: named('name'), lists: { fields } },
  models: { name: named('name'), lists: { modelFields: fields } },
}

const itemsIn = (value: Json | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter(isJsonObject) : []

/** Which stored item each item is: by its number, else by its name; none twice. */
const matched = (
  items: readonly JsonObject[],
  before: readonly JsonObject[],
  name: Kind['name'],
): readonly (JsonObject | undefined)[] => {
  const free = new Map(before.map((one) => [one.id, one]))
  const byId = items.map(({ id }) => {
    const one = typeof id === 'number' ? free.get(id) : undefined
    free.delete(id ?? null)
    return one
  })
  const byName = new Map<string, JsonObject[]>()
  for (const one of free.values()) byName.set(name(one), [...(byName.get(name(one)) ?? []), one])
  return items.map((item, at) => byId[at] ?? byName.get(name(item))?.shift())
}

/** The numbers that items came with, and those that they have now. */
type Renumbered = Map<number, number>

const numberItem = (
  item: JsonObject,
  before: JsonObject | undefined,
  { lists = {}, single = [] }: Partial<Kind>,
  nextId: () => number,
  renumbered: Renumbered,
): JsonObject => {
  const id = typeof before?.id === 'number' ? before.id : nextId()
  if (typeof item.id === 'number') renumbered.set(item.id, id)
  const { id: _sent, ...rest } = item
  const changed = Object.entries(rest).map(([name, value]): [string, Json] => {
    const kind = Object.hasOwn(lists, name) ? lists[name] : undefined
    if (kind !== undefined && Array.isArray(value))
      return [name, numberList(itemsIn(value), itemsIn(before?.[name]), kind, nextId, new Map())]
    const there = before?.[name]
    return single.includes(name) && isJsonObject(value)
      ? [name, numberItem(value, isJsonObject(there) ? there : undefined, {}, nextId, new Map())]
      : [name, value]
  })
  return { id, ...Object.fromEntries(changed) }
}

const numberList = (
  items: readonly JsonObject[],
  before: readonly JsonObject[],
  kind: Kind,
  nextId: () => number,
  renumbered: Renumbered,
): readonly JsonObject[] => {
  const known = matched(items, before, kind.name)
  return items.map((item, at) => numberItem(item, known[at], kind, nextId, renumbered))
}

/** Models name the resources that they are of, by number. */
const withResources = (model: JsonObject, renumbered: Renumbered): JsonObject =>
  Array.isArray(model.resources)
    ? {
        ...model,
        resources: itemsIn(model.resources).map((one) => ({
          ...one,
          id: renumbered.get(Number(one.id)) ?? one.id ?? null,
        })),
      }
    : model

/**
 * A document whose every part has a number: parts that were there keep theirs, whether they come with it or are only
 * called as before; new ones get a new one, whatever they came with.
 */
const numbered = (
  document: ElementJson,
  before: ElementJson | undefined,
  nextId: () => number,
): ElementJson => {
  const renumbered: Renumbered = new Map()
  const old = (before ?? {}) as JsonObject
  const whole = Object.entries(document as JsonObject).map(([name, value]): [string, Json] => {
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined
    if (kind === undefined || !Array.isArray(value)) return [name, value]
    const told = name === 'resources' ? renumbered : new Map<number, number>()
    return [name, numberList(itemsIn(value), itemsIn(old[name]), kind, nextId, told)]
  })
  const made = Object.fromEntries(whole) as JsonObject
  const models = itemsIn(made.models).map((model) => withResources(model, renumbered))
  return (Array.isArray(made.models) ? { ...made, models } : made) as unknown as ElementJson
}

/** The same, with numbers from the database. */
export const numberedFrom = async (
  document: ElementJson,
  before: ElementJson | undefined,
  nextIds: (count: number) => Promise<readonly number[]>,
): Promise<ElementJson> => {
  let count = 0
  numbered(document, before, () => {
    count += 1
    return 0
  })
  const ids = await nextIds(count)
  let at = 0
  return numbered(document, before, () => {
    const id = ids[at]
    at += 1
    if (id === undefined) throw new Error('too few numbers')
    return id
  })
}
