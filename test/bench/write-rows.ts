import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'

const rowsAWrite = 5_000

/** Writes a file of a heading and rows, each with its line end, some thousands at once. */
export const writeRows = async (
  path: string,
  header: string,
  rows: number,
  rowOf: (row: number) => string,
): Promise<void> => {
  const file = createWriteStream(path)
  file.write(`${header}\n`)
  for (let from = 0; from < rows; from += rowsAWrite) {
    const count = Math.min(rowsAWrite, rows - from)
    const text = Array.from({ length: count }, (_, at) => rowOf(from + at)).join('')
    if (!file.write(text)) await once(file, 'drain')
  }
  file.end()
  await finished(file)
}
