import { isJsonObject, type Json, type JsonObject } from '#src/lib/json.ts'
import type { MapPath, MapStep } from './path.ts'

/** A row that is being made: its objects and arrays are nobody else's, so they may be written. */
export type Draft = Record<string, Json>
type DraftArray = Json[]

/** A copy that may be written, at any depth. */
export const copyOf = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(copyOf)
  if (!isJsonObject(value)) return value
  const copy: Draft = {}
  for (const name of Object.keys(value)) set(copy, name, copyOf(value[name] ?? null))
  return copy
}

/** `__proto__` is a name like any other. */
const set = (row: Draft, name: string, value: Json): void => {
  if (name === '__proto__')
    Object.defineProperty(row, name, { value, enumerable: true, configurable: true, writable: true })
  else row[name] = value
}

const isMatch = (item: Json, member: string, value: string): boolean =>
  isJsonObject(item) && Object.hasOwn(item, member) && String(item[member]) === value

const enter = (value: Json | undefined, step: MapStep): Json | undefined => {
  if (step.kind === 'name')
    return isJsonObject(value) && Object.hasOwn(value, step.name) ? value[step.name] : undefined
  if (!Array.isArray(value)) return undefined
  const items = value as readonly Json[]
  if (step.kind === 'index') return items[step.index]
  if (step.kind === 'match') return items.find((item) => isMatch(item, step.member, step.value))
  return step.kind === 'size' ? items.length : undefined
}

/** The value at the end of a path without `[*]`; undefined where nothing stands. */
export const read = (value: Json | undefined, path: MapPath): Json | undefined => path.reduce(enter, value)

/** The parts of a path between its `[*]`. */
export type Segments = readonly MapPath[]

export const segmentsOf = (path: MapPath): Segments => {
  const segments: MapStep[][] = [[]]
  for (const step of path) {
    if (step.kind === 'each') segments.push([])
    else segments.at(-1)?.push(step)
  }
  return segments
}

/** What has to stand where the next step goes on. */
const containerFor = (next: MapStep | undefined): Draft | DraftArray =>
  next === undefined || next.kind === 'name' ? {} : []

const isDraft = (value: Json | undefined): value is Draft => isJsonObject(value)

/** The container of that step in a draft, made where there is none of its kind. */
const inner = (container: Draft | DraftArray, step: MapStep, next: MapStep): Draft | DraftArray => {
  const found = enter(container, step)
  const wanted = containerFor(next)
  if (found !== undefined && Array.isArray(found) === Array.isArray(wanted) && typeof found === 'object')
    if (found !== null) return found as Draft | DraftArray
  put(container, step, wanted)
  return wanted
}

const fillUpTo = (items: DraftArray, index: number): void => {
  while (items.length < index) items.push({})
}

const put = (container: Draft | DraftArray, step: MapStep, value: Json): void => {
  if (!Array.isArray(container)) {
    if (step.kind === 'name') set(container, step.name, value)
    return
  }
  if (step.kind === 'index') {
    fillUpTo(container, step.index)
    container[step.index] = value
  } else if (step.kind === 'match') {
    const item: Draft = isDraft(value) ? value : {}
    if (!Object.hasOwn(item, step.member)) set(item, step.member, step.value)
    const at = container.findIndex((one) => isMatch(one, step.member, step.value))
    if (at < 0) container.push(item)
    else container[at] = item
  }
}

/** Writes a value at the end of a path without `[*]`. */
const write = (row: Draft, path: MapPath, value: Json): void => {
  let container: Draft | DraftArray = row
  for (const [at, step] of path.entries()) {
    const next = path[at + 1]
    if (next === undefined) put(container, step, value)
    else container = inner(container, step, next)
  }
}

/** The array at the end of a path without `[*]`, made where there is none. */
const arrayAt = (row: Draft, path: MapPath): DraftArray => {
  const found = read(row, path)
  if (Array.isArray(found)) return found as DraftArray
  const made: DraftArray = []
  write(row, path, made)
  return made
}

/** The draft that an item of an array is; an item that is none becomes one. */
const itemAt = (items: DraftArray, at: number): Draft => {
  fillUpTo(items, at)
  const found = items[at]
  if (isDraft(found)) return found
  const made: Draft = {}
  items[at] = made
  return made
}

/** Every value behind the `[*]` of a path, in one list. */
const gather = (value: Json, [first = [], ...rest]: Segments, into: Json[]): void => {
  const found = read(value, first)
  if (found === undefined) return
  if (rest.length === 0) into.push(found)
  else if (Array.isArray(found)) for (const item of found as readonly Json[]) gather(item, rest, into)
}

/** What becomes of a value on its way. */
export type Convert = (value: Json) => Json

/** What a moved value becomes, and what stands for one that is absent or null; undefined: nothing. */
export interface Moving {
  readonly convert?: Convert | undefined
  readonly otherwise?: Json | undefined
}

const asItIs: Convert = (value) => value
const plainly: Moving = {}

/**
 * Copies what stands under a path of `from` to a path of `into`: item by item where both go through an array, as one
 * list where only the first does, spread over items where only the second does. What is absent is not written, but for
 * what stands for it.
 */
export const move = (
  from: Json,
  source: Segments,
  into: Draft,
  target: Segments,
  moving: Moving = plainly,
): void => {
  const { convert = asItIs, otherwise } = moving
  const [here = [], ...more] = source
  const [there = [], ...beyond] = target
  if (more.length > 0 && beyond.length === 0) {
    const found: Json[] = []
    gather(from, source, found)
    if (read(from, here) !== undefined) write(into, there, found.map(convert))
    return
  }
  const found = read(from, here)
  if (beyond.length === 0 && otherwise !== undefined && (found ?? null) === null) {
    write(into, there, copyOf(otherwise))
    return
  }
  if (found === undefined) return
  if (beyond.length === 0) {
    write(into, there, convert(found))
    return
  }
  if (!Array.isArray(found)) return
  const items = arrayAt(into, there)
  for (const [at, item] of (found as readonly Json[]).entries())
    move(item, more.length > 0 ? more : [[]], itemAt(items, at), beyond, moving)
}

const isEmpty = (value: Json | undefined): boolean => {
  if (Array.isArray(value)) return (value as readonly Json[]).every(isEmpty)
  return isJsonObject(value) && Object.keys(value).length === 0
}

/** Takes out what is empty on the way to a value that was taken out, so that nothing of a mapping's source stays. */
const dropEmpty = (row: Draft, path: MapPath): void => {
  if (path.length > 0 && isEmpty(read(row, path))) dropAt(row, path)
}

const dropAt = (row: Draft, path: MapPath): void => {
  const last = path.at(-1)
  const holder = read(row, path.slice(0, -1))
  if (last?.kind === 'name' && isDraft(holder)) delete (holder as Draft)[last.name]
  dropEmpty(row, path.slice(0, -1))
}

/** Takes what stands under a path out of a draft; objects that are empty then, and lists of such, go too. */
export const dropFrom = (row: Draft, [here = [], ...more]: Segments): void => {
  const found = read(row, here)
  if (found === undefined) return
  if (more.length === 0) {
    dropAt(row, here)
    return
  }
  if (!Array.isArray(found)) return
  for (const item of found as Json[]) if (isDraft(item)) dropFrom(item, more)
  dropEmpty(row, here)
}

/** The members of a row but some, its values shared; those in `copied` may be written in the result. */
export const membersWithout = (
  row: JsonObject,
  left: ReadonlySet<string>,
  copied: ReadonlySet<string>,
): Draft => {
  const made: Draft = {}
  for (const name of Object.keys(row)) {
    const value = row[name]
    if (value === undefined || left.has(name)) continue
    set(made, name, copied.has(name) ? copyOf(value) : value)
  }
  return made
}
