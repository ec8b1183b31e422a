import type { Random } from '../support/random.ts'

/** A CSV document that is well formed, or has no other fault than quotes inside bare cells and ragged rows. */
export interface Document {
  readonly text: string
  readonly delimiter: string
  readonly newlines: readonly string[]
}

const delimiters = [',', ';', '\t', '|'] as const
const letters = ['a', 'b', ' ', '0', 'é', '漢', '😀', '\u2028', '\ufeff', '=', "'", '\\', '.'] as const

const bareText = (random: Random): string => random.many(0, 6, () => random.pick(letters)).join('')

/** Text for a quoted cell: what would end a bare one is in it too. */
const wildText = (random: Random): string =>
  random.many(0, 8, () => random.pick([...letters, ...delimiters, '"', '\n', '\r', '\r\n'])).join('')

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`

const cell = (random: Random): string => {
  if (random.once(3)) return quoted(wildText(random))
  if (random.once(12)) return `${random.pick(['x', '5', 'é'])}${bareText(random)}"${bareText(random)}`
  return bareText(random)
}

const headerOf = (random: Random, delimiter: string): readonly string[] =>
  random
    .many(1, 6, () => undefined)
    .map((_, at) => {
      const name = `${random.pick(['n', 'Ä', 'x y', '.'])}${at}`
      return random.once(4) ? quoted(`${name}${random.pick([delimiter, '"', '\n', ''])}`) : name
    })

/** Lines end as the header does, or, where that ends with a line feed, in either way. */
export const randomDocument = (random: Random): Document => {
  const delimiter = random.pick(delimiters)
  const newlines = random.once(6) ? ['\r'] : random.pick([['\n'], ['\r\n'], ['\r\n', '\n']])
  const header = headerOf(random, delimiter)
  const row = (): string => {
    if (random.once(10)) return ''
    const width = random.once(12) ? 1 + random.int(header.length + 2) : header.length
    return Array.from({ length: width }, () => cell(random)).join(delimiter)
  }
  const lines = [header.join(delimiter), ...random.many(0, 12, row)]
  const last = random.once(2) ? '' : (lines.pop() ?? '')
  // Without a delimiter outside quotes the header tells none, and a bare return would be read as the line end.
  return {
    text: lines.map((line) => `${line}${random.pick(newlines)}`).join('') + last,
    delimiter,
    newlines,
  }
}

const debris = [
  '"',
  '"',
  '""',
  ',',
  ',',
  '\n',
  '\n',
  '\r\n',
  '\r',
  ' ',
  ' "',
  '",',
  'a',
  'b',
  'é',
  '1',
  '\0',
] as const

/** Rows below a header of three columns, anything but well formed. */
export const debrisRows = (random: Random): string => random.many(0, 40, () => random.pick(debris)).join('')
