import { type HowToRead, readTable } from '#src/lib/table-file/read-table.ts'
import type { TableBatch, TableRow } from '#src/lib/table-file/table-row.ts'

export const mostRowBytes = 4 * 2 ** 20

/** Gives bytes from one on, in chunks of a size. */
export const chunksOf = (bytes: Uint8Array, size: number) =>
  async function* (from: number): AsyncGenerator<Uint8Array> {
    for (let at = from; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
  }

/** All batches of a file that is in memory. @param chunk bytes that come at once. */
export const readBatches = async (
  bytes: Uint8Array,
  how: Partial<HowToRead> = {},
  chunk = 65_536,
): Promise<readonly TableBatch[]> => {
  const batches: TableBatch[] = []
  for await (const batch of readTable(chunksOf(bytes, chunk), { mostRowBytes, batchRows: 1_000, ...how })) {
    batches.push(batch)
  }
  return batches
}

/** All rows of a file that is in memory. */
export const readRows = async (
  bytes: Uint8Array | string,
  how: Partial<HowToRead> = {},
  chunk?: number,
): Promise<readonly TableRow[]> =>
  (await readBatches(Buffer.from(bytes as string), how, chunk)).flatMap(({ rows }) => rows)
