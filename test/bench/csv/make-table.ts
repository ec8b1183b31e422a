import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'

const header =
  'ID,Name,Total,CurrencyCode,UserDefinedDate,Owner.Login,Owner.ID,Policy,CostCenter,Comment,IsApproved,Country'

/** One row in twenty has quotes, with a delimiter and a doubled quote inside. */
const rowOf = (at: number): string => {
  const comment = at % 20 === 0 ? '"a ""quoted"", comment"' : 'plain comment text'
  const day = String((at % 28) + 1).padStart(2, '0')
  return `${at},Trip ${at},${((at * 7919) % 100_000) / 100},EUR,2025-03-${day},user${at % 5000}@example.com,U-${at % 5000},POL${at % 9},CC-${at % 300},${comment},${at % 2 === 1},DE\n`
}

const rowsAWrite = 5_000

/** Writes a CSV file of twelve columns, about 105 bytes a row. */
export const makeTable = async (path: string, rows: number): Promise<void> => {
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
