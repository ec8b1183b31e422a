import type { JsonObject } from '#src/lib/json.ts'
import type { HowToRead } from '#src/lib/table-file/read-table.ts'

/** What a row that cannot be read must say, and of which column. */
export interface ExpectedProblem {
  readonly problem: RegExp
  readonly column?: string
}

/** One nasty file and what must come of it. */
export interface TableCase {
  readonly name: string
  /** Made when asked, for some are large. */
  readonly bytes: () => Buffer
  readonly how?: Partial<HowToRead>
  /** In their order; before `refused`, when both are there. */
  readonly rows?: readonly (JsonObject | ExpectedProblem)[]
  /** What the refusal of the file, or of its rest, must say. */
  readonly refused?: RegExp
}

export const file = (name: string, text: string, more: Omit<TableCase, 'name' | 'bytes'>): TableCase => ({
  name,
  bytes: () => Buffer.from(text),
  ...more,
})

export const bytesFile = (
  name: string,
  bytes: Buffer | readonly number[],
  more: Omit<TableCase, 'name' | 'bytes'>,
): TableCase => ({ name, bytes: () => Buffer.from(bytes), ...more })
