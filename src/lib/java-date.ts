import { createZone, type Zone } from './time-zone.ts'

/** Patterns of Java's SimpleDateFormat, as far as APIs use them for moments. */
type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'field'; readonly letter: string; readonly count: number }

const quoted = (pattern: string, from: number): readonly [text: string, next: number] => {
  let text = ''
  for (let at = from; at < pattern.length; at++) {
    if (pattern[at] !== "'") text += pattern[at]
    else if (pattern[at + 1] === "'") {
      text += "'"
      at++
    } else return [text === '' ? "'" : text, at + 1]
  }
  return [text, pattern.length]
}

const split = (pattern: string): readonly Piece[] => {
  const pieces: Piece[] = []
  for (let at = 0; at < pattern.length; ) {
    const char = pattern[at] ?? ''
    if (char === "'") {
      const [text, next] = quoted(pattern, at + 1)
      pieces.push({ kind: 'text', text })
      at = next
    } else if (/[A-Za-z]/.test(char)) {
      let end = at
      while (pattern[end] === char) end++
      pieces.push({ kind: 'field', letter: char, count: end - at })
      at = end
    } else {
      pieces.push({ kind: 'text', text: char })
      at++
    }
  }
  return pieces
}

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]
const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

const padded = (value: number, count: number): string => String(value).padStart(count, '0')

const offsetText = (minutes: number, colon: string): string => {
  const size = Math.abs(minutes)
  return `${minutes < 0 ? '-' : '+'}${padded(Math.floor(size / 60), 2)}${colon}${padded(size % 60, 2)}`
}

/** `X`: hours, hours and minutes, or with a colon; `Z` at UTC (ISO 8601). */
const isoOffset = (minutes: number, count: number): string => {
  if (minutes === 0) return 'Z'
  const text = offsetText(minutes, count >= 3 ? ':' : '')
  return count === 1 ? text.slice(0, 3) : text
}

type Write = (local: Date, count: number, offsetMinutes: number) => string

const writers: Readonly<Record<string, Write>> = {
  y: (at, count) => (count === 2 ? padded(at.getUTCFullYear() % 100, 2) : padded(at.getUTCFullYear(), count)),
  M: (at, count) => {
    const name = months[at.getUTCMonth()] ?? ''
    if (count >= 4) return name
    return count === 3 ? name.slice(0, 3) : padded(at.getUTCMonth() + 1, count)
  },
  d: (at, count) => padded(at.getUTCDate(), count),
  H: (at, count) => padded(at.getUTCHours(), count),
  k: (at, count) => padded(at.getUTCHours() || 24, count),
  K: (at, count) => padded(at.getUTCHours() % 12, count),
  h: (at, count) => padded(at.getUTCHours() % 12 || 12, count),
  m: (at, count) => padded(at.getUTCMinutes(), count),
  s: (at, count) => padded(at.getUTCSeconds(), count),
  S: (at, count) => padded(at.getUTCMilliseconds(), count),
  a: (at) => (at.getUTCHours() < 12 ? 'AM' : 'PM'),
  E: (at, count) => (weekdays[at.getUTCDay()] ?? '').slice(0, count >= 4 ? undefined : 3),
  u: (at, count) => padded(at.getUTCDay() || 7, count),
  D: (at, count) =>
    padded(Math.floor((at.getTime() - Date.UTC(at.getUTCFullYear(), 0)) / 86_400_000) + 1, count),
  Z: (_at, _count, offset) => offsetText(offset, ''),
  X: (_at, count, offset) => isoOffset(offset, count),
  z: (_at, _count, offset) => (offset === 0 ? 'GMT' : `GMT${offsetText(offset, ':')}`),
}

/** A word in place of a pattern: milliseconds since 1970 (spec/contract.md 6.1). */
const epochWord = 'milliseconds'

/** The pattern's letter that nobody knows, for a message; undefined: all are known. */
export const unknownLetter = (pattern: string): string | undefined => {
  if (pattern === epochWord) return undefined
  const found = split(pattern).find(
    (piece) => piece.kind === 'field' && !Object.hasOwn(writers, piece.letter),
  )
  return found?.kind === 'field' ? found.letter : undefined
}

/**
 * A moment in a pattern of SimpleDateFormat (Java SE API, `java.text.SimpleDateFormat`), at a time zone.
 * Letters that it does not know stand as they are.
 */
export const formatJavaDate = (at: Date, pattern: string, zone: Zone = createZone('GMT')): string => {
  if (pattern === epochWord) return String(at.getTime())
  const offset = zone.offsetMinutes(at.getTime())
  const local = new Date(at.getTime() + offset * 60_000)
  return split(pattern)
    .map((piece) => {
      if (piece.kind === 'text') return piece.text
      const write = writers[piece.letter]
      return write === undefined ? piece.letter.repeat(piece.count) : write(local, piece.count, offset)
    })
    .join('')
}

/** What each letter reads: a part of the moment, by a pattern of text. */
const readers: Readonly<Record<string, string>> = {
  y: '(\\d{1,4})',
  M: '([A-Za-z]{3,9}|\\d{1,2})',
  d: '(\\d{1,2})',
  H: '(\\d{1,2})',
  k: '(\\d{1,2})',
  K: '(\\d{1,2})',
  h: '(\\d{1,2})',
  m: '(\\d{1,2})',
  s: '(\\d{1,2})',
  S: '(\\d{1,9})',
  a: '([AaPp][Mm])',
  E: '([A-Za-z]{2,9})',
  u: '(\\d)',
  D: '(\\d{1,3})',
  Z: '(Z|[A-Z]{2,5}|[+-]\\d{2}:?\\d{2})',
  X: '(Z|[+-]\\d{2}(?::?\\d{2})?)',
  z: '([A-Z]{2,5}(?:[+-]\\d{1,2}:?\\d{2})?|[+-]\\d{2}:?\\d{2})',
}

interface Reader {
  readonly expression: RegExp
  readonly letters: readonly string[]
}

const known = new Map<string, Reader>()
const mostKnown = 1_000

const readerOf = (pattern: string): Reader => {
  const cached = known.get(pattern)
  if (cached !== undefined) return cached
  const letters: string[] = []
  const parts = split(pattern).map((piece) => {
    if (piece.kind === 'text') return piece.text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
    letters.push(piece.letter)
    // Without a mark between them, digits belong together by their number: yyyyMMddHHmmss.
    const digits =
      piece.count > 1 && 'yMdHmsS'.includes(piece.letter) && !(piece.letter === 'M' && piece.count > 2)
    return digits
      ? `(\\d{${piece.letter === 'S' ? '1,9' : piece.count}})`
      : (readers[piece.letter] ?? '([^]*?)')
  })
  const reader = { expression: new RegExp(`^\\s*${parts.join('')}`), letters }
  if (known.size >= mostKnown) known.clear()
  known.set(pattern, reader)
  return reader
}

const monthOf = (text: string): number => {
  const number = Number(text)
  if (!Number.isNaN(number)) return number - 1
  return months.findIndex((name) => name.slice(0, 3).toLowerCase() === text.slice(0, 3).toLowerCase())
}

const fullYear = (text: string): number => (text.length <= 2 ? 2000 + Number(text) : Number(text))

const hourOf = (parts: ReadonlyMap<string, string>): number => {
  const whole = parts.get('H') ?? parts.get('k')
  if (whole !== undefined) return Number(whole) % 24
  const half = Number(parts.get('h') ?? parts.get('K') ?? 0) % 12
  return parts.get('a')?.toLowerCase() === 'pm' ? half + 12 : half
}

const readBy = (text: string, pattern: string, zone: Zone): number | null => {
  const { expression, letters } = readerOf(pattern)
  const found = expression.exec(text)
  if (found === null) return null
  const parts = new Map(letters.map((letter, at): [string, string] => [letter, found[at + 1] ?? '']))
  const month = monthOf(parts.get('M') ?? '1')
  if (month < 0) return null
  const millis = parts.get('S') ?? '0'
  const local = Date.UTC(
    fullYear(parts.get('y') ?? '1970'),
    month,
    Number(parts.get('d') ?? 1),
    hourOf(parts),
    Number(parts.get('m') ?? 0),
    Number(parts.get('s') ?? 0),
    millis.length > 3 ? Math.floor(Number(millis) / 10 ** (millis.length - 3)) : Number(millis),
  )
  const own = parts.get('X') ?? parts.get('Z') ?? parts.get('z')
  return (own === undefined ? zone : createZone(own)).toUtc(local)
}

/** What ISO 8601 texts without a zone are read as. */
const isoWithoutZone = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?$/

const readIso = (text: string, zone: Zone): number | null => {
  const trimmed = text.trim()
  const ms = Date.parse(
    isoWithoutZone.test(trimmed) ? `${trimmed.replace(' ', 'T')}${trimmed.length > 10 ? 'Z' : ''}` : trimmed,
  )
  if (Number.isNaN(ms)) return null
  return isoWithoutZone.test(trimmed) ? zone.toUtc(ms) : ms
}

/**
 * The moment that a value of a vendor's row stands for, in milliseconds since 1970: by the pattern, else as ISO 8601,
 * else as milliseconds. Null where it is none.
 */
export const parseJavaDate = (
  value: unknown,
  pattern: string | undefined,
  zone: Zone = createZone('GMT'),
): number | null => {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value !== 'string' || value.trim() === '') return null
  if (pattern === undefined || pattern === '' || pattern === epochWord)
    return /^-?\d{9,16}$/.test(value) ? Number(value) : readIso(value, zone)
  return readBy(value, pattern, zone) ?? readIso(value, zone)
}
