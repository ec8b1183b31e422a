import type { JsonObject } from '#src/lib/json.ts'
import { eachCell } from '#src/lib/table-file/flatten-record.ts'

/** The columns of records, in the order of their first appearance. */
export interface Columns {
  readonly note: (record: JsonObject) => void
  readonly names: () => readonly string[]
}

/** @param known those of earlier records. */
export const createColumns = (known: readonly string[]): Columns => {
  const names = new Set(known)
  const add = (column: string): void => {
    names.add(column)
  }
  return { note: (record) => eachCell(record, add), names: () => [...names] }
}
