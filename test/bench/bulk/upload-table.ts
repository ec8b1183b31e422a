import { writeRows } from '../write-rows.ts'

const header =
  'Name,Purpose,Comment,UserDefinedDate,PolicyID,Total,CurrencyCode,Country,HasException,OwnerLoginID,OwnerName,LedgerName'
const start = 'Bulk trip '
const digits = 8

const nameOf = (row: number): string => `${start}${String(row).padStart(digits, '0')}`

/** Which row of the file a body of the vendor's is about; undefined: none. */
export const rowOfName = (body: string): number | undefined => {
  const at = body.indexOf(start)
  const row = at === -1 ? Number.NaN : Number(body.slice(at + start.length, at + start.length + digits))
  return Number.isInteger(row) ? row : undefined
}

/** One row in twenty has quotes, with a delimiter and a doubled quote inside. */
const rowOf = (row: number): string => {
  const comment = row % 20 === 0 ? '"a ""quoted"", comment"' : 'plain comment text'
  const day = String((row % 28) + 1).padStart(2, '0')
  return `${nameOf(row)},Customer visit ${row % 700},${comment},2026-03-${day},POL${row % 9},${((row * 7919) % 100_000) / 100},EUR,DE,${row % 2 === 1},user${row % 5000}@example.com,"User, ${row % 5000}",DEFAULT\n`
}

/** Writes a CSV file of reports with twelve columns, five of which can be written; about 130 bytes a row. */
export const makeUpload = (path: string, rows: number): Promise<void> => writeRows(path, header, rows, rowOf)
