import { AppError } from '#src/lib/errors.ts'
import type { JsonObject } from '#src/lib/json.ts'
import { flattenRecord } from '#src/lib/table-file/flatten-record.ts'
import { printCsvRow } from '#src/lib/table-file/print-csv-row.ts'
import type { TableRow } from '#src/lib/table-file/table-row.ts'
import type { BulkError, BulkJobRow } from '#src/store/index.ts'
import { reasonColumn } from './convert.ts'
import type { BulkNeed } from './need.ts'
import { inPieces } from './pieces.ts'
import type { UploadCriteria } from './upload-asked.ts'
import { readUploaded } from './upload-file.ts'

const errorPage = 1_000
const batchRows = 500

const checkUpload = ({ direction, jobId, fileKeySealed }: BulkJobRow): void => {
  if (direction !== 'UPLOAD')
    throw new AppError('bad-request', `Bulk job ${jobId} is a download: it has no rows that were rejected.`)
  if (fileKeySealed === null)
    throw new AppError(
      'not-found',
      `The file of bulk job ${jobId} is gone: files are kept for some days only.`,
    )
}

/** What is told of a row in its last column. */
const reasonOf = ({ record, message, columnName }: BulkError): string =>
  `Row ${record}${columnName === null ? '' : `, ${columnName}`}: ${message}`

/** A row as it came; of one that cannot be read nothing but the reason is left. */
const printerOf = ({ format, columns, criteria }: BulkJobRow) => {
  const { delimiter } = criteria as UploadCriteria
  const header = columns.filter((name) => name !== reasonColumn)
  const recordOf = (row: TableRow): JsonObject => {
    const { [reasonColumn]: _before, ...record } = 'record' in row ? row.record : {}
    return record
  }
  if (format !== 'csv')
    return {
      head: '',
      row: (row: TableRow, reason: string) =>
        `${JSON.stringify({ ...recordOf(row), [reasonColumn]: reason })}\n`,
    }
  const print = (cells: readonly (string | undefined)[]): string => printCsvRow(cells, delimiter ?? ',')
  return {
    head: print([...header, reasonColumn]),
    row: (row: TableRow, reason: string): string => {
      const record = recordOf(row)
      const cells = flattenRecord(record)
      return print([...header.map((name) => cells[name]), reason])
    },
  }
}

interface Rejected {
  readonly row: TableRow
  readonly error: BulkError
}

/** Rows of uploads that were not taken. */
export const createRejects = (need: BulkNeed) => {
  async function* errorsOf(job: BulkJobRow): AsyncGenerator<BulkError> {
    for (let after = 0; ; ) {
      const page = await need.store.bulkErrors.list(job, after, errorPage)
      yield* page
      const last = page.at(-1)
      if (last === undefined || page.length < errorPage) return
      after = last.record
    }
  }

  /** A row that may have been taken must not be sent again unread. */
  async function* toldOf(job: BulkJobRow, withDoubt: boolean): AsyncGenerator<BulkError> {
    for await (const error of errorsOf(job)) if (withDoubt || !error.inDoubt) yield error
  }

  /** Rows with their errors; both come in the order of the file. */
  async function* rejected(job: BulkJobRow, withDoubt: boolean): AsyncGenerator<Rejected> {
    const errors = toldOf(job, withDoubt)
    let { value: error, done } = await errors.next()
    if (done === true) return
    for await (const row of rowsOf(job)) {
      if (row.row !== error.record) continue
      yield { row, error }
      ;({ value: error, done } = await errors.next())
      if (done === true) return
    }
  }

  async function* rowsOf(job: BulkJobRow): AsyncGenerator<TableRow> {
    for await (const { rows } of readUploaded(need, job, job.criteria as UploadCriteria, batchRows))
      yield* rows
  }

  /**
   * The rows of an upload that were not taken, in the form in which they came, with one more last column that says
   * why; an upload leaves it out.
   * @param withDoubt those too that may have been taken.
   * @throws AppError at once, where the job is none or its file is gone.
   */
  return (job: BulkJobRow, withDoubt: boolean): AsyncGenerator<Buffer> => {
    checkUpload(job)
    async function* print(): AsyncGenerator<string> {
      const printer = printerOf(job)
      yield printer.head
      for await (const { row, error } of rejected(job, withDoubt)) yield printer.row(row, reasonOf(error))
    }
    return inPieces(print())
  }
}
