import { isJsonObject } from '../json.ts'
import { jsonStart, scanJson } from './json-scan.ts'
import type { TableRow } from './table-row.ts'

/** Objects and lists inside one another that a row may have, itself among them. */
export const deepestNesting = 200

/** What may stand for a NUL, half of a surrogate pair, or a key that reaches a prototype. */
const suspicious = /\\u(?:0000|d[89a-f]|005f|006f)|__proto__|\0/i

const never = (): boolean => false

const depthOf = (text: string): number => {
  const place = jsonStart()
  scanJson(text, 0, place, never)
  return place.deepest
}

const harmOf = (value: unknown): string | undefined => {
  if (typeof value === 'string') {
    return value.isWellFormed() && !value.includes('\0')
      ? undefined
      : 'a text holds a NUL or half of a surrogate pair. Write whole characters.'
  }
  if (typeof value !== 'object' || value === null) return undefined
  if (Object.hasOwn(value, '__proto__')) return 'the key __proto__ is not allowed. Rename it.'
  for (const [key, inner] of Object.entries(value)) {
    const harm = harmOf(key) ?? harmOf(inner)
    if (harm !== undefined) return harm
  }
  return undefined
}

const parsed = (text: string): { readonly value: unknown } | undefined => {
  try {
    return { value: JSON.parse(text) }
  } catch {
    // The parser's own words quote the row.
    return undefined
  }
}

/** Reads the text of one row. Numbers are doubles; of a key that comes twice the last counts. */
export const readRecord = (row: number, text: string): TableRow => {
  if (depthOf(text) > deepestNesting) {
    return { row, problem: `the row is nested deeper than ${deepestNesting} levels.` }
  }
  const found = parsed(text)
  if (found === undefined) return { row, problem: 'the row is not valid JSON.' }
  const { value } = found
  if (!isJsonObject(value))
    return { row, problem: 'the row is JSON, but not an object. Write {"name": value}.' }
  const harm = suspicious.test(text) || !text.isWellFormed() ? harmOf(value) : undefined
  return harm === undefined ? { row, record: value } : { row, problem: harm }
}

export const tooLarge = (row: number, mostRowBytes: number): TableRow => ({
  row,
  problem: `the row is larger than ${mostRowBytes} bytes.`,
})

/** Whether nothing but spaces as JSON knows them stands in a text. */
export const isBlank = (text: string): boolean => /^[ \t\r\n]*$/.test(text)
