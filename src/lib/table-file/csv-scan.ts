/** Where inside a row a scan stands: at the start of a cell, in a bare or a quoted one, after a quote, or lost. */
export type CsvPlace = 'start' | 'bare' | 'quoted' | 'quote' | 'lost'

const quote = 34

/** What is counted while looking for the end of a row. */
interface Sight {
  /** Each a character that may part cells. */
  readonly delimiters: string
  /** Any of these ends a row. */
  readonly newlines: string
  /** Told of each delimiter outside quotes. */
  readonly onDelimiter?: (code: number) => void
}

export interface CsvScan {
  readonly place: CsvPlace
  /** Where the line end stands; -1: not in this text. */
  readonly end: number
}

const placeAfter = (place: CsvPlace, code: number): CsvPlace => {
  switch (place) {
    case 'start':
      return code === quote ? 'quoted' : 'bare'
    case 'quoted':
      return code === quote ? 'quote' : 'quoted'
    case 'quote':
      return code === quote ? 'quoted' : 'lost'
    default:
      return place
  }
}

/**
 * Looks for the end of a row without keeping it, from any place on. What follows a closing quote loses the cells of the
 * row, which then ends with the line.
 */
export const scanRow = (text: string, from: number, place: CsvPlace, sight: Sight): CsvScan => {
  const { delimiters, newlines, onDelimiter } = sight
  let now = place
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (now !== 'quoted') {
      const char = text.charAt(at)
      if (newlines.includes(char)) return { place: now, end: at }
      if (now !== 'lost' && delimiters.includes(char)) {
        onDelimiter?.(code)
        now = 'start'
        continue
      }
    }
    now = placeAfter(now, code)
  }
  return { place: now, end: -1 }
}
