import type { JsonObject } from '#src/lib/json.ts'
import type { View } from './view.ts'

/** Rows of a listing that are shown at once, where not a whole page of the vendor's is. */
export const shownAtOnce = 100

/**
 * What is shown of rows, as lines of JSON, `most` of them: as a script may leave rows out, so many rows may be too few.
 * Whoever gives the pages may count by `note` whether another one is wanted.
 * @param note told each row that is shown, before the next page is asked for.
 */
export async function* shownLines(
  pages: AsyncIterable<readonly JsonObject[]>,
  show: View['show'],
  most: number,
  note: (row: JsonObject) => void,
): AsyncGenerator<string> {
  let left = most
  for await (const rows of pages) {
    let text = ''
    for (let from = 0; from < rows.length && left > 0; ) {
      const to = from + (from === 0 ? left : Math.max(left, shownAtOnce))
      const shown = await show(rows.slice(from, to))
      for (const row of shown.slice(0, left)) {
        note(row)
        text += `${JSON.stringify(row)}\n`
      }
      left -= shown.length
      from = to
    }
    yield text
  }
}
