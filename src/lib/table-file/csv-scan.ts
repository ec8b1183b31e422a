/** Where inside a row a scan stands: at the start of a cell, in a bare or a quoted one, after a quote, or lost. */
export type CsvPlace = 'start' | 'bare' | 'quoted' | 'quote' | 'lost'

/** What a scan looks for. */
export interface CsvSight {
  /** Each a character that may part cells. */
  readonly delimiters: string
  /** Any of these ends a row. */
  readonly newlines: string
  /** Both, to search for. */
  readonly marks: RegExp
  readonly lineEnds: RegExp
}

const anyOf = (chars: string): RegExp => {
  const codes = [...chars].map((char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return new RegExp(`[${codes.join('')}]`, 'g')
}

export const createSight = (delimiters: string, newlines: string): CsvSight => ({
  delimiters,
  newlines,
  marks: anyOf(delimiters + newlines),
  lineEnds: anyOf(newlines),
})

export interface CsvScan {
  readonly place: CsvPlace
  /** Where the line end stands; -1: not in this text. */
  readonly end: number
}

/** Where the next character of a kind stands; -1: not in this text. */
const find = (kind: RegExp, text: string, from: number): number => {
  kind.lastIndex = from
  return kind.test(text) ? kind.lastIndex - 1 : -1
}

/** The end of the cell that a place is in: a delimiter or a line end, or this text's end, and what place that is. */
const scanCell = (text: string, from: number, place: CsvPlace, sight: CsvSight): CsvScan => {
  let at = from
  let now = place
  while (at < text.length) {
    if (now === 'quoted') {
      at = text.indexOf('"', at) + 1
      if (at === 0) break
      now = 'quote'
      continue
    }
    if (now === 'start' || now === 'quote') now = placeAt(text.charAt(at), now, sight)
    if (now !== 'quoted')
      return { place: now, end: find(now === 'lost' ? sight.lineEnds : sight.marks, text, at) }
    at += 1
  }
  return { place: now, end: -1 }
}

/**
 * Looks for the end of a row without keeping it, from any place on. What follows a closing quote loses the cells of the
 * row, which then ends with the line.
 * @param onDelimiter told of each delimiter between cells.
 */
export const scanRow = (
  text: string,
  from: number,
  place: CsvPlace,
  sight: CsvSight,
  onDelimiter?: (char: string) => void,
): CsvScan => {
  let cell = scanCell(text, from, place, sight)
  while (cell.end !== -1 && !sight.newlines.includes(text.charAt(cell.end))) {
    onDelimiter?.(text.charAt(cell.end))
    cell = scanCell(text, cell.end + 1, 'start', sight)
  }
  return cell
}

/** What a character at the start of a cell or after a quote begins. */
const placeAt = (char: string, before: 'start' | 'quote', { delimiters, newlines }: CsvSight): CsvPlace => {
  if (char === '"') return 'quoted'
  const isMark = delimiters.includes(char) || newlines.includes(char)
  return before === 'start' || isMark ? 'bare' : 'lost'
}
