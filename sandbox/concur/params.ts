import { readDate } from './dates.ts'
import { Refused } from './errors.ts'

/** Query parameters read and checked; a wrong one is 400 with its name. An empty one counts as absent. */
export const textParam = (query: URLSearchParams, name: string): string | undefined => {
  const value = query.get(name)
  return value === null || value === '' ? undefined : value
}

export const dateParam = (query: URLSearchParams, name: string): number | undefined => {
  const text = textParam(query, name)
  if (text === undefined) return undefined
  const at = readDate(text)
  if (at === undefined) {
    throw new Refused(400, `${name}: '${text}' is not a date; use yyyy-MM-dd or yyyy-MM-ddTHH:mm:ss.SSS`)
  }
  return at
}

export const booleanParam = (query: URLSearchParams, name: string): boolean | undefined => {
  const text = textParam(query, name)?.toLowerCase()
  if (text === undefined) return undefined
  if (text !== 'true' && text !== 'false') throw new Refused(400, `${name}: use true or false`)
  return text === 'true'
}

/** A whole number from 1; more than `most` counts as `most`. */
export const countParam = (query: URLSearchParams, name: string, otherwise: number, most: number): number => {
  const text = textParam(query, name)
  if (text === undefined) return otherwise
  if (!/^\d{1,9}$/.test(text) || Number(text) < 1)
    throw new Refused(400, `${name}: use a whole number from 1`)
  return Math.min(Number(text), most)
}

/** A place in a list, written so that nobody is tempted to calculate with it. */
export const writeOffset = (parts: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify(parts)).toString('base64url')

/** The parts of an offset of our own making, else 400. */
export const readOffset = (
  text: string,
  name: string,
  shape: readonly ('string' | 'number')[],
): unknown[] => {
  try {
    const parts: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
    if (
      Array.isArray(parts) &&
      parts.length === shape.length &&
      shape.every((kind, at) => typeof parts[at] === kind)
    ) {
      return parts
    }
  } catch {
    // Falls through to the refusal.
  }
  throw new Refused(400, `${name}: not a value that this service gave out`)
}

/** NextPage: the same question with the next offset. */
export const nextPageUrl = (
  baseUrl: string,
  path: string,
  query: URLSearchParams,
  limit: number,
  offset: string,
) => {
  const next = new URLSearchParams(query)
  next.set('limit', String(limit))
  next.set('offset', offset)
  return `${baseUrl}${path}?${next.toString()}`
}
