import type { Given, Resource } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { TablePosition } from '#src/lib/table-file/table-row.ts'
import { nameOf } from '../objects/index.ts'
import { type MappedJob, mappedJob } from './job-resource.ts'

export type UploadAction = 'create' | 'update' | 'upsert' | 'delete'

/** What an upload is asked to do with each row. */
export interface UploadCriteria extends MappedJob {
  readonly action: UploadAction
  /** The field by which a row is found, as the caller names it; null: the key, where the action needs one. */
  readonly identifier: string | null
  /** Null: found out by the file's beginning. */
  readonly format: 'csv' | 'json' | null
  /** Of CSV; null: found out. */
  readonly delimiter: string | null
  /** Calls at once; 1: the order of the rows is kept. */
  readonly parallel: number
  /** What is said of every row besides its fields (`Resource.address`, `Owner.param`). */
  readonly given: Given
}

/** Where an upload goes on. */
export interface UploadCheckpoint {
  /** Null: at the beginning. */
  readonly from: TablePosition | null
  /** Rows after that place that are handled already. */
  readonly done: readonly number[]
  /** Columns that were not written, so far. */
  readonly ignored: readonly string[]
}

/** Of an upload that nothing was sent of. */
export const freshUpload: UploadCheckpoint = { from: null, done: [], ignored: [] }

/** Rows that were about to be sent when nothing more was heard of them. */
export interface Sending {
  readonly rows: readonly number[]
  /** When that was noted, ISO 8601. */
  readonly at: string
  /** When they were found so: a moment later what was on its way has arrived, or never will. */
  readonly foundAt?: string
}

/** What an upload may be asked by (spec/contract.md 7), as it was sent. */
export interface UploadAsked {
  readonly action?: unknown
  readonly identifierFieldName?: unknown
  readonly primaryKeyName?: unknown
  readonly format?: unknown
  readonly delimiter?: unknown
  readonly concurrency?: unknown
  readonly given: Given
}

const usualParallel = 4
const mostParallel = 16

const textOf = (name: string, value: unknown): string | undefined => {
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value === 'string') return value.trim()
  throw new AppError('bad-request', `metaData.${name}: a text.`)
}

const actions: ReadonlySet<string> = new Set(['create', 'update', 'upsert', 'delete'])

const isAction = (word: string): word is UploadAction => actions.has(word)

const actionOf = (value: unknown, hasIdentifier: boolean): UploadAction => {
  const word = textOf('action', value)?.toLowerCase() ?? (hasIdentifier ? 'upsert' : 'create')
  if (isAction(word)) return word
  throw new AppError(
    'bad-request',
    `metaData.action: ${[...actions].join(', ')}, not '${word.slice(0, 40)}'.`,
  )
}

const formats: Readonly<Record<string, UploadCriteria['format']>> = {
  csv: 'csv',
  'text/csv': 'csv',
  json: 'json',
  jsonl: 'json',
  'application/json': 'json',
  'application/jsonl': 'json',
}

const formatOf = (value: unknown): UploadCriteria['format'] => {
  const word = textOf('format', value)?.toLowerCase()
  if (word === undefined) return null
  const format = Object.hasOwn(formats, word) ? formats[word] : undefined
  if (format !== undefined) return format
  throw new AppError('bad-request', `metaData.format: csv, json or jsonl, not '${word.slice(0, 40)}'.`)
}

const parallelOf = (value: unknown): number => {
  if (value === undefined || value === null || value === '') return usualParallel
  const word = typeof value === 'string' ? value.trim().toLowerCase() : value
  if (word === 'serial') return 1
  if (word === 'parallel') return usualParallel
  const number = Number(word)
  if (Number.isInteger(number) && number >= 1) return Math.min(number, mostParallel)
  throw new AppError(
    'bad-request',
    `metaData.concurrency: serial, or how many calls at once, 1 to ${mostParallel}.`,
  )
}

const identifierOf = ({ identifierFieldName, primaryKeyName }: UploadAsked): string | null => {
  const one = textOf('identifierFieldName', identifierFieldName)
  const other = textOf('primaryKeyName', primaryKeyName)
  if (one !== undefined && other !== undefined && one !== other)
    throw new AppError(
      'bad-request',
      `metaData: identifierFieldName is ${one}, but primaryKeyName ${other}. Send one of them.`,
    )
  return one ?? other ?? null
}

/**
 * Reads what is asked.
 * @param resource undefined: there is none of the name.
 * @throws AppError `bad-request` naming the part that is wrong.
 */
export const uploadCriteriaOf = (asked: UploadAsked, resource: Resource | undefined): UploadCriteria => {
  const identifier = identifierOf(asked)
  return {
    ...(resource === undefined ? {} : mappedJob(resource)),
    action: actionOf(asked.action, identifier !== null),
    identifier,
    format: formatOf(asked.format),
    delimiter: textOf('delimiter', asked.delimiter) ?? null,
    parallel: parallelOf(asked.concurrency),
    given: asked.given,
  }
}

const needed: Readonly<Record<UploadAction, readonly (readonly ['create' | 'update' | 'remove', string])[]>> =
  {
    create: [['create', 'created']],
    update: [['update', 'changed']],
    upsert: [
      ['create', 'created'],
      ['update', 'changed'],
    ],
    delete: [['remove', 'removed']],
  }

const notEnabled = (resource: Resource, why: string): AppError =>
  new AppError('bad-request', `Bulk upload is not enabled for ${nameOf(resource)}: ${why}`)

/** @throws AppError `bad-request` where nothing can be done with rows of the resource. */
export const checkWritable = (resource: Resource): void => {
  const { create, update, remove } = resource.verbs
  if (create !== undefined || update !== undefined || remove !== undefined) return
  throw notEnabled(resource, 'it can only be read.')
}

/** @throws AppError `bad-request` where the resource cannot do that. */
export const checkAction = (resource: Resource, { action }: UploadCriteria): void => {
  const missing = needed[action].find(([verb]) => resource.verbs[verb] === undefined)
  if (missing !== undefined)
    throw notEnabled(resource, `it cannot be ${missing[1]}, which action ${action} needs.`)
}
