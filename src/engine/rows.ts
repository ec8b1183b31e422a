import { type Field, joinKey, type Members, type Path, type Resource, readPath } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '#src/lib/json.ts'
import { checkedName, idName } from './names.ts'

/** A row as the vendor sent it. */
export type VendorRow = JsonObject
/** A row as the hub shows it. */
export type HubRow = JsonObject

/** What a create or an update came to. */
export interface WriteResult {
  readonly row: HubRow
  /** Fields of the body that only the vendor sets. */
  readonly ignored: readonly string[]
  /** The write happened, but reading the row back did not: why. */
  readonly unread?: string
}

interface Named {
  readonly name: string
  readonly from: Path | null
  readonly field: Field
}

const namedFields = new WeakMap<Resource, readonly Named[]>()

/** What the vendor writes as we show it. */
const shownValue = ({ values, otherwise }: Field, value: Json): Json => {
  const pair = values?.find(([vendor]) => vendor === value)
  if (pair !== undefined) return pair[1]
  return otherwise === undefined ? value : otherwise
}

/** Each field with where the vendor's row holds it; null: under its own name. Made once a resource. */
const fieldsOf = (resource: Resource): readonly Named[] => {
  const known = namedFields.get(resource)
  if (known !== undefined) return known
  const made = Object.entries(resource.fields).map(([name, field]) => ({
    name,
    from: field.from ?? null,
    field,
  }))
  namedFields.set(resource, made)
  return made
}

const readNamed = (resource: Resource, row: VendorRow): HubRow => {
  const read: Record<string, Json> = {}
  for (const { name, from, field } of fieldsOf(resource)) {
    const value = from === null ? row[name] : readPath(row, from)
    if (value !== undefined) read[name] = shownValue(field, value)
  }
  return read
}

/** A row's key, made of several fields where no single one is it. */
const keyIn = (resource: Resource, row: HubRow): Json | undefined => {
  if (resource.keyOf === undefined) return row[resource.key]
  const parts = resource.keyOf.map((name) => row[name] ?? '')
  return parts.every((part) => part === '') ? undefined : joinKey(parts.map(String))
}

/**
 * A vendor's row under the element's field names, with the key as `id` beside it.
 * @throws AppError `provider-failed` when the key is missing.
 */
export const toHubRow = (resource: Resource, row: VendorRow): HubRow => {
  const read = resource.keepUnknown ? row : readNamed(resource, row)
  const key = keyIn(resource, read)
  if (typeof key !== 'string' && typeof key !== 'number') {
    if (resource.openFields !== undefined) return read
    throw new AppError('provider-failed', `A row of ${resource.name} came without its ${resource.key}.`, {
      hop: 'provider',
    })
  }
  return resource.key === idName && resource.keyOf === undefined ? read : { [idName]: String(key), ...read }
}

const put = (into: Record<string, Json>, path: readonly string[], value: Json): void => {
  const [first = '', ...rest] = path
  if (rest.length === 0) {
    into[first] = value
    return
  }
  const inner = into[first]
  const next: Record<string, Json> = isJsonObject(inner) ? { ...inner } : {}
  put(next, rest, value)
  into[first] = next
}

/** Where a write puts a field. */
const placeOf = (name: string, { to, from }: Field): readonly string[] => {
  if (to !== undefined) return to
  const names = from?.filter((step) => typeof step === 'string') ?? []
  return from !== undefined && names.length === from.length ? names : [name]
}

/** What a caller sent, ready for the vendor, and which of its fields were left out. */
export interface VendorBody {
  readonly body: JsonObject
  readonly ignored: readonly string[]
}

const written = (field: Field, value: Json): Json => {
  const sent = field.values?.find(([, shown]) => shown === value)
  if (sent !== undefined) return sent[0]
  if (field.sendMember === undefined || !isJsonObject(value)) return value
  const member = field.sendMember.find((name) => typeof value[name] === 'string' && value[name] !== '')
  return member === undefined ? null : (value[member] ?? null)
}

/** A value with what the vendor takes in place of null, for itself and for each of its members. */
const withoutNulls = (value: Json, emptiedBy: string | undefined, isUpdate: boolean): Json => {
  if (emptiedBy === undefined) return value
  if (value === null) return emptiedBy
  if (!isJsonObject(value)) return value
  const members = Object.entries(value).flatMap(([name, inner]): [string, Json][] =>
    inner === null ? (isUpdate ? [[name, emptiedBy]] : []) : [[name, inner]],
  )
  return Object.fromEntries(members)
}

/** What a write takes of a value (`Field.members`); what it does not is named in `ignored`, below `name`. */
const taken = (value: Json, members: Members, isUpdate: boolean, name: string, ignored: string[]): Json => {
  if (Array.isArray(value)) return value.map((item: Json) => taken(item, members, isUpdate, name, ignored))
  if (!isJsonObject(value)) return value
  const kept: Record<string, Json> = {}
  for (const [inner, member] of Object.entries(value)) {
    const takes = Object.hasOwn(members, inner) ? members[inner] : undefined
    const path = `${name}.${inner}`
    if (typeof takes === 'object') kept[inner] = taken(member, takes, isUpdate, path, ignored)
    else if (takes === 'write' || (takes === 'once' && !isUpdate)) kept[inner] = member
    else if (member !== null && !ignored.includes(path)) ignored.push(path)
  }
  return kept
}

const orders = new WeakMap<Resource, ReadonlyMap<string, number>>()

/** Where each field stands in the resource. Made once a resource. */
const orderOf = (resource: Resource): ReadonlyMap<string, number> => {
  const known = orders.get(resource)
  if (known !== undefined) return known
  const made = new Map(Object.keys(resource.fields).map((name, at) => [name, at]))
  orders.set(resource, made)
  return made
}

/** The members of a body in the order of the resource's fields: what depends on another stands after it there. */
const inOrder = (
  resource: Resource,
  input: JsonObject,
): readonly (readonly [name: string, value: Json])[] => {
  const order = orderOf(resource)
  return Object.entries(input).sort(
    ([one], [other]) => (order.get(one) ?? order.size) - (order.get(other) ?? order.size),
  )
}

const notOnUpdate: ReadonlySet<Field['access']> = new Set(['read', 'once'])
const notOnCreate: ReadonlySet<Field['access']> = new Set(['read', 'change-only'])
const notSent = (isUpdate: boolean): ReadonlySet<Field['access']> => (isUpdate ? notOnUpdate : notOnCreate)

/**
 * The writable fields of a body, in the order of the resource's fields. Nulls are kept on an update (they clear a field) and left out of a
 * create; read-only and unknown fields are left out and named (spec/behaviour.md 0, tolerance).
 */
export const toVendorBody = (resource: Resource, input: JsonObject, isUpdate: boolean): VendorBody => {
  if (resource.openFields !== undefined) return { body: input, ignored: [] }
  const body: Record<string, Json> = {}
  const ignored: string[] = []
  for (const [given, value] of inOrder(resource, input)) {
    if (given === idName && !Object.hasOwn(resource.fields, idName)) continue
    const field = Object.hasOwn(resource.fields, given) ? resource.fields[given] : undefined
    if (field === undefined || notSent(isUpdate).has(field.access)) {
      ignored.push(given)
      continue
    }
    if (value === null && !isUpdate) continue
    const { members, emptiedBy } = field
    const whole = withoutNulls(written(field, value), emptiedBy, isUpdate)
    put(
      body,
      placeOf(given, field),
      members === undefined ? whole : taken(whole, members, isUpdate, given, ignored),
    )
  }
  return { body, ignored }
}

/** A row without its null fields, at any depth. */
export const dropNulls = (value: Json): Json => {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(dropNulls)
  const row = value as JsonObject
  const kept: Record<string, Json> = {}
  for (const name in row) {
    const inner = row[name]
    if (inner !== null && inner !== undefined)
      kept[name] = typeof inner === 'object' ? dropNulls(inner) : inner
  }
  return kept
}

/**
 * Keeps only the named fields of a row, dotted names included; no names: all fields.
 * @throws AppError `bad-query` naming the nearest field.
 */
export const createProjection = (
  resource: Resource,
  fields: readonly string[],
): ((row: HubRow) => HubRow) => {
  if (fields.length === 0) return (row) => row
  const paths = fields.map((field) => {
    if (field === idName) return [idName]
    return checkedName(resource, field, 'fields').split('.')
  })
  return (row) => {
    const kept: Record<string, Json> = {}
    for (const path of paths) {
      const value = readPath(row, path)
      if (value !== undefined) put(kept, path, value)
    }
    return kept
  }
}
