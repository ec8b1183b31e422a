import { createHash } from 'node:crypto'
import { AppError } from '#src/lib/errors.ts'

/** Where a walk through the catalogue stands. Nothing in it is private: the catalogue is the same for everybody. */
export interface ListPosition {
  readonly where: string
  readonly abridged: boolean
  readonly pageSize: number
  /** Elements before the page, 0 or more. */
  readonly skip: number
}

const checkOf = (text: string): string =>
  createHash('sha256').update('elements').update('\n').update(text).digest('base64url').slice(0, 12)

export const printListToken = ({ where, abridged, pageSize, skip }: ListPosition): string => {
  const text = JSON.stringify([where, abridged, pageSize, skip])
  return `${Buffer.from(text).toString('base64url')}.${checkOf(text)}`
}

const isCount = (value: unknown, least: number): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= least

const readPosition = (text: string): ListPosition | undefined => {
  try {
    const [where, abridged, pageSize, skip] = JSON.parse(text) as readonly unknown[]
    if (typeof where !== 'string' || typeof abridged !== 'boolean') return undefined
    return isCount(pageSize, 1) && isCount(skip, 0) ? { where, abridged, pageSize, skip } : undefined
  } catch {
    return undefined
  }
}

/** @throws AppError `bad-request` for a token that was not made here. */
export const parseListToken = (token: string): ListPosition => {
  const [body = ''] = token.split('.')
  const position = readPosition(Buffer.from(body, 'base64url').toString('utf8'))
  // Printed again, it must be the same: base64 has several spellings of one text.
  if (position !== undefined && printListToken(position) === token) return position
  throw new AppError(
    'bad-request',
    'nextPage: it is not a token of this listing. Send the Elements-Next-Page-Token of the page before, unchanged.',
  )
}
