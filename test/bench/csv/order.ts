/**
 * Who reads the file: csv-parse; this product to records, the same with nested objects made of dotted columns, the same
 * with its texts converted by the fields of a resource, as an upload does it.
 */
export type Reader = 'csv-parse' | 'records' | 'nested records' | 'mapped rows'

/** One reading of the whole file by a process of its own. */
export interface Reading {
  readonly rows: number
  /** Characters of all cells of two columns: all readers must have read the same. */
  readonly characters: number
  readonly seconds: number
  /** User and system time, all threads. */
  readonly cpuSeconds: number
  /** Resident memory at its highest since the process began, MB. */
  readonly peakMb: number
}
