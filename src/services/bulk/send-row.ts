import { printWhere } from '#src/ceql/index.ts'
import type { Resource } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { isJsonObject, type JsonObject } from '#src/lib/json.ts'
import type { TableRow } from '#src/lib/table-file/table-row.ts'
import type { BulkError } from '#src/store/index.ts'
import { beginning, type HubCall } from '../objects/index.ts'
import { convertRow, valueAt } from './convert.ts'
import type { BulkNeed } from './need.ts'
import { isPassing } from './passing.ts'
import { doubtfulRow, problemRow, refusedRow } from './row-errors.ts'
import { toVendorRow } from './to-vendor-row.ts'
import type { Sending, UploadCriteria } from './upload-asked.ts'

/** What became of a row. */
export type RowEnd =
  | { readonly kind: 'done'; readonly row: number; readonly ignored: readonly string[] }
  | {
      readonly kind: 'failed'
      readonly row: number
      readonly error: BulkError
      /** The vendor may be in trouble: rows after it had better wait. */
      readonly trouble?: AppError
    }
  /** It is sent again. `sent`: it may have been done; it is looked for first. */
  | { readonly kind: 'waits'; readonly row: number; readonly why: unknown; readonly sent: boolean }

/** Everything that a row's sending needs. */
export interface SendInput {
  readonly call: HubCall
  readonly resource: Resource
  readonly criteria: UploadCriteria
  readonly isFlat: boolean
  /** After so many pauses for one row it is given up, where other calls work. */
  readonly isLastTry: boolean
}

interface Ready {
  readonly row: number
  readonly record: JsonObject
  /** What is said to find it by; undefined: nothing. */
  readonly found: string | number | boolean | undefined
}

const keysOf = ({ key }: Resource): ReadonlySet<string> => new Set([key, 'id'])

/** The field that tells which row is meant. */
export const identifierOf = (resource: Resource, { identifier }: UploadCriteria): string =>
  identifier ?? resource.key

const isKey = (resource: Resource, name: string): boolean => keysOf(resource).has(name)

/** A read-only key is what finds the row, no field that was left out. */
const bodyOf = (resource: Resource, record: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(record).filter(
      ([name]) => !isKey(resource, name) || resource.fields[name]?.access === 'write',
    ),
  )

/** Sends rows of an upload, each by one call of the vendor's, or two where it is looked for. */
export const createSendRow = ({ objects }: Pick<BulkNeed, 'objects'>, input: SendInput) => {
  const { call, resource, criteria, isFlat, isLastTry } = input
  const { action, given } = criteria
  const name = identifierOf(resource, criteria)
  const owner = resource.owner === undefined ? undefined : given[resource.owner.param]
  const how = { unread: true } as const

  /** Ids of rows that have this value, two at most. */
  const lookFor = async (value: string | number | boolean): Promise<readonly string[]> => {
    const isNumber = resource.fields[name]?.type === 'number'
    const where = printWhere({
      kind: 'comparison',
      field: name,
      operator: '=',
      value:
        isNumber && typeof value === 'number'
          ? { kind: 'number', value, text: String(value) }
          : { kind: 'string', value: String(value) },
      position: 1,
    })
    const ids: string[] = []
    const search = { where, given, pageSize: 100 }
    for await (const { rows } of objects.pages(call, resource, search, beginning)) {
      for (const row of rows) if (isJsonObject(row)) ids.push(String(row['id'] ?? row[resource.key]))
      if (ids.length > 1) break
    }
    return ids.slice(0, 2)
  }

  /** The id of the one row that is meant; undefined: there is none. @throws AppError where there are several. */
  const idOf = async ({ found }: Ready): Promise<string | undefined> => {
    if (found === undefined) return undefined
    if (isKey(resource, name)) return String(found)
    const ids = await lookFor(found)
    if (ids.length > 1)
      throw new AppError(
        'bad-request',
        `${name}: more than one row of ${resource.name} has '${String(found).slice(0, 64)}'. Name a field that tells one.`,
      )
    return ids[0]
  }

  const needId = async (ready: Ready): Promise<string> => {
    const id = await idOf(ready)
    if (id !== undefined) return id
    throw ready.found === undefined
      ? new AppError('bad-request', `${name}: it is empty, so it tells no row to ${action}.`)
      : new AppError(
          'bad-request',
          `${name}: no row of ${resource.name} has '${String(ready.found).slice(0, 64)}'.`,
        )
  }

  const create = async ({ record }: Ready): Promise<readonly string[]> =>
    (await objects.create(call, resource, record, given, how)).ignored ?? []

  const update = async (id: string, { record }: Ready): Promise<readonly string[]> => {
    const address = { id, owner, given }
    return (await objects.update(call, resource, address, bodyOf(resource, record), how)).ignored ?? []
  }

  const remove = async (ready: Ready, inDoubt: boolean): Promise<readonly string[]> => {
    try {
      const id = await needId(ready)
      await objects.remove(call, resource, { id, owner, given })
    } catch (error) {
      // It may have been this very row that was cut off.
      if (!inDoubt || !(error instanceof AppError) || !isGone(error)) throw error
    }
    return []
  }

  const isGone = ({ code, message }: AppError): boolean =>
    code === 'provider-not-found' || (code === 'bad-request' && message.startsWith(`${name}: no row`))

  const act = async (ready: Ready, inDoubt: boolean): Promise<readonly string[]> => {
    if (action === 'delete') return remove(ready, inDoubt)
    if (action === 'update') return update(await needId(ready), ready)
    if (action === 'upsert') {
      const id = await idOf(ready)
      return id === undefined ? create(ready) : update(id, ready)
    }
    const isThere = inDoubt && ready.found !== undefined && (await lookFor(ready.found)).length > 0
    return isThere ? [] : create(ready)
  }

  /** Whether a row is a new one to the vendor, which must not be made twice. */
  const mayCreate = ({ found }: Ready): boolean =>
    action === 'create' || (action === 'upsert' && !(found !== undefined && isKey(resource, name)))

  /** Whether it can be looked for before it is sent again. */
  const canLook = ({ found }: Ready): boolean => found !== undefined && !isKey(resource, name)

  /** What a failure means for the row, and for those after it. */
  const failed = (ready: Ready, error: AppError): RowEnd => {
    const { row } = ready
    const creates = mayCreate(ready)
    // A service that says it cannot handle a request has not (RFC 9110 15.6.4).
    const isUnsure = creates && error.details.unsure === true && error.details.providerStatus !== 503
    const isCutOff = error.code === 'stopping' || call.signal.aborted
    if (isCutOff) return { kind: 'waits', row, why: error, sent: true }
    if (creates && isUnsure) {
      const trouble = isPassing(error) ? { trouble: error } : {}
      return isPassing(error) && canLook(ready) && !isLastTry
        ? { kind: 'waits', row, why: error, sent: true }
        : { kind: 'failed', row, error: doubtfulRow(row, error), ...trouble }
    }
    if (isPassing(error) && !(isLastTry && error.code === 'provider-failed'))
      return { kind: 'waits', row, why: error, sent: false }
    return { kind: 'failed', row, error: refusedRow(row, error, Object.keys(ready.record)) }
  }

  const readyOf = (read: TableRow): { readonly ready: Ready } | { readonly error: BulkError } => {
    if ('problem' in read) return { error: problemRow(read) }
    const made = convertRow(resource, read.record, isFlat)
    if ('problem' in made) return { error: problemRow({ row: read.row, ...made }) }
    const record = toVendorRow(resource, made.record)
    const found = valueAt(record, name) ?? (isKey(resource, name) ? valueAt(record, 'id') : undefined)
    return { ready: { row: read.row, record, found } }
  }

  /**
   * Sends a row.
   * @param doubt set where it may have been sent before and nothing was heard of it.
   */
  return async (read: TableRow, doubt: Sending | undefined): Promise<RowEnd> => {
    const made = readyOf(read)
    if ('error' in made) return { kind: 'failed', row: read.row, error: made.error }
    const { ready } = made
    if (doubt !== undefined && mayCreate(ready) && !canLook(ready))
      return { kind: 'failed', row: read.row, error: doubtfulRow(read.row, doubt) }
    try {
      return { kind: 'done', row: read.row, ignored: await act(ready, doubt !== undefined) }
    } catch (error) {
      if (error instanceof AppError) return failed(ready, error)
      return { kind: 'waits', row: read.row, why: error, sent: true }
    }
  }
}
