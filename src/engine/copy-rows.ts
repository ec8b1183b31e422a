import { isUtf8 } from 'node:buffer'
import type { Resource } from '#src/element/index.ts'
import { notCopied } from './json-copier.ts'
import { RowCopier } from './row-copier.ts'

/** Rows as JSON text, and what stood beside them. */
export interface CopiedRows {
  /** An array of the rows. */
  readonly json: Buffer
  readonly count: number
  /** The text of each other member of the reply, by name. */
  readonly others: ReadonlyMap<string, string>
}

/** Kept between replies: to make and clear so many bytes costs as much as to fill them. */
let scratch = Buffer.alloc(0)
const mostKeptBytes = 4 * 1024 * 1024

/** Room for the longest that a text can grow by a second id in each of its rows. */
const roomFor = (text: Buffer): Buffer => {
  const bytes = text.length * 3 + 64
  if (bytes <= scratch.length) return scratch
  const made = Buffer.allocUnsafe(bytes)
  if (bytes <= mostKeptBytes) scratch = made
  return made
}

const names = new WeakMap<Resource, Buffer>()

const keyName = (resource: Resource): Buffer => {
  const known = names.get(resource)
  if (known !== undefined) return known
  const made = Buffer.from(JSON.stringify(resource.key))
  names.set(resource, made)
  return made
}

/** What `read` gives; null when the text has to be parsed after all. */
const tryCopy = <T>(
  text: Buffer,
  resource: Resource,
  keepNulls: boolean,
  read: (copier: RowCopier) => T,
): T | null => {
  // Only what is kept as it is may be copied: rows that are made of named fields are not.
  if (!resource.keepUnknown || resource.keyOf !== undefined || !isUtf8(text)) return null
  try {
    return read(new RowCopier(text, roomFor(text), keyName(resource), keepNulls))
  } catch (error) {
    if (error === notCopied) return null
    throw error
  }
}

/** One row of a vendor as the hub shows it, as text; null when it has to be parsed. */
export const copyRow = (text: Buffer, resource: Resource, keepNulls: boolean): Buffer | null =>
  tryCopy(text, resource, keepNulls, (copier) => {
    copier.copyRow()
    return copier.finish()
  })

/**
 * The rows of a vendor's listing as the hub shows them, as text; null when it has to be parsed.
 * @param names of the member that holds the rows; none: the text is the rows.
 */
export const copyRows = (
  text: Buffer,
  resource: Resource,
  names: readonly string[],
  keepNulls: boolean,
): CopiedRows | null =>
  tryCopy(text, resource, keepNulls, (copier) => {
    let count: number | null = null
    const others = new Map<string, string>()
    if (names.length === 0) {
      count = copier.copyRows()
      return { json: copier.finish(), count, others }
    }
    for (const name of copier.members()) {
      if (!names.includes(name)) others.set(name, copier.valueText())
      else if (count === null) count = copier.copyRows()
      // The last of two would count.
      else throw notCopied
    }
    if (count === null) throw notCopied
    return { json: copier.finish(), count, others }
  })
