import type { AppError } from '#src/lib/errors.ts'
import type { RowProblem } from '#src/lib/table-file/table-row.ts'
import type { BulkError } from '#src/store/index.ts'
import type { Sending } from './upload-asked.ts'

const longestWords = 2_000

const bare = { status: null, providerMessage: null, providerCode: null, inDoubt: false } as const

/** A row that is not sent, because it cannot be read or a cell of it is wrong. */
export const problemRow = ({ row, problem, column }: RowProblem): BulkError => ({
  ...bare,
  record: row,
  columnName: column ?? null,
  message: problem.slice(0, longestWords),
})

const escaped = (name: string): string => name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)

/** The column that the words name at their beginning, in quotes or before a colon; null: none, or several. */
const columnIn = (words: string, columns: readonly string[]): string | null => {
  const named = columns.filter((name) =>
    new RegExp(
      String.raw`^(?:body\.)?${escaped(name)}(?![\w.])|['"]${escaped(name)}['"]|(?<![\w.])${escaped(name)}:`,
    ).test(words),
  )
  return named.length === 1 ? (named[0] ?? null) : null
}

/**
 * A row that was refused, by us or by the vendor, in its own words.
 * @param columns as those words name them.
 * @param shown a column as the file names it.
 */
export const refusedRow = (
  row: number,
  error: AppError,
  columns: readonly string[],
  shown: (column: string) => string = (column) => column,
): BulkError => {
  const { providerMessage, providerStatus, unsure } = error.details
  const named = columnIn(providerMessage ?? error.message, columns)
  return {
    record: row,
    columnName: named === null ? null : shown(named),
    message: error.message.slice(0, longestWords),
    status: providerStatus ?? null,
    providerMessage: providerMessage?.slice(0, longestWords) ?? null,
    providerCode: null,
    inDoubt: unsure === true,
  }
}

const lookWords = 'Whether it was done is not known: look for it before you send it again.'

/** A row of which nobody knows whether it was done: what failed, or when it was about to be sent. */
export const doubtfulRow = (row: number, known: AppError | Sending): BulkError =>
  'code' in known
    ? {
        ...refusedRow(row, known, []),
        message: known.message.includes('look') ? known.message : `${known.message} ${lookWords}`,
        inDoubt: true,
      }
    : {
        ...bare,
        record: row,
        columnName: null,
        message: `It was about to be sent at ${known.at} or a little later, when the work was cut off; no answer was stored. ${lookWords}`,
        inDoubt: true,
      }
