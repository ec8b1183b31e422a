import { z } from 'zod'
import { AppError } from '#src/lib/errors.ts'
import { parseInstant } from '#src/lib/instant.ts'

/** Repeated names become arrays; a name given once is a text. */
export const valuesOf = (query: URLSearchParams): Readonly<Record<string, string | readonly string[]>> => {
  const found = [...new Set(query.keys())].map((name) => {
    const values = query.getAll(name)
    const [only = ''] = values
    return [name, values.length > 1 ? values : only] as const
  })
  return Object.fromEntries(found)
}

/** A parameter that may be repeated. */
export const many = z
  .union([z.string(), z.array(z.string())])
  .optional()
  .transform((value) => (value === undefined ? [] : typeof value === 'string' ? [value] : value))

/** One text; the last of several. Blank is absent. */
export const one = many.transform((values) => (values.at(-1)?.trim() ? values.at(-1) : undefined))

/** The entries of parameters that hold several, with commas between. */
export const commaList = (values: readonly string[]): readonly string[] =>
  values.flatMap((text) => text.split(',')).flatMap((text) => text.trim() || [])

/** A switch that is off unless it is `true`. */
export const flag = one.transform((text) => text?.trim().toLowerCase() === 'true')

/** @throws AppError `bad-request` naming the parameter. */
export const wholeNumber = (name: string, text: string | undefined, largest: number): number | undefined => {
  if (text === undefined) return undefined
  const value = Number(text)
  if (/^\d{1,9}$/.test(text.trim()) && value >= 1 && value <= largest) return value
  throw new AppError('bad-request', `${name}: a whole number from 1 to ${largest}.`)
}

/** A moment in ISO 8601; without a zone it is UTC. @throws AppError `bad-request` naming the parameter. */
export const instant = (name: string, text: string | undefined): Date | undefined => {
  if (text === undefined) return undefined
  // A plus sign in a query that nobody encoded is a blank.
  const ms = parseInstant(text.trim().replace(/ (?=\d{2}:?\d{2}$)/, '+')) ?? parseInstant(text)
  if (ms !== null) return new Date(ms)
  throw new AppError('bad-request', `${name}: a date such as 2026-01-31T08:00:00Z.`)
}

/** The number of a thing in a path. @throws AppError `not-found`, since nothing has such an id. */
export const idIn = (thing: string, text: string | undefined): number => {
  if (text !== undefined && /^\d{1,15}$/.test(text)) return Number(text)
  throw new AppError('not-found', `No ${thing} found with id ${(text ?? '').slice(0, 64)}`)
}

/** Base64 of JSON. Nothing in a token opens more than its sender may list anyway. */
export const printToken = (position: object): string =>
  Buffer.from(JSON.stringify(position)).toString('base64url')

/** @throws AppError `bad-request` for a token that was not made of such a position. */
export const parseToken = <Position extends z.ZodType>(
  schema: Position,
  token: string,
): z.output<Position> => {
  try {
    return schema.parse(JSON.parse(Buffer.from(token, 'base64url').toString('utf8')))
  } catch (cause) {
    throw new AppError(
      'bad-request',
      'nextPage: it is not a token of this listing. Send the Elements-Next-Page-Token of the page before, unchanged.',
      {},
      { cause },
    )
  }
}
