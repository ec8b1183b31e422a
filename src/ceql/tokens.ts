import { AppError } from '#src/lib/errors.ts'
import { parseInstant } from '#src/lib/instant.ts'
import { numberPattern } from './numbers.ts'

/**
 * One piece of a query. `word` is anything bare that is neither number nor date (keywords are words: only
 * the place decides), `name` was in back-ticks, `text` in quotes; `text` is what it means, without its quotes.
 */
export interface Token {
  readonly kind: 'word' | 'name' | 'text' | 'number' | 'date' | 'symbol' | 'end'
  readonly text: string
  /** A short word in lower case, to compare with keywords; empty for everything else. */
  readonly key: string
  /** Offset of the first character, from 0. */
  readonly at: number
}

/** Counts the characters and tokens looked at, so that a test can show the work grows with the text only. */
export interface Meter {
  steps: number
}

/** Longest query accepted, in bytes of UTF-8. */
const maxQueryBytes = 65_536

interface Scan {
  readonly source: string
  readonly text: string
  readonly meter: Meter
  at: number
}

const longestKeyword = 6

/** The refusal of a query at one place. `source` is the request parameter that held it, `at` counts from 0. */
export const refuseAt = (source: string, at: number, expected: string, found: string): AppError =>
  new AppError('bad-query', `${source}, position ${at + 1}: expected ${expected}, found ${found}.`)

/** @throws AppError `bad-query` when the text is over `maxQueryBytes`. */
export const checkSize = (source: string, text: string): void => {
  if (text.length > maxQueryBytes || Buffer.byteLength(text) > maxQueryBytes) {
    throw new AppError('bad-query', `${source}: longer than 64 KB; split it into several requests.`)
  }
}

const read = (scan: Scan): number => {
  scan.meter.steps += 1
  return scan.text.charCodeAt(scan.at)
}

const code = (character: string): number => character.charCodeAt(0)
const isDigit = (c: number): boolean => c >= 48 && c <= 57
const isAsciiName = (c: number): boolean =>
  (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || isDigit(c) || c === 95 || c === 36 || c === 45 || c === 46

const wideName = /^[\p{L}\p{N}\p{M}]$/u
const wideSpace = /^\s$/

const isSpace = (c: number): boolean =>
  c === 32 || (c >= 9 && c <= 13) || (c >= 128 && wideSpace.test(String.fromCharCode(c)))

/** How many UTF-16 units of a name stand here: 0 where none does. */
const nameUnits = (scan: Scan, c: number): number => {
  if (isAsciiName(c)) return 1
  if (!(c >= 128)) return 0
  const point = scan.text.codePointAt(scan.at) ?? 0
  if (!wideName.test(String.fromCodePoint(point))) return 0
  return point > 0xffff ? 2 : 1
}

const indexUnits = (scan: Scan): number => {
  const start = scan.at
  scan.at += 1
  if (read(scan) === code('*')) scan.at += 1
  else while (isDigit(read(scan))) scan.at += 1
  const length = scan.at - start
  const closed = read(scan) === code(']') && length > 1
  scan.at = start
  return closed ? length + 1 : 0
}

const isNumberStart = (c: number): boolean =>
  isDigit(c) || c === code('-') || c === code('+') || c === code('.')

const bareUnits = (scan: Scan, numeric: boolean): number => {
  const c = read(scan)
  if (numeric && (c === code('+') || c === code(':'))) return 1
  return c === code('[') ? indexUnits(scan) : nameUnits(scan, c)
}

const dateStart = /^\d{4}-\d{2}-\d{2}/

const bareKind = (text: string): Token['kind'] => {
  if (numberPattern.test(text)) return 'number'
  return dateStart.test(text) && parseInstant(text) !== null ? 'date' : 'word'
}

const scanBare = (scan: Scan): Token | null => {
  const start = scan.at
  const numeric = isNumberStart(read(scan))
  if (!numeric && nameUnits(scan, read(scan)) === 0) return null
  for (let units = 1; units > 0; scan.at += units) units = bareUnits(scan, numeric)
  const text = scan.text.slice(start, scan.at)
  scan.meter.steps += text.length
  const key = text.length <= longestKeyword ? text.toLowerCase() : ''
  return { kind: numeric ? bareKind(text) : 'word', text, key, at: start }
}

const closers: ReadonlyMap<number, readonly number[]> = new Map([
  [code("'"), [code("'")]],
  [code('"'), [code('"')]],
  [code('`'), [code('`')]],
  [0x2018, [0x2018, 0x2019]],
  [0x2019, [0x2018, 0x2019]],
  [0x201c, [0x201c, 0x201d]],
  [0x201d, [0x201c, 0x201d]],
])

/** Reads to the closing quote; a quote that is doubled stands for itself. */
const scanQuoted = (scan: Scan, ends: readonly number[]): Token => {
  const at = scan.at
  const kind = read(scan) === code('`') ? 'name' : 'text'
  const parts: string[] = []
  scan.at += 1
  for (let start = scan.at; ; ) {
    if (scan.at >= scan.text.length) {
      throw refuseAt(scan.source, at, 'a closing quote (double a quote inside the text)', 'none')
    }
    if (!ends.includes(read(scan))) {
      scan.at += 1
      continue
    }
    parts.push(scan.text.slice(start, scan.at))
    scan.at += 1
    if (!ends.includes(read(scan))) return { kind, text: parts.join(''), key: '', at }
    start = scan.at
    scan.at += 1
  }
}

const pairs: ReadonlyMap<string, string> = new Map([
  ['==', '='],
  ['!=', '!='],
  ['<>', '!='],
  ['<=', '<='],
  ['>=', '>='],
])

const scanSymbol = (scan: Scan): Token => {
  const at = scan.at
  scan.meter.steps += 2
  const pair = pairs.get(scan.text.slice(at, at + 2))
  const single = scan.text.charAt(at)
  if (pair === undefined && !'=<>(),*'.includes(single)) {
    const found = String.fromCodePoint(scan.text.codePointAt(at) ?? 0)
    throw refuseAt(scan.source, at, 'a field name, a value or an operator', found)
  }
  scan.at += pair === undefined ? 1 : 2
  return { kind: 'symbol', text: pair ?? single, key: '', at }
}

/**
 * Cuts a query into tokens, the last of kind `end`, in time linear in its length. `==` reads as `=`, `<>` as `!=`.
 * @throws AppError `bad-query` with the position of an open quote or of a character that no query has.
 */
export const tokenize = (source: string, text: string, meter: Meter): readonly Token[] => {
  const scan: Scan = { source, text, meter, at: 0 }
  const tokens: Token[] = []
  while (scan.at < text.length) {
    const c = read(scan)
    if (isSpace(c)) {
      scan.at += 1
      continue
    }
    const ends = closers.get(c)
    tokens.push(ends === undefined ? (scanBare(scan) ?? scanSymbol(scan)) : scanQuoted(scan, ends))
  }
  tokens.push({ kind: 'end', text: '', key: '', at: text.length })
  return tokens
}
