import { writeRows } from '../write-rows.ts'

const header =
  'ID,Name,Total,CurrencyCode,UserDefinedDate,Owner.Login,Owner.ID,Policy,CostCenter,Comment,IsApproved,Country'

/** One row in twenty has quotes, with a delimiter and a doubled quote inside. */
const rowOf = (at: number): string => {
  const comment = at % 20 === 0 ? '"a ""quoted"", comment"' : 'plain comment text'
  const day = String((at % 28) + 1).padStart(2, '0')
  return `${at},Trip ${at},${((at * 7919) % 100_000) / 100},EUR,2025-03-${day},user${at % 5000}@example.com,U-${at % 5000},POL${at % 9},CC-${at % 300},${comment},${at % 2 === 1},DE\n`
}

/** Writes a CSV file of twelve columns, about 105 bytes a row. */
export const makeTable = (path: string, rows: number): Promise<void> => writeRows(path, header, rows, rowOf)
