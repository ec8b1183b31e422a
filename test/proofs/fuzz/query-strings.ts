import { mutated, oddText, type Random } from '../support/random.ts'

/** A generated query; `expected` where its making says what the parser must do with it. */
export interface QueryString {
  readonly kind: string
  readonly text: string
  readonly expected?: 'valid' | 'refused'
}

const names = [
  'Name',
  'ID',
  'Total',
  'a',
  '_x',
  '$f',
  'Parent.Name',
  'x[0].y',
  'l[*].z',
  'a-b',
  'order',
  'limit',
  'null',
  'or',
  'In',
  'LIKE',
  'true',
  'modifiedDateAfter',
  'Größe',
  '名前',
  '`odd name`',
  '`a``b`',
  '`2fa`',
  '` `',
] as const
const numbers = [
  '0',
  '-1',
  '+1',
  '.5',
  '1.',
  '00012',
  '1E3',
  '1e-308',
  '9007199254740993',
  '-0',
  '12.50',
] as const
const dates = [
  '2017-04-19',
  '2017-04-19T05:01:31Z',
  '2020-02-29',
  '2017-04-19T05:01:31.123456789+02:00',
  '`2017-04-19 05:01:31`',
] as const
const operators = ['=', '==', '!=', '<>', '<', '>', '<=', '>='] as const
const blanks = ['', ' ', '  ', '\t', '\n', '\u00a0', '\u3000'] as const
const pieces = [
  ...names,
  ...numbers,
  ...dates,
  ...operators,
  ' ',
  '  ',
  '\t',
  '(',
  ')',
  '((',
  '))',
  ',',
  '*',
  '[',
  ']',
  '[*',
  '.',
  '..',
  ' and ',
  ' AND',
  ' or ',
  'not ',
  'NOT(',
  ' in (',
  ' like ',
  ' is null',
  ' is not null',
  'between',
  "'",
  "''",
  "'''",
  '"',
  '`',
  '‘',
  '”',
  "'a'",
  "'%'",
  '!',
  ';',
  '--',
  '/*',
  '&',
  '%27',
  '\\',
  '+',
  '-',
  ':',
  '2017-13-45',
  '2017-01-01T',
  'e',
  '1e999',
  '0x10',
  'NaN',
  'Infinity',
  'select',
  'where',
  'order by',
  'true',
  'false',
] as const

const space = (random: Random): string => (random.once(8) ? random.pick(blanks) : '')
const gap = (random: Random): string => ` ${space(random)}`

const cased = (random: Random, word: string): string => {
  if (random.once(3)) return word.toUpperCase()
  return random.once(4) ? word.charAt(0).toUpperCase() + word.slice(1) : word
}

const quotedText = (random: Random): string => {
  const text = random.once(5)
    ? oddText(random, 12)
    : random.pick(['', 'a', 'Zürich', 'O', '100%', '%x%', '5'])
  const [open, close] = random.pick([
    ["'", "'"],
    ['"', '"'],
    ['‘', '’'],
    ['“', '”'],
  ] as const)
  const inside = [...new Set([open, close])].reduce((now, mark) => now.replaceAll(mark, ''), text)
  return `${open}${inside}${random.once(6) ? close + close : ''}${close}`
}

const value = (random: Random): string => {
  switch (random.int(5)) {
    case 0:
      return random.pick(numbers)
    case 1:
      return random.pick(dates)
    case 2:
      return cased(random, random.pick(['true', 'false']))
    default:
      return quotedText(random)
  }
}

const safeName = (random: Random): string => {
  const name = random.pick(names)
  // A bare NOT, and what reads on from it, decides by what follows; the plain grammar leaves that to mutation.
  return /^(or|in|like|null)$/i.test(name) ? `\`${name}\`` : name
}

const predicate = (random: Random): string => {
  const name = safeName(random)
  const negated = random.once(4) ? `${cased(random, 'not')} ` : ''
  switch (random.int(6)) {
    case 0:
      return `${name} ${negated}${cased(random, 'in')}${space(random)}(${random
        .many(1, random.once(50) ? 300 : 4, () => value(random))
        .join(`,${space(random)}`)})`
    case 1:
      return `${name} ${negated}${cased(random, 'like')} ${quotedText(random)}`
    case 2:
      return `${name}${gap(random)}${cased(random, 'is')}${gap(random)}${negated}${cased(random, 'null')}`
    default:
      return `${name}${space(random)} ${random.pick(operators)} ${space(random)}${value(random)}`
  }
}

const grammar = (random: Random, depth: number): string => {
  if (depth === 0 || random.once(3)) return predicate(random)
  switch (random.int(4)) {
    case 0:
      return `${cased(random, 'not')} (${grammar(random, depth - 1)})`
    case 1:
      return `(${space(random)}${grammar(random, depth - 1)})`
    default:
      return random
        .many(2, 4, () => grammar(random, depth - 1))
        .join(`${gap(random)}${cased(random, random.pick(['and', 'or']))}${gap(random)}`)
  }
}

const maxBytes = 65_536
const maxDepth = 200

const sized = (kind: string, text: string): QueryString =>
  Buffer.byteLength(text) > maxBytes ? { kind, text, expected: 'refused' } : { kind, text, expected: 'valid' }

const nested = (random: Random): QueryString => {
  const depth = random.once(3) ? 195 + random.int(12) : random.int(3_000)
  const levels = Array.from({ length: depth }, () => (random.once(2) ? '(' : 'not '))
  const closing = ')'.repeat(levels.filter((level) => level === '(').length)
  return {
    kind: 'nesting',
    text: `${levels.join('')}a = 1${closing}`,
    expected: depth > maxDepth ? 'refused' : 'valid',
  }
}

const huge = (random: Random): QueryString => {
  const length = random.once(2) ? maxBytes - 20 + random.int(40) : 1 + random.int(80_000)
  switch (random.int(5)) {
    case 0:
      return sized('huge', `a = '${random.pick(['x', "''", 'é', '😀', '%']).repeat(length / 2)}'`)
    case 1:
      return sized('huge', `${random.pick(['a', 'é'])}${'b'.repeat(length)} = 1`)
    case 2: {
      const digits = 1 + random.int(400)
      const fits = digits <= 308
      const text = `a ${random.pick(operators)} ${'9'.repeat(digits)}`
      return fits ? { kind: 'huge', text, expected: 'valid' } : { kind: 'huge', text }
    }
    case 3:
      return sized('huge', `a in (${"'v',".repeat(length / 4)}1)`)
    default:
      return sized('huge', `${'a=1 and '.repeat(length / 8)}b=2`)
  }
}

/** One of the shapes: sound, mutated, tokens in any order, odd text, deep, huge. */
export const queryString = (random: Random): QueryString => {
  if (random.once(1_000)) return huge(random)
  if (random.once(200)) return nested(random)
  switch (random.int(10)) {
    case 0:
    case 1:
      return { kind: 'sound', text: grammar(random, 3), expected: 'valid' }
    case 2:
    case 3:
      return { kind: 'tokens', text: random.many(0, 24, () => random.pick(pieces)).join(space(random)) }
    case 4:
      return { kind: 'odd text', text: oddText(random, 60) }
    case 5: {
      const [left, right] = [grammar(random, 2), grammar(random, 2)]
      return {
        kind: 'spliced',
        text: left.slice(0, random.int(left.length + 1)) + right.slice(random.int(right.length + 1)),
      }
    }
    default:
      return {
        kind: 'mutated',
        text: mutated(random, grammar(random, 2), 3, () =>
          random.once(3) ? oddText(random, 3) : random.pick(pieces),
        ),
      }
  }
}

/** A text that repeats a piece to a size in bytes, framed so that the piece is reached; pieces are under 25 bytes. */
export const repeatedShape = (random: Random): ((bytes: number) => string) => {
  const [head, tail] = random.pick([
    ['', ''],
    ['a = ', ''],
    ["a = '", "'"],
    ['a in (', '1)'],
    ['', 'a = 1'],
    ['a[', ''],
  ] as const)
  let unit = random.many(1, 4, () => random.pick(pieces)).join('')
  while (Buffer.byteLength(unit) > 24 || unit === '') unit = random.pick(pieces)
  const unitBytes = Buffer.byteLength(unit)
  return (bytes) => head + unit.repeat(Math.floor((bytes - head.length - tail.length) / unitBytes)) + tail
}
