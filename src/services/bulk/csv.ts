import type { JsonObject } from '#src/lib/json.ts'
import { flattenRecord } from '#src/lib/table-file/flatten-record.ts'
import { printCsvRow } from '#src/lib/table-file/print-csv-row.ts'

const pieceBytes = 65_536

/** Records as CSV (RFC 4180, lines ended by LF): a heading, then a line each, in pieces worth sending. */
export async function* csvOf(
  columns: readonly string[],
  records: AsyncIterable<JsonObject>,
): AsyncGenerator<Buffer> {
  let text = columns.length === 0 ? '' : printCsvRow(columns)
  for await (const record of records) {
    const cells = flattenRecord(record)
    text += printCsvRow(columns.map((name) => cells[name] ?? ''))
    if (text.length < pieceBytes) continue
    yield Buffer.from(text)
    text = ''
  }
  if (text !== '') yield Buffer.from(text)
}
