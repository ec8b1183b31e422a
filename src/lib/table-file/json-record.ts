import { isJsonObject } from '../json.ts'
import { findJsonFault } from '../json-fault.ts'
import { deepestNesting, findHarm } from '../json-harm.ts'
import { jsonStart, scanJson } from './json-scan.ts'
import type { TableRow } from './table-row.ts'

/** What may stand for a NUL, half of a surrogate pair, a key that reaches a prototype, a huge number: the rest is sound. */
const suspicious = /\\u|__proto__|prototype|\d{16}|[eE]\+?\d\d/

const never = (): boolean => false

const depthOf = (text: string): number => {
  const place = jsonStart()
  scanJson(text, 0, place, never)
  return place.deepest
}

/** Whole numbers beyond 2^53 are read as others, numbers beyond 1.8e308 as none. */
const hasHugeNumber = (value: unknown): boolean => {
  if (typeof value === 'number') return Math.abs(value) > Number.MAX_SAFE_INTEGER
  return typeof value === 'object' && value !== null && Object.values(value).some(hasHugeNumber)
}

const harmIn = (value: unknown): string | undefined => {
  const harm = findHarm(value)
  if (harm !== undefined) return `the row cannot be used: ${harm}`
  return hasHugeNumber(value)
    ? 'the row has a number beyond 9007199254740991, which would not be kept exactly. Write it as a text.'
    : undefined
}

const parsed = (text: string): { readonly value: unknown } | undefined => {
  try {
    return { value: JSON.parse(text) }
  } catch {
    // The parser's own words quote the row.
    return undefined
  }
}

const fault = (text: string): string => {
  const at = findJsonFault(text) ?? text.length
  if (text.trim() === '') return 'nothing stands here; there is a comma too many.'
  if (at >= text.length) return 'the row is JSON that ends too early.'
  return `the row is not valid JSON at its character ${at + 1 - text.search(/\S/)}.`
}

/** Reads the text of one row. Fractions are doubles; of a key that comes twice the last counts. */
export const readRecord = (row: number, text: string): TableRow => {
  if (!text.isWellFormed()) return { row, problem: 'the row holds bytes that are no text. Write it anew.' }
  if (depthOf(text) > deepestNesting) {
    return { row, problem: `the row is nested deeper than ${deepestNesting} levels.` }
  }
  const found = parsed(text)
  if (found === undefined) return { row, problem: fault(text) }
  const { value } = found
  if (!isJsonObject(value))
    return { row, problem: 'the row is JSON, but not an object. Write {"name": value}.' }
  const harm = suspicious.test(text) ? harmIn(value) : undefined
  return harm === undefined ? { row, record: value } : { row, problem: harm }
}

export const tooLarge = (row: number, mostRowBytes: number): TableRow => ({
  row,
  problem: `the row is larger than ${mostRowBytes} bytes.`,
})

/** Whether nothing but spaces as JSON knows them stands in a text. */
export const isBlank = (text: string): boolean => /^[ \t\r\n]*$/.test(text)
