import { numberOfDecimal, printDecimal } from '#src/lib/decimal.ts'
import { AppError } from '#src/lib/errors.ts'
import { formatJavaDate, parseJavaDate, unknownLetter } from '#src/lib/java-date.ts'
import type { Json } from '#src/lib/json.ts'
import type { MappedField, MappingSetting } from '#src/store/index.ts'
import type { Convert } from './move.ts'

export type Direction = 'fromVendor' | 'toVendor'

/** Options of a whole transformation (spec/contract.md 8). The last does nothing without a script. */
const topTypes = ['passThrough', 'inherit', 'addToDocumentation', 'applyJSOnQueryFieldValue'] as const
const fieldTypes = ['passThrough', 'remove', 'transformDate', 'decimalString', 'defaultValue'] as const

/** What an option says of a direction; undefined: nothing. */
const said = (
  settings: readonly MappingSetting[],
  type: string,
  direction: Direction,
): boolean | undefined => {
  const value = settings.find((setting) => setting.type === type)?.properties?.[direction]
  if (value === undefined || value === null) return undefined
  return String(value).trim().toLowerCase() === 'true'
}

/** Whether what is not mapped passes as it is: unless it is said otherwise. */
export const passesUnmapped = (settings: readonly MappingSetting[], direction: Direction): boolean =>
  said(settings, 'passThrough', direction) ?? true

/** Whether a field is kept back. */
export const isRemoved = ({ configuration }: MappedField, direction: Direction): boolean =>
  said(configuration, 'remove', direction) === true || said(configuration, 'passThrough', direction) === false

/** The pattern in which the common resource writes a date; undefined: as the vendor does. */
export const dateMask = ({ configuration }: MappedField): string | undefined => {
  const pattern = configuration.find(({ type }) => type === 'transformDate')?.properties?.['pattern']
  return typeof pattern === 'string' && pattern.trim() !== '' ? pattern : undefined
}

/** A date in ISO 8601, in UTC without a zone, of one that is written by a pattern; undefined: it is none. */
export const isoOfMasked = (value: Json, pattern: string): string | undefined => {
  const ms = parseJavaDate(value, pattern)
  return ms === null ? undefined : new Date(ms).toISOString().slice(0, 19)
}

/** Whether the common resource writes a number as decimal text, as money is best kept. */
export const isDecimal = ({ configuration }: MappedField): boolean =>
  configuration.some(({ type }) => type === 'decimalString')

/**
 * What stands where the source of a field is absent or null: what is said of the direction, else `value`; undefined:
 * nothing. To the vendor it is of creates alone: a change says what it changes.
 */
export const defaultOf = ({ configuration }: MappedField, direction: Direction): Json | undefined => {
  const { properties = {} } = configuration.find(({ type }) => type === 'defaultValue') ?? {}
  const value = (properties[direction] ?? properties['value']) as Json | undefined
  return value === null ? undefined : value
}

const decimalConvert = (direction: Direction): Convert =>
  direction === 'fromVendor'
    ? (value) => (typeof value === 'number' ? printDecimal(value) : value)
    : (value) => (typeof value === 'string' ? (numberOfDecimal(value) ?? value) : value)

/** How a value is rewritten on its way; what is no date stays as it is. */
export const convertOf = (field: MappedField, direction: Direction): Convert | undefined => {
  const pattern = dateMask(field)
  if (pattern === undefined) return isDecimal(field) ? decimalConvert(direction) : undefined
  if (direction === 'toVendor') return (value) => isoOfMasked(value, pattern) ?? value
  return (value) => {
    const ms = parseJavaDate(value, undefined)
    return ms === null ? value : formatJavaDate(new Date(ms), pattern)
  }
}

const checkType = (where: string, type: string, known: readonly string[]): void => {
  if (known.includes(type)) return
  throw new AppError(
    'bad-request',
    `${where}: '${type.slice(0, 64)}' is no option here. There are ${known.join(', ')}.`,
  )
}

/** @throws AppError `bad-request` naming an option that there is not. */
export const checkTopSettings = (settings: readonly MappingSetting[]): void => {
  for (const [at, { type }] of settings.entries()) checkType(`configuration.${at}.type`, type, topTypes)
}

/** @throws AppError `bad-request` naming an option that there is not, or a pattern that is none. */
export const checkFieldSettings = (where: string, field: MappedField): void => {
  for (const [at, { type }] of field.configuration.entries())
    checkType(`${where}.configuration.${at}.type`, type, fieldTypes)
  const given = field.configuration.find(({ type }) => type === 'defaultValue')
  if (
    given !== undefined &&
    !['value', 'fromVendor', 'toVendor'].some((name) => given.properties?.[name] != null)
  )
    throw new AppError(
      'bad-request',
      `${where}.configuration: defaultValue has no value. Send properties.value, or fromVendor and toVendor.`,
    )
  const pattern = dateMask(field)
  const letter = pattern === undefined ? undefined : unknownLetter(pattern)
  if (letter !== undefined)
    throw new AppError(
      'bad-request',
      `${where}.configuration: the pattern '${pattern?.slice(0, 64)}' has '${letter}', which is no part of a date.`,
    )
}
