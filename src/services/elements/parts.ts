import type { ElementJson } from '#src/contract/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '#src/lib/json.ts'

export type PartList =
  | 'configuration'
  | 'parameters'
  | 'hooks'
  | 'models'
  | 'objects'
  | 'fields'
  | 'resources'

/** A list of a document: the element's own, or one inside a resource or an object. */
export interface PartPlace {
  readonly list: PartList
  readonly of?: { readonly list: 'resources' | 'objects'; readonly id: number }
}

type Items = readonly JsonObject[]

const one: Readonly<Record<PartList, string>> = {
  configuration: 'configuration',
  parameters: 'parameter',
  hooks: 'hook',
  models: 'model',
  objects: 'object',
  fields: 'field',
  resources: 'resource',
}

/** There is no such part of the element, or none that is the caller's to change. */
export const noPart = (list: PartList, id: number | string): AppError =>
  new AppError('not-found', `No ${one[list]} found with id ${String(id).slice(0, 64)}`)

const itemsOf = (value: Json | undefined): Items => (Array.isArray(value) ? value.filter(isJsonObject) : [])

/** The items of a list. @throws AppError `not-found` where the resource or object of it is not there. */
export const itemsAt = (document: object, { list, of }: PartPlace): Items => {
  const whole = document as JsonObject
  if (of === undefined) return itemsOf(whole[list])
  const holder = itemsOf(whole[of.list]).find(({ id }) => id === of.id)
  if (holder === undefined) throw noPart(of.list, of.id)
  return itemsOf(holder[list])
}

/** A document whose list is changed. @throws AppError `not-found` as above. */
export const withItems = (
  document: ElementJson,
  place: PartPlace,
  change: (items: Items) => Items,
): ElementJson => {
  const items = change(itemsAt(document, place))
  const { list, of } = place
  if (of === undefined) return { ...document, [list]: items }
  const holders = itemsOf((document as JsonObject)[of.list])
  return {
    ...document,
    [of.list]: holders.map((holder) => (holder.id === of.id ? { ...holder, [list]: items } : holder)),
  }
}

/** The item of a number. @throws AppError `not-found`. */
export const itemAt = (document: object, place: PartPlace, id: number): JsonObject => {
  const found = itemsAt(document, place).find((item) => item.id === id)
  if (found === undefined) throw noPart(place.list, id)
  return found
}
