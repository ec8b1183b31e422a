import type { JsonObject } from '#src/lib/json.ts'
import type { Seen, SeenRow } from './seen.ts'
import { isBefore } from './window.ts'

export type EventType = 'CREATED' | 'UPDATED' | 'DELETED'

/** A change of one row. */
export interface Change {
  readonly type: EventType
  readonly id: string
  /** By the vendor's clock, in milliseconds since 1970; null: not told. */
  readonly at: number | null
  readonly row: JsonObject
}

/** A row as it was read. */
export interface ReadRow extends SeenRow {
  readonly id: string
  readonly row: JsonObject
  readonly createdAt: number | null
}

/** What decides whether a row is an event. */
export interface DiffRules {
  /** Rows tell when they changed. */
  readonly dated: boolean
  /** What changed then or before is no event, by the vendor's clock. */
  readonly floor: number
  /** What changed then or before may have been told and forgotten, by the vendor's clock. */
  readonly from: number
  /** Milliseconds between creation and change that still count as creation. */
  readonly toleranceMs: number
  /** Only what was created is an event; `at` is then the time of creation. */
  readonly createdOnly: boolean
  /** The rows are the whole listing, and what is missing in it is gone. */
  readonly deletes: boolean
}

const isNew = ({ at, createdAt }: ReadRow, { toleranceMs }: DiffRules): boolean =>
  at === null || createdAt === null ? false : Math.abs(at - createdAt) <= toleranceMs

const typeOf = (read: ReadRow, before: SeenRow | undefined, rules: DiffRules): EventType => {
  if (before !== undefined) return 'UPDATED'
  if (!rules.dated || rules.createdOnly) return 'CREATED'
  return isNew(read, rules) ? 'CREATED' : 'UPDATED'
}

/** Whether a row differs from what is remembered in a way that is an event. */
const isChange = (
  read: ReadRow,
  before: SeenRow | undefined,
  rules: DiffRules,
  isFirstLook: boolean,
): boolean => {
  if (before?.hash === read.hash) return false
  if (before !== undefined) return !rules.createdOnly
  return read.at === null ? !isFirstLook : !isBefore(read.at, Math.max(rules.floor, rules.from))
}

/** A row slides past a reading by pages while another goes: only what two whole ones in a row lack is gone. */
const withoutGone = (
  seen: Seen,
  there: ReadonlySet<string>,
): { readonly gone: string[]; readonly seen: Seen } => {
  const missing = [...seen].filter(([id]) => !there.has(id))
  const gone = missing.filter(([, row]) => row.isMissing === true).map(([id]) => id)
  const next = new Map<string, SeenRow>(seen)
  for (const [id, row] of missing) next.set(id, { ...row, isMissing: true })
  for (const id of gone) next.delete(id)
  return { gone, seen: next }
}

/**
 * The changes between what is remembered and what was read: by id, date and content, so that a row which comes late,
 * or with the time of another, is found, and one that is read again is not told again.
 * @param seen null: this is the first look; a listing without times then tells nothing.
 * @returns the changes, oldest first, and what is to be remembered.
 */
export const diff = (
  seen: Seen | null,
  rows: readonly ReadRow[],
  rules: DiffRules,
): { readonly changes: readonly Change[]; readonly seen: Seen } => {
  const next = new Map<string, SeenRow>(seen ?? [])
  const changes: Change[] = []
  for (const read of new Map(rows.map((row) => [row.id, row])).values()) {
    const before = seen?.get(read.id)
    if (isChange(read, before, rules, seen === null))
      changes.push({ type: typeOf(read, before, rules), id: read.id, at: read.at, row: read.row })
    next.set(read.id, { at: read.at, hash: read.hash })
  }
  const left = rules.deletes ? withoutGone(next, new Set(rows.map(({ id }) => id))) : { gone: [], seen: next }
  for (const id of left.gone) changes.push({ type: 'DELETED', id, at: null, row: { id } })
  return { changes: changes.sort((one, two) => (one.at ?? 0) - (two.at ?? 0)), seen: left.seen }
}
