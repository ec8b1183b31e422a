/** What the vendor was asked to make. */
export interface Made {
  /** Calls. */
  readonly answered: number
  /** Of these, such that are no row of the file. */
  readonly foreign: number
  /** Rows of the file that came once, and more than once. */
  readonly once: number
  readonly again: number
}

/** Rows in their order: how many, and the SHA-256 of their ids, a line each. */
export interface Ids {
  readonly rows: number
  readonly sha256: string
}

/** What is watched. */
export type Part = 'serve' | 'work'

/** Of each part, highest resident memory in MB. */
export type Peaks = Readonly<Record<Part, number>>

/** What one phase of the benchmark took. */
export interface Phase {
  readonly what: string
  readonly rows: number
  readonly seconds: number
  /** Microseconds of CPU a row. */
  readonly cpu: Readonly<Record<Part | 'database', number>>
  /** Until a tenth of the rows was done, and until the end. */
  readonly tenth: Peaks
  readonly peak: Peaks
}
