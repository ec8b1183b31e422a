import { AppError } from '#src/lib/errors.ts'
import type { TableRow } from '#src/lib/table-file/table-row.ts'
import { identifierOf } from './find-row.ts'
import type { BulkNeed } from './need.ts'
import { refusedRow } from './row-errors.ts'
import { createSendRow, type RowEnd, type SendInput } from './send-row.ts'
import type { Sending } from './upload-asked.ts'
import type { UploadInput } from './upload-input.ts'

export type { RowEnd } from './send-row.ts'

/** Tells of a row that it may have been sent before. */
type DoubtOf = (row: number) => Sending | undefined

/** Sends a window of rows. */
export type SendRows = (rows: readonly TableRow[], doubtOf: DoubtOf) => Promise<readonly RowEnd[]>

/** Rows about the same thing at the vendor go one after the other; nothing is known of others. */
const groupsOf = (rows: readonly TableRow[], name: string): readonly (readonly TableRow[])[] => {
  const groups = new Map<unknown, TableRow[]>()
  for (const row of rows) {
    const value = 'record' in row ? row.record[name] : undefined
    const key = typeof value === 'string' || typeof value === 'number' ? String(value) : row
    groups.set(key, [...(groups.get(key) ?? []), row])
  }
  return [...groups.values()]
}

/** Sends windows of rows, so many at once as the job wants. */
export const createSendRows = (need: BulkNeed, input: SendInput): SendRows => {
  const { criteria, resource } = input
  const send = createSendRow(need, input)
  const name = identifierOf(resource, criteria)
  return async (rows, doubtOf) => {
    const ends: RowEnd[] = []
    const groups = [...groupsOf(rows, name)].reverse()
    const work = async (): Promise<void> => {
      for (let group = groups.pop(); group !== undefined; group = groups.pop())
        for (const row of group) ends.push(await send(row, doubtOf(row.row)))
    }
    await Promise.all(Array.from({ length: Math.min(criteria.parallel, groups.length) }, work))
    return ends
  }
}

/** Every row of an upload to nothing is told so. */
export const unknownObject = ({ objects }: BulkNeed, { job, call }: UploadInput): SendRows => {
  const error = (() => {
    try {
      objects.resource(call.instance, job.objectName)
    } catch (thrown) {
      if (thrown instanceof AppError) return thrown
    }
    return new AppError('not-found', `There is no object '${job.objectName}' here.`)
  })()
  return async (rows) =>
    rows.map(({ row }): RowEnd => ({ kind: 'failed', row, error: refusedRow(row, error, []) }))
}
