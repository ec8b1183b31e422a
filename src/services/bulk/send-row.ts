import type { Resource } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { JsonObject } from '#src/lib/json.ts'
import type { RowProblem, TableRow } from '#src/lib/table-file/table-row.ts'
import type { BulkError } from '#src/store/index.ts'
import { columnTypes, type HubCall, seenNames, vendorOf } from '../objects/index.ts'
import { createRowConverter } from './convert.ts'
import { createFindRow, type Found } from './find-row.ts'
import type { BulkNeed } from './need.ts'
import { isPassing } from './passing.ts'
import { doubtfulRow, problemRow, refusedRow } from './row-errors.ts'
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
  /** Whether objects stand in columns with dotted names. */
  readonly isFlat: boolean
  /** After so many pauses a row that the vendor fails at is given up. */
  readonly isLastTry: boolean
}

interface Ready {
  readonly row: number
  /** As the file has it. */
  readonly said: JsonObject
  /** In the vendor's names. */
  readonly record: JsonObject
  readonly found: Found
}

const how = { unread: true } as const

/** Sends rows of an upload, each by one call of the vendor's, or more where it is looked for. */
export const createSendRow = (need: Pick<BulkNeed, 'objects'>, input: SendInput) => {
  const { objects } = need
  const { call, resource, criteria, isFlat, isLastTry } = input
  const { action, given } = criteria
  const finder = createFindRow(need, call, resource, criteria)
  const convert = createRowConverter(columnTypes(resource), isFlat)
  const vendor = vendorOf(resource)
  const owner = resource.owner === undefined ? undefined : given[resource.owner.param]

  const create = async ({ said, record }: Ready): Promise<readonly string[]> => {
    const sent = action === 'upsert' ? await objects.sentNew(call, resource, said) : record
    const { ignored = [] } = await objects.create(call, vendor, sent, given, how)
    return seenNames(resource, ignored)
  }

  /** A read-only key is what finds the row, no field that was left out. */
  const update = async (id: string, { record }: Ready): Promise<readonly string[]> => {
    const sent = Object.entries(record).filter(
      ([name]) => !finder.isKeyName(name) || resource.fields[name]?.access === 'write',
    )
    const address = { id, owner, given }
    const { ignored = [] } = await objects.update(call, vendor, address, Object.fromEntries(sent), how)
    return seenNames(resource, ignored)
  }

  /** @param inDoubt whether this very row may be gone by a call that was cut off. */
  const remove = async ({ found }: Ready, inDoubt: boolean): Promise<void> => {
    const id = await finder.idOf(found)
    if (id === undefined && inDoubt && found !== undefined) return
    if (id === undefined) throw finder.none(found)
    try {
      await objects.remove(call, vendor, { id, owner, given })
    } catch (error) {
      if (!inDoubt || !(error instanceof AppError) || error.code !== 'provider-not-found') throw error
    }
  }

  const upsert = async (ready: Ready): Promise<readonly string[]> => {
    const id = await finder.idOf(ready.found)
    if (id !== undefined) return update(id, ready)
    if (action === 'update') throw finder.none(ready.found)
    return create(ready)
  }

  const act = async (ready: Ready, inDoubt: boolean): Promise<readonly string[]> => {
    switch (action) {
      case 'delete':
        await remove(ready, inDoubt)
        return []
      case 'update':
      case 'upsert':
        return upsert(ready)
      case 'create': {
        const isThere = inDoubt && ready.found !== undefined && (await finder.look(ready.found)).length > 0
        return isThere ? [] : create(ready)
      }
    }
  }

  /** Whether a row is a new one to the vendor, which must not be made twice. */
  const mayCreate = ({ found }: Ready): boolean =>
    action === 'create' || (action === 'upsert' && (found === undefined || !finder.byKey))

  /** Whether it can be looked for before it is sent again. */
  const canLook = ({ found }: Ready): boolean => found !== undefined && !finder.byKey

  /** A create that may have been done. */
  const unsure = (ready: Ready, error: AppError): RowEnd => {
    const { row } = ready
    if (!isPassing(error)) return { kind: 'failed', row, error: doubtfulRow(row, error) }
    return canLook(ready) && !isLastTry
      ? { kind: 'waits', row, why: error, sent: true }
      : { kind: 'failed', row, error: doubtfulRow(row, error), trouble: error }
  }

  const shownName = (name: string): string => seenNames(resource, [name])[0] ?? name

  /** What a failure means for the row, and for those after it. */
  const failed = (ready: Ready, error: AppError): RowEnd => {
    const { row, record } = ready
    const { details, code } = error
    if (code === 'stopping' || call.signal.aborted) return { kind: 'waits', row, why: error, sent: true }
    // A service that says it cannot handle a request has not (RFC 9110 15.6.4).
    const isUnsure = details.unsure === true && details.providerStatus !== 503
    if (isUnsure && mayCreate(ready)) return unsure(ready, error)
    const isGivenUp = isLastTry && code === 'provider-failed'
    if (isPassing(error) && !isGivenUp) return { kind: 'waits', row, why: error, sent: false }
    return { kind: 'failed', row, error: refusedRow(row, error, Object.keys(record), shownName) }
  }

  const readyOf = async (read: TableRow): Promise<{ readonly ready: Ready } | { readonly end: RowEnd }> => {
    const { row } = read
    const bad = (problem: RowProblem) => ({
      end: { kind: 'failed', row, error: problemRow(problem) } as const,
    })
    if ('problem' in read) return bad(read)
    const made = convert(read.record)
    if ('problem' in made) return bad({ row, ...made })
    try {
      const record = await (action === 'create' ? objects.sentNew : objects.sent)(call, resource, made.record)
      return { ready: { row, said: made.record, record, found: finder.foundIn(record) } }
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      // A process that stops ends its scripts, too: that is none of the row's faults.
      if (call.signal.aborted) return { end: { kind: 'waits', row, why: error, sent: false } }
      // What the mapping or its script refuses is wrong with this row, in the names of its file.
      return { end: { kind: 'failed', row, error: refusedRow(row, error, Object.keys(made.record)) } }
    }
  }

  /**
   * Sends a row.
   * @param doubt set where it may have been sent before and nothing was heard of it.
   */
  return async (read: TableRow, doubt: Sending | undefined): Promise<RowEnd> => {
    const { row } = read
    const made = await readyOf(read)
    if ('end' in made) return made.end
    const { ready } = made
    if (doubt !== undefined && mayCreate(ready) && !canLook(ready))
      return { kind: 'failed', row, error: doubtfulRow(row, doubt) }
    try {
      return { kind: 'done', row, ignored: await act(ready, doubt !== undefined) }
    } catch (error) {
      if (error instanceof AppError) return failed(ready, error)
      return { kind: 'waits', row, why: error, sent: true }
    }
  }
}
