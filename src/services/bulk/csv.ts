import type { JsonObject } from '#src/lib/json.ts'
import { flattenRecord } from '#src/lib/table-file/flatten-record.ts'
import { printCsvRow } from '#src/lib/table-file/print-csv-row.ts'
import { inPieces } from './pieces.ts'

async function* rowsOf(
  columns: readonly string[],
  records: AsyncIterable<JsonObject>,
): AsyncGenerator<string> {
  if (columns.length > 0) yield printCsvRow(columns)
  for await (const record of records) {
    const cells = flattenRecord(record)
    yield printCsvRow(columns.map((name) => cells[name] ?? ''))
  }
}

/** Records as CSV (RFC 4180, lines ended by LF): a heading, then a line each. */
export const csvOf = (
  columns: readonly string[],
  records: AsyncIterable<JsonObject>,
): AsyncGenerator<Buffer> => inPieces(rowsOf(columns, records))
