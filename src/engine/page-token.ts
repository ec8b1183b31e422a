import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Given } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'

/** Where a walk through a listing stands: everything that its next page needs. */
export interface PagePosition {
  readonly where: string
  readonly fields: string
  readonly orderBy: string
  readonly pageSize: number
  /** The vendor's cursor of the page to read; null: its first page. */
  readonly cursor: string | null
  /** Rows of that page that were already handled; of the sorted rows, where they are sorted. */
  readonly skip: number
  /** Rows asked of the vendor at once. The same through a walk, or `skip` would lose its meaning. */
  readonly limit: number
  /** What was said besides the query (`Resource.address`). */
  readonly given: Given
}

/** The first signs; what any of them signed is taken, for keys change while somebody walks. */
export type PageTokenKeys = readonly [Buffer, ...Buffer[]]

const sign = (key: Buffer, scope: string, text: string): Buffer =>
  createHmac('sha256', key).update(scope).update('\n').update(text).digest().subarray(0, 12)

/** An opaque token, bound to one connection and resource by its signature. */
export const printPageToken = ([key]: PageTokenKeys, scope: string, position: PagePosition): string => {
  const { where, fields, orderBy, pageSize, cursor, skip, limit, given } = position
  const text = JSON.stringify([where, fields, orderBy, pageSize, cursor, skip, limit, given])
  return `${Buffer.from(text).toString('base64url')}.${sign(key, scope, text).toString('base64url')}`
}

/** Base64 has several spellings of the same bytes; only the one that was given out is taken. */
const isSignedBy = (key: Buffer, scope: string, text: string, token: string): boolean => {
  const wanted = Buffer.from(
    `${Buffer.from(text).toString('base64url')}.${sign(key, scope, text).toString('base64url')}`,
  )
  const given = Buffer.from(token)
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}

/**
 * @throws AppError `bad-request` for a token that was not made here for this listing.
 */
export const parsePageToken = (keys: PageTokenKeys, scope: string, token: string): PagePosition => {
  const [body = ''] = token.split('.')
  const text = Buffer.from(body, 'base64url').toString('utf8')
  if (!keys.some((key) => isSignedBy(key, scope, text, token))) {
    throw new AppError(
      'bad-request',
      'nextPage: it is not a token of this listing. Send the Elements-Next-Page-Token of the page before, unchanged.',
    )
  }
  // Tokens of earlier versions end with the limit.
  const [where, fields, orderBy, pageSize, cursor, skip, limit, given = {}] = JSON.parse(text) as [
    string,
    string,
    string,
    number,
    string | null,
    number,
    number,
    Given?,
  ]
  return { where, fields, orderBy, pageSize, cursor, skip, limit, given }
}
