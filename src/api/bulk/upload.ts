import { AppError } from '#src/lib/errors.ts'
import { type BulkJob, mostUploadBytes, type Receiving, type UploadAsked } from '#src/services/index.ts'
import { headerOf, jobAskedOf, readMetaData } from './asked.ts'
import type { BulkCall } from './bulk-call.ts'

/** What of a body's type tells how its rows are held; a form's file tells it by its beginning. */
const formatOfType: Readonly<Record<string, string>> = {
  'text/csv': 'csv',
  'application/csv': 'csv',
  'application/json': 'json',
  'application/jsonl': 'json',
  'application/x-ndjson': 'json',
}

/** What is said of every row: texts and numbers under any name. */
export const textsIn = (
  pairs: readonly (readonly [name: string, value: unknown])[],
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    pairs.flatMap(([name, value]): [string, string][] =>
      (typeof value === 'string' && value.trim() !== '') || typeof value === 'number'
        ? [[name, String(value).trim()]]
        : [],
    ),
  )

/** The first of two that is said. */
const said = (metaData: Readonly<Record<string, unknown>>, query: URLSearchParams, name: string): unknown =>
  metaData[name] ?? query.get(name) ?? undefined

const askedOf = (
  metaData: Readonly<Record<string, unknown>>,
  query: URLSearchParams,
  bodyType: string,
): UploadAsked => ({
  action: said(metaData, query, 'action'),
  identifierFieldName: said(metaData, query, 'identifierFieldName'),
  primaryKeyName: said(metaData, query, 'primaryKeyName'),
  format: said(metaData, query, 'format') ?? formatOfType[bodyType],
  delimiter: said(metaData, query, 'delimiter'),
  concurrency: said(metaData, query, 'concurrency'),
  given: textsIn([...Object.entries(metaData), ...query]),
})

const noFile = (): AppError =>
  new AppError(
    'bad-request',
    'file: missing. Send a form (multipart/form-data) with the part file, or the file as body with Content-Type text/csv or application/json.',
  )

const receive = async ({ request }: BulkCall, receiving: Receiving): Promise<BulkJob> => {
  const { upload, query } = request
  if (upload === undefined) throw noFile()
  const { file, fields, type } = await upload(mostUploadBytes, {
    part: { name: 'file', take: receiving.take },
  })
  await file.close()
  const metaData = readMetaData(fields['metaData'] ?? query.get('metaData') ?? undefined)
  const isForm = /^multipart\//i.test(headerOf(request, 'content-type') ?? '')
  return receiving.finish(askedOf(metaData, query, isForm ? '' : type), {
    ...{ askedBy: 'upload', format: 'csv' },
    ...jobAskedOf(request, metaData),
  })
}

/** `POST /bulk/{object}` (spec/contract.md 7, spec/behaviour.md 10): a file of rows becomes a job. */
export const uploadJob = async (input: BulkCall, objectName: string): Promise<BulkJob> => {
  const { bulk, caller, call } = input
  const receiving = await bulk.receive(caller, call, objectName)
  try {
    return await receive(input, receiving)
  } finally {
    await receiving.close()
  }
}
