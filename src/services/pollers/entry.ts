import { type Element, pollerDefaults, type Resource, usualPollerQuery } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { unknownLetter } from '#src/lib/java-date.ts'
import type { JsonObject } from '#src/lib/json.ts'
import { isJsonObject } from '#src/lib/json.ts'
import { findZone } from '#src/lib/time-zone.ts'
import { dateMask, type MappingPlan, takingBoth, vendorField } from '../mapping/index.ts'
import { checkedVariables } from './variables.ts'

/** What a poller's name stands for. */
export interface Pollable {
  /** The vendor's. */
  readonly resource: Resource
  /** What it is seen through, of a common resource. */
  readonly plan?: MappingPlan | undefined
}

/** Where a row tells a time, and how it is written. */
export interface DateField {
  /** A dotted path. */
  readonly path: string
  /** A pattern of SimpleDateFormat; absent: ISO 8601 or milliseconds. */
  readonly format?: string
  /** Absent: UTC. */
  readonly zone?: string
}

/** How one resource of an instance is asked for its changes (spec/contract.md 6.1), checked and with its defaults. */
export interface PollerEntry {
  /** The vendor's. */
  readonly resource: string
  /**
   * What was configured of a common resource; the rest is what followed when it was stored. Rows are compared as the
   * vendor's, so that a mapping which changes makes no events.
   */
  readonly common?: { readonly name: string; readonly given: JsonObject }
  /** The query of the hub call, not encoded, with its variables; in the names of the common resource where it was said. */
  readonly query: string
  readonly queryIn?: 'common'
  /** A dotted path in the vendor's row, as that of a date is. */
  readonly idField: string
  /** Absent: rows tell no time of change, and the whole listing is compared. */
  readonly updated?: DateField
  readonly created?: DateField
  /** False: only what was created is an event. */
  readonly byUpdated: boolean
  /** Seconds between creation and change that still count as creation. */
  readonly toleranceSeconds: number
  /** Rows asked of the vendor at once. */
  readonly pageSize: number
  /** Seconds by which each poll looks further back. */
  readonly delaySeconds: number
  /** A row that two whole listings in a row do not have was deleted. */
  readonly deletes: boolean
}

const longestDelaySeconds = 86_400

const textIn = (from: JsonObject, name: string): string | undefined => {
  const value = from[name]
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
}

const numberIn = (
  from: JsonObject,
  name: string,
  where: string,
  fallback: number,
  [least, most]: readonly [number, number],
): number => {
  const text = textIn(from, name)
  if (text === undefined) return fallback
  const value = Number(text)
  if (Number.isFinite(value) && value >= least) return Math.min(value, most)
  throw new AppError('bad-request', `${where}.${name}: a number from ${least} to ${most}.`)
}

const flagIn = (from: JsonObject, names: readonly string[], fallback: boolean): boolean => {
  const found = names.map((name) => from[name]).find((value) => value !== undefined && value !== null)
  return found === undefined ? fallback : String(found).toLowerCase() !== 'false'
}

const checkedDate = (field: DateField, where: string): DateField => {
  const letter = field.format === undefined ? undefined : unknownLetter(field.format)
  if (letter !== undefined)
    throw new AppError(
      'bad-request',
      `${where}: the pattern '${field.format?.slice(0, 64)}' has '${letter}', which is no part of a date.`,
    )
  if (field.zone !== undefined && findZone(field.zone) === undefined)
    throw new AppError(
      'bad-request',
      `${where}: '${field.zone.slice(0, 64)}' is no time zone. Use a name such as Europe/Berlin or an offset such as -8:00.`,
    )
  return field
}

/** Where a name of a configuration stands in the vendor's row: it may be of the common resource or the vendor's. */
const vendorPath = ({ resource, plan }: Pollable, where: string, name: string): string =>
  plan === undefined ? name : vendorField(takingBoth(plan), resource, where, name)

/** Whether a common resource writes a date otherwise than the vendor's row, which is what is read. */
const isMasked = ({ plan }: Pollable, name: string): boolean =>
  plan?.fields.some(({ field }) => field.path === name && dateMask(field) !== undefined) === true

const dateField = (
  found: Pollable,
  dates: JsonObject,
  entry: JsonObject,
  kind: 'updated' | 'created',
  fallback: string | undefined,
  where: string,
): DateField | undefined => {
  const name = textIn(dates, `${kind}DateField`)
  const path = name === undefined ? fallback : vendorPath(found, `${where}.datesConfiguration`, name)
  if (path === undefined) return undefined
  if (name !== undefined && isMasked(found, name)) return { path }
  const format = textIn(dates, `${kind}DateFormat`)
  const zone = textIn(dates, `${kind}DateTimezone`) ?? textIn(entry, `${kind}DateTimezone`)
  return checkedDate(
    { path, ...(format === undefined ? {} : { format }), ...(zone === undefined ? {} : { zone }) },
    `${where}.datesConfiguration`,
  )
}

/** The resource and the query of a poller's URL: a hub call with or without its base, its hub or its host. */
const splitUrl = (element: Element, url: string, where: string): readonly [name: string, query: string] => {
  const [address = '', ...rest] = url.trim().split('?')
  const path = address.replace(/^https?:\/\/[^/]+/i, '').replace(/^\/?elements\/api-v\d+/, '')
  const segments = path.split('/').filter((segment) => segment !== '')
  const [first, , ...ofHub] = segments
  const [name, ...more] = first === 'hubs' ? ofHub : segments
  if (name === undefined || more.length > 0)
    throw new AppError(
      'bad-request',
      `${where}.url: '${url.slice(0, 100)}' is no list of a resource. Write /hubs/${element.hub}/{resource}?where=...`,
    )
  return [name, rest.join('?')]
}

/**
 * One entry of `event.poller.configuration`; what it leaves out follows from the element.
 * @throws AppError `bad-request`, `bad-query` naming the part that is wrong.
 */
export const readEntry = (
  element: Element,
  objectType: string,
  given: JsonObject,
  findResource: (name: string) => Pollable | undefined,
): PollerEntry => {
  const where = `configuration.event.poller.configuration.${objectType.slice(0, 64)}`
  const url = textIn(given, 'url')
  const [name, query] = url === undefined ? [objectType, undefined] : splitUrl(element, url, where)
  const found = findResource(name)
  if (found?.resource.verbs.search === undefined) {
    const known = Object.values(element.resources)
      .filter(({ changes }) => changes !== undefined)
      .map((one) => one.name)
    throw new AppError(
      'bad-request',
      `${where}: ${element.title} has no list '${name.slice(0, 64)}' here. Changes are found of ${known.join(', ')}.`,
    )
  }
  const { resource, plan } = found
  const { changes } = resource
  const dated = changes?.kind === 'dated' ? changes : undefined
  const dates = isJsonObject(given['datesConfiguration']) ? given['datesConfiguration'] : {}
  const updated = dateField(found, dates, given, 'updated', dated?.updated, where)
  const created = dateField(found, dates, given, 'created', dated?.created, where)
  const byUpdated = flagIn(given, ['filterByUpdatedDate', 'filterByUpdateDate'], true)
  if (!byUpdated && created === undefined)
    throw new AppError(
      'bad-request',
      `${where}.datesConfiguration.createdDateField: missing; filterByUpdatedDate false compares it.`,
    )
  const idField = textIn(given, 'idField')
  return {
    resource: resource.name,
    ...(plan === undefined ? {} : { common: { name, given } }),
    query: query === undefined ? usualPollerQuery(resource) : checkedVariables(query, `${where}.url`),
    ...(plan === undefined || query === undefined ? {} : { queryIn: 'common' as const }),
    idField: idField === undefined ? resource.key : vendorPath(found, `${where}.idField`, idField),
    ...(updated === undefined ? {} : { updated }),
    ...(created === undefined ? {} : { created }),
    byUpdated,
    toleranceSeconds: numberIn(
      given,
      'createdCheckTolerance',
      where,
      pollerDefaults.createdCheckTolerance,
      [0, 31_536_000],
    ),
    pageSize: numberIn(given, 'pageSize', where, pollerDefaults.pageSize, [1, 5_000]),
    delaySeconds: numberIn(given, 'pollDelay', where, pollerDefaults.pollDelay, [0, longestDelaySeconds]),
    deletes: changes?.kind === 'listing' && changes.deletes === true && (query ?? '') === '',
  }
}
