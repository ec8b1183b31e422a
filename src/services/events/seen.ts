import { createHash } from 'node:crypto'
import type { Json } from '#src/lib/json.ts'
import { isBefore } from './window.ts'

/** What a poller remembers of a row: when it last changed by the vendor's clock (null: not told), and what it held. */
export interface SeenRow {
  readonly at: number | null
  readonly hash: string
  /** The last whole poll did not find it. */
  readonly isMissing?: true
}

/** By id. */
export type Seen = ReadonlyMap<string, SeenRow>

/** Null: it has never looked. */
export const readSeen = (text: string | null): Seen | null => {
  if (text === null) return null
  const rows = JSON.parse(text) as [string, number | null, string, 1?][]
  return new Map(
    rows.map(([id, at, hash, missing]) => [
      id,
      { at, hash, ...(missing === 1 ? { isMissing: true as const } : {}) },
    ]),
  )
}

export const printSeen = (seen: Seen): string =>
  JSON.stringify([...seen].map(([id, { at, hash, isMissing }]) => [id, at, hash, ...(isMissing ? [1] : [])]))

/** Members that are null are left out: whether an instance shows them is a setting, and no change of the row. */
const sorted = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(
        Object.entries(value)
          .filter(([, inner]) => inner !== null)
          .sort(([one], [two]) => (one < two ? -1 : 1)),
      )
    : value

const hashChars = 16

/** The same for the same content, in whatever order the vendor writes its fields; 96 bits. */
export const hashOf = (row: Json): string =>
  createHash('sha1').update(JSON.stringify(row, sorted)).digest('base64url').slice(0, hashChars)

/** So many rows that changed before what is read again are remembered besides, in case the vendor's clock goes back. */
const keptBesides = 200

/** Forgets what changed before `from`, and would not be taken for new (`diff`), but for the newest of it; rows that tell no time are kept. */
export const forgetBefore = (seen: Seen, from: number): Seen => {
  const old = [...seen].flatMap(([, { at }]) => (at !== null && isBefore(at, from) ? [at] : []))
  if (old.length <= keptBesides) return seen
  const border = old.sort((one, two) => two - one)[keptBesides] ?? from
  return new Map([...seen].filter(([, { at }]) => at === null || at > border || !isBefore(at, from)))
}
