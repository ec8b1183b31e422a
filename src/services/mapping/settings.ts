import { inexactWords, numberOfDecimal, printDecimal } from '#src/lib/decimal.ts'
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

/** An amount that would be changed, or be null in JSON, is refused: nobody would see it. */
const vendorNumber = (path: string, value: Json): Json => {
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new AppError('bad-request', `${path}: it is larger than any number. Send at most 15 digits.`)
  if (typeof value !== 'string') return value
  const number = numberOfDecimal(value)
  if (number === 'inexact') throw new AppError('bad-request', `${path}: ${inexactWords(value)}`)
  return number ?? value
}

const decimalConvert = (path: string, direction: Direction): Convert =>
  direction === 'fromVendor'
    ? (value) => (typeof value === 'number' ? printDecimal(value) : value)
    : (value) => vendorNumber(path, value)

/**
 * How a value is rewritten on its way; what is no date, or no number, stays as it is. To the vendor, a decimal text
 * that a number cannot hold throws AppError `bad-request` naming the field.
 */
export const convertOf = (field: MappedField, direction: Direction): Convert | undefined => {
  const pattern = dateMask(field)
  if (pattern === undefined) return isDecimal(field) ? decimalConvert(field.path, direction) : undefined
  if (direction === 'toVendor') return (value) => isoOfMasked(value, pattern) ?? value
  return (value) => {
    const ms = parseJavaDate(value, undefined)
    return ms === null ? value : formatJavaDate(new Date(ms), pattern)
  }
}

/**
 * What stands where the source of a field is absent or null: what is said of the direction, as it is; else `value`,
 * which is written as the common resource writes it, and rewritten on its way to the vendor; undefined: nothing.
 * To the vendor it is of creates alone: a change says what it changes.
 * @throws AppError as `convertOf`.
 */
export const defaultOf = (field: MappedField, direction: Direction): Json | undefined => {
  const { properties = {} } = field.configuration.find(({ type }) => type === 'defaultValue') ?? {}
  const own = (properties[direction] ?? undefined) as Json | undefined
  const value = (properties['value'] ?? undefined) as Json | undefined
  if (own !== undefined || value === undefined || direction === 'fromVendor') return own ?? value
  const convert = convertOf(field, direction)
  return convert === undefined ? value : convert(value)
}

/** @throws AppError `bad-request` where a default has no value, or one that a create could not send. */
const checkDefault = (where: string, field: MappedField): void => {
  const given = field.configuration.find(({ type }) => type === 'defaultValue')
  if (given === undefined) return
  const { properties } = given
  if (!['value', 'fromVendor', 'toVendor'].some((name) => properties?.[name] != null))
    throw new AppError(
      'bad-request',
      `${where}.configuration: defaultValue has no value. Send properties.value, or fromVendor and toVendor.`,
    )
  try {
    defaultOf(field, 'toVendor')
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    throw new AppError(error.code, `${where}.configuration: defaultValue of ${error.message}`)
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

/** @throws AppError `bad-request` naming an option that there is not, a default or a pattern that is none. */
export const checkFieldSettings = (where: string, field: MappedField): void => {
  for (const [at, { type }] of field.configuration.entries())
    checkType(`${where}.configuration.${at}.type`, type, fieldTypes)
  const pattern = dateMask(field)
  const letter = pattern === undefined ? undefined : unknownLetter(pattern)
  if (letter !== undefined)
    throw new AppError(
      'bad-request',
      `${where}.configuration: the pattern '${pattern?.slice(0, 64)}' has '${letter}', which is no part of a date.`,
    )
  checkDefault(where, field)
}
