import type { Queryable } from '../queryable.ts'
import type { BulkKey } from './bulk-jobs.ts'

/** One file of a download's records. */
export interface BulkPart {
  readonly part: number
  /** In the store of files. */
  readonly name: string
  /** How many records are before it. */
  readonly firstRecord: number
  readonly records: number
  /** Before it was sealed. */
  readonly bytes: number
}

/** A record that was not taken. */
export interface BulkError {
  /** From 1, the heading of the file not counted. */
  readonly record: number
  readonly columnName: string | null
  readonly message: string
  /** The vendor's status, where it answered. */
  readonly status: number | null
  readonly providerMessage: string | null
  readonly providerCode: string | null
  /** Whether it was taken is not known. */
  readonly inDoubt: boolean
}

export const bulkPartTable = (db: Queryable) => ({
  insert: ({ organizationId, jobId }: BulkKey, { part, name, firstRecord, records, bytes }: BulkPart) =>
    db.query({
      name: 'bulk-part-insert',
      text: `insert into bulk_parts (organization_id, job_id, part, name, first_record, records, bytes)
        values ($1, $2, $3, $4, $5, $6, $7)`,
      values: [organizationId, jobId, part, name, firstRecord, records, bytes],
    }),
  /** In order; those that hold records after the first `skip`. */
  list: ({ organizationId, jobId }: BulkKey, skip = 0): Promise<BulkPart[]> =>
    db.query<BulkPart>({
      text: `select part, name, first_record as "firstRecord", records, bytes from bulk_parts
        where organization_id = $1 and job_id = $2 and first_record + records > $3 order by part`,
      values: [organizationId, jobId, skip],
    }),
  removeAll: ({ organizationId, jobId }: BulkKey) =>
    db.query({
      text: 'delete from bulk_parts where organization_id = $1 and job_id = $2',
      values: [organizationId, jobId],
    }),
})

/** The columns of an error with its job's key. */
export const errorColumns = `organization_id, job_id, record, column_name, message, status, provider_message,
  provider_code, in_doubt`

/** Errors as rows, from parameters of which the first is `first`. */
export const errorsFrom = (first: number): string => {
  const types = ['bigint', 'text', 'text', 'integer', 'text', 'text', 'boolean']
  return `unnest(${types.map((type, at) => `$${first + at}::${type}[]`).join(', ')})`
}

/** The values of those parameters. */
export const errorArrays = (errors: readonly BulkError[]): readonly unknown[] => [
  errors.map(({ record }) => record),
  errors.map(({ columnName }) => columnName),
  errors.map(({ message }) => message),
  errors.map(({ status }) => status),
  errors.map(({ providerMessage }) => providerMessage),
  errors.map(({ providerCode }) => providerCode),
  errors.map(({ inDoubt }) => inDoubt),
]

export const bulkErrorTable = (db: Queryable) => ({
  insert: async ({ organizationId, jobId }: BulkKey, errors: readonly BulkError[]): Promise<void> => {
    if (errors.length === 0) return
    await db.query({
      name: 'bulk-errors-insert',
      text: `insert into bulk_errors (${errorColumns}) select $1, $2, * from ${errorsFrom(3)}`,
      values: [organizationId, jobId, ...errorArrays(errors)],
    })
  },
  /** In the order of records, those after one. */
  list: ({ organizationId, jobId }: BulkKey, afterRecord: number, limit: number): Promise<BulkError[]> =>
    db.query<BulkError>({
      text: `select record, column_name as "columnName", message, status, provider_message as "providerMessage",
          provider_code as "providerCode", in_doubt as "inDoubt" from bulk_errors
        where organization_id = $1 and job_id = $2 and record > $3 order by record limit $4`,
      values: [organizationId, jobId, afterRecord, limit],
    }),
})
