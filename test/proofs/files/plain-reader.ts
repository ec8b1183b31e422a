/** A row as the plain reader has it; null: it cannot be read. */
export type PlainRow = readonly string[] | null

interface Cursor {
  readonly text: string
  readonly delimiter: string
  readonly newline: string
  at: number
}

const isLineEnd = ({ text, newline, at }: Cursor): boolean =>
  at >= text.length ||
  text[at] === newline ||
  (newline === '\n' && text[at] === '\r' && (text[at + 1] === '\n' || at + 1 === text.length))

const isCellEnd = (cursor: Cursor): boolean =>
  isLineEnd(cursor) || cursor.text[cursor.at] === cursor.delimiter

/** Null: never closed, or text follows; the cursor is then at the end of the line. */
const takeQuoted = (cursor: Cursor): string | null => {
  let cell = ''
  cursor.at += 1
  for (;;) {
    const char = cursor.text[cursor.at]
    if (char === undefined) return null
    cursor.at += 1
    if (char !== '"') cell += char
    else if (cursor.text[cursor.at] === '"') {
      cell += '"'
      cursor.at += 1
    } else break
  }
  if (isCellEnd(cursor)) return cell
  while (cursor.at < cursor.text.length && cursor.text[cursor.at] !== cursor.newline) cursor.at += 1
  return null
}

const takeBare = (cursor: Cursor): string | null => {
  let cell = ''
  while (!isCellEnd(cursor)) {
    cell += cursor.text[cursor.at]
    cursor.at += 1
  }
  return /^\s+"/.test(cell) ? null : cell
}

const takeRow = (cursor: Cursor): PlainRow => {
  const cells: (string | null)[] = []
  for (;;) {
    cells.push(cursor.text[cursor.at] === '"' ? takeQuoted(cursor) : takeBare(cursor))
    if (cursor.text[cursor.at] !== cursor.delimiter) break
    cursor.at += 1
  }
  if (cursor.newline === '\n' && cursor.text[cursor.at] === '\r') cursor.at += 1
  cursor.at += 1
  return cells.some((cell) => cell === null || cell.includes('\0')) ? null : (cells as string[])
}

/**
 * Reads CSV character by character, in the simplest way there is: what the fast reader is held against where csv-parse
 * reads damaged files in another way.
 */
export const readPlainly = (text: string, delimiter: string, newline: string): readonly PlainRow[] => {
  const cursor: Cursor = { text, delimiter, newline, at: 0 }
  const rows: PlainRow[] = []
  while (cursor.at < text.length) {
    if (newline === '\r' && text[cursor.at] === '\n') cursor.at += 1
    const isBlank = isLineEnd(cursor)
    const row = takeRow(cursor)
    if (!isBlank) rows.push(row)
  }
  return rows
}
