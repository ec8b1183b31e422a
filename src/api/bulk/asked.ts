import { z } from 'zod'
import { AppError } from '#src/lib/errors.ts'
import { type DownloadAsked, type JobAsked, readSelect } from '#src/services/index.ts'
import type { HubRequest } from '../hub.ts'

const callbackHeader = 'Elements-Async-Callback-Url'

/** Fields of forms are small. */
const mostFormBytes = 1_048_576

const MetaData = z.looseObject({
  'callback-payload': z.unknown().optional(),
  fileName: z.string().max(255).optional(),
})

export const headerOf = ({ headers }: HubRequest, name: string): string | undefined => {
  const value = headers[name.toLowerCase()]
  return value === undefined ? undefined : [value].flat().join(', ').trim()
}

/** What a client wants to have back is text; other JSON is sent back as JSON. */
const payloadOf = (value: unknown): string | undefined =>
  value === undefined || value === null
    ? undefined
    : typeof value === 'string'
      ? value
      : JSON.stringify(value)

/** @throws AppError `bad-request` naming metaData. */
export const readMetaData = (text: string | undefined): Readonly<Record<string, unknown>> => {
  if (text === undefined || text.trim() === '') return {}
  try {
    return MetaData.parse(JSON.parse(text))
  } catch (cause) {
    throw new AppError('bad-request', 'metaData: it is no JSON object.', {}, { cause })
  }
}

/** The metaData of a form without a file; other bodies count for nothing. */
const metaDataOf = async ({ upload, body }: HubRequest) => {
  if (upload === undefined) {
    const isObject = typeof body === 'object' && body !== null && !Array.isArray(body)
    return isObject ? MetaData.parse(body) : {}
  }
  const { file, fields } = await upload(mostFormBytes, { fileless: true })
  await file.close()
  return readMetaData(fields['metaData'])
}

/** What every job may be asked to do at its end. */
export const jobAskedOf = (
  request: HubRequest,
  metaData: Readonly<Record<string, unknown>>,
): Pick<JobAsked, 'callbackUrl' | 'callbackField' | 'callbackPayload' | 'fileName'> => {
  const { fileName } = metaData
  return {
    callbackUrl: headerOf(request, callbackHeader),
    callbackField: callbackHeader,
    callbackPayload: payloadOf(metaData['callback-payload']),
    fileName: typeof fileName === 'string' ? fileName : undefined,
  }
}

/** A parameter of the query; undefined: not sent, or empty. */
export const paramOf = ({ query }: HubRequest, name: string): string | undefined => {
  const text = query.get(name)?.trim()
  return text === undefined || text === '' ? undefined : text
}

export interface Asked {
  readonly what: DownloadAsked
  readonly job: JobAsked
}

/** Reads `POST /bulk/query` (spec/behaviour.md 10). @throws AppError `bad-query`, `bad-request` naming what is wrong. */
export const queryAsked = async (request: HubRequest): Promise<Asked> => {
  const q = paramOf(request, 'q')
  if (q === undefined)
    throw new AppError(
      'bad-request',
      'q: missing. Send a query, such as q=select * from reports where Total > 100.',
    )
  const selected = readSelect(q)
  const wheres = [selected.where, paramOf(request, 'where')].filter((where) => where !== undefined)
  const metaData = await metaDataOf(request)
  const [first, second] = wheres
  return {
    what: {
      ...selected,
      where: first === undefined || second === undefined ? first : `(${first}) and (${second})`,
      from: paramOf(request, 'from') ?? paramOf(request, 'lastRunDate'),
      to: paramOf(request, 'to'),
    },
    job: {
      ...{ askedBy: 'query', format: 'csv', continueFromJobId: paramOf(request, 'continueFromJobId') },
      ...jobAskedOf(request, metaData),
    },
  }
}

const wholeNumber = z.coerce.number().int().min(1)

const formats: Readonly<Record<string, string>> = {
  'application/json': 'json',
  'application/jsonl': 'jsonl',
  'text/csv': 'csv',
  json: 'json',
  jsonl: 'jsonl',
  csv: 'csv',
}

const DownloadBody = z.looseObject({
  objectName: z.string().min(1),
  format: z.string().nullish(),
  where: z.string().nullish(),
  selectFields: z.array(z.string()).nullish(),
  from: z.string().nullish(),
  to: z.string().nullish(),
  filterDateField: z.string().nullish(),
  limit: wholeNumber.nullish(),
  pageSize: wholeNumber.max(5_000).nullish(),
  apiLimit: wholeNumber.nullish(),
  filterNulls: z.boolean().nullish(),
  orderBy: z.string().nullish(),
  continueFromJobId: z.union([z.string(), z.number()]).nullish(),
  notificationUrl: z.string().nullish(),
  metaData: z.unknown().optional(),
  query: z.record(z.string(), z.unknown()).nullish(),
})

const givenOf = (query: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)]))

const bodyError = ({ issues }: z.ZodError): AppError =>
  new AppError(
    'bad-request',
    issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`).join('; '),
  )

/** Null is as good as absent. */
const given = <Value>(value: Value | null | undefined): Value | undefined => value ?? undefined

type DownloadBody = z.output<typeof DownloadBody>

const formatIn = ({ format }: DownloadBody): string => {
  const found = formats[(format ?? 'text/csv').trim().toLowerCase()]
  if (found !== undefined) return found
  throw new AppError(
    'bad-request',
    `format: application/json, application/jsonl or text/csv, not '${String(format).slice(0, 40)}'.`,
  )
}

const jobIn = (request: HubRequest, body: DownloadBody): JobAsked => {
  const id = given(body.continueFromJobId)
  const url = given(body.notificationUrl)
  return {
    ...jobAskedOf(request, {}),
    ...(url === undefined ? {} : { callbackUrl: url, callbackField: 'notificationUrl' }),
    askedBy: 'download',
    format: formatIn(body),
    continueFromJobId: id === undefined ? undefined : String(id),
    callbackPayload: payloadOf(body.metaData),
  }
}

/** Reads `POST /bulk/download` (spec/contract.md 7). @throws AppError `bad-request` naming the field. */
export const downloadAsked = (request: HubRequest): Asked => {
  const read = DownloadBody.safeParse(request.body ?? {})
  if (!read.success) throw bodyError(read.error)
  const body = read.data
  return {
    what: {
      objectName: body.objectName,
      where: given(body.where),
      fields: given(body.selectFields),
      orderBy: given(body.orderBy),
      limit: given(body.limit),
      mostCalls: given(body.apiLimit),
      given: givenOf(body.query ?? {}),
      pageSize: given(body.pageSize),
      filterNulls: given(body.filterNulls),
      from: given(body.from),
      to: given(body.to),
      dateField: given(body.filterDateField),
      query: JSON.stringify(request.body),
    },
    job: jobIn(request, body),
  }
}
