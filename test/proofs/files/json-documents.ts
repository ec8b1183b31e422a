import type { Random } from '../support/random.ts'

/** JSON as a file holds it, and the text of each of its rows. */
export interface JsonDocument {
  readonly text: string
  readonly rows: readonly string[]
}

const words = [
  '',
  'a',
  '"',
  '\\',
  '[',
  ']',
  '{',
  '}',
  ',',
  ':',
  'é',
  '漢',
  '😀',
  '\n',
  '\u2028',
  '\ufeff',
] as const

const value = (random: Random, depth: number): unknown => {
  if (depth > 0 && random.once(3)) return random.many(0, 3, () => value(random, depth - 1))
  if (depth > 0 && random.once(3)) return object(random, depth - 1)
  if (random.once(3)) return random.pick([null, true, false, 0, -1.5, 12_345, 1e21, 2 ** 53, 5e-7])
  return random.many(0, 5, () => random.pick(words)).join('')
}

const object = (random: Random, depth: number): Record<string, unknown> =>
  Object.fromEntries(random.many(0, 4, () => [`k${random.pick(words)}`, value(random, depth)]))

const escaped = (text: string): string =>
  text.replace(/[é漢]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)

const goodRow = (random: Random): string => {
  const text = JSON.stringify(object(random, 3))
  return random.once(3) ? escaped(text) : text
}

/** Rows that are no objects or no JSON, but do not unsettle where the others begin. */
const badRows = [
  '1',
  'null',
  '"x,]"',
  '[{"a":[1]}]',
  'x',
  '{"a":}',
  '{a:1}',
  "{'a':1}",
  '{"a":01}',
  '[1}',
  '{"a":1]',
] as const

const row = (random: Random): string => (random.once(6) ? random.pick(badRows) : goodRow(random))

const space = (random: Random, kinds: readonly string[]): string =>
  random.once(2) ? random.many(1, 3, () => random.pick(kinds)).join('') : ''

const arrayDocument = (random: Random): JsonDocument => {
  const rows = random.many(0, 8, () => row(random))
  const spaces = [' ', '\n', '\r\n', '\t']
  const padded = rows.map((text) => space(random, spaces) + text + space(random, spaces))
  return { text: `${space(random, spaces)}[${padded.join(',')}]${space(random, spaces)}`, rows }
}

const lineDocument = (random: Random): JsonDocument => {
  const newline = random.pick(['\n', '\r\n', '\r'])
  // The first character tells the format: the first row is an object, and whole.
  const rows = [goodRow(random), ...random.many(0, 8, () => row(random))]
  const lines = rows.map(
    (text) => `${space(random, [' ', '\t'])}${text}${space(random, [' ', '\t', newline])}`,
  )
  return { text: lines.join(newline) + space(random, [newline]), rows }
}

const objectDocument = (random: Random): JsonDocument => {
  const indented = (): string =>
    JSON.stringify({ k: 1, ...object(random, 3) }, null, random.pick([1, 2, '\t']))
  const rows = random.many(1, 6, indented)
  return { text: rows.map((text) => text + space(random, ['\n', ' ', '\r\n'])).join(''), rows }
}

export const randomJson = (random: Random): JsonDocument =>
  random.pick([arrayDocument, lineDocument, objectDocument])(random)
