import { AppError } from '#src/lib/errors.ts'
import type { BulkJob } from '#src/services/index.ts'
import type { ApiReply, FileStream } from '../http/index.ts'
import { headerOf, paramOf } from './asked.ts'
import type { BulkCall } from './bulk-call.ts'

const types = {
  csv: 'text/csv',
  json: 'application/json',
  jsonl: 'application/jsonl',
} as const

type Format = keyof typeof types

const known: Readonly<Record<string, Format>> = {
  'text/csv': 'csv',
  'application/csv': 'csv',
  'application/json': 'json',
  'application/jsonl': 'jsonl',
  'application/x-ndjson': 'jsonl',
}

/** The first type of the header that is known, in the order of the header; what takes all gets the job's own. */
const formatOf = (accept: string | undefined, own: string): Format => {
  const fallback = own in types ? (own as Format) : 'csv'
  if (accept === undefined || accept === '') return fallback
  for (const part of accept.split(',')) {
    const type = part.split(';', 1)[0]?.trim().toLowerCase() ?? ''
    const format = known[type]
    if (format !== undefined) return format
    if (type === '*/*' || type === '*') return fallback
    if (type === 'text/*') return 'csv'
    if (type === 'application/*') return 'json'
  }
  throw new AppError('not-acceptable', 'Accept: text/csv, application/json or application/jsonl.')
}

const nameOf = ({ fileName, objectName, jobId }: BulkJob, format: Format): string => {
  const name = (fileName ?? `${objectName}-${jobId}.${format}`).replaceAll(/[^\w. -]/g, '_')
  return `attachment; filename="${name}"`
}

/**
 * A stream whose first piece is read before the answer begins: a store of files that does not work is told by the
 * answer's status then, not by a connection that breaks.
 */
const begun = async (
  { isHead }: BulkCall['request'],
  pieces: AsyncGenerator<Buffer>,
): Promise<FileStream> => {
  let first = isHead ? undefined : await pieces.next()
  const close = () => pieces.return(undefined)
  // No generator: one that was never begun would not let go of the file.
  const next = async (): Promise<IteratorResult<Buffer, undefined>> => {
    const given = first ?? (await pieces.next())
    first = undefined
    return given
  }
  return { read: () => ({ [Symbol.asyncIterator]: () => ({ next, return: close }) }), close }
}

/** `GET /bulk/{id}/{object}`: the whole file, as CSV or as JSON, one object a line (spec/behaviour.md 10). */
export const fileReply = async (
  { bulk, call, request }: BulkCall,
  id: string,
  objectName: string,
): Promise<ApiReply> => {
  const job = await bulk.jobs.own(call.instance, id)
  const format = formatOf(headerOf(request, 'accept'), job.format)
  const read =
    format === 'csv' ? await bulk.records.csv(job, objectName) : await bulk.records.lines(job, objectName)
  return {
    stream: { contentType: types[format], ...(await begun(request, read)) },
    headers: { 'content-disposition': nameOf(job, format) },
  }
}

/**
 * `GET /bulk/{id}/rejects`: the rows of an upload that were not taken, ready to mend and send again; with
 * `inDoubt=true` those too of which that is not known.
 */
export const rejectsReply = async ({ bulk, call, request }: BulkCall, id: string): Promise<ApiReply> => {
  const job = await bulk.jobs.own(call.instance, id)
  const read = bulk.rejects(job, paramOf(request, 'inDoubt')?.toLowerCase() === 'true')
  const format = job.format === 'csv' ? 'csv' : 'jsonl'
  return {
    stream: { contentType: types[format], ...(await begun(request, read)) },
    headers: {
      'content-disposition': `attachment; filename="${job.objectName.replaceAll(/[^\w. -]/g, '_')}-${job.jobId}-rejects.${format}"`,
    },
  }
}
