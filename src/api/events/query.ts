import { z } from 'zod'
import { AppError } from '#src/lib/errors.ts'
import { parseInstant } from '#src/lib/instant.ts'

/** All texts of a name; blank ones are absent. */
export const many = z
  .union([z.string(), z.array(z.string())])
  .optional()
  .transform((value) => [value ?? []].flat().filter((text) => text.trim() !== ''))

/** One text; the last of several. Blank is absent. */
export const one = many.transform((values) => values.at(-1)?.trim())

/** @throws AppError `bad-request`. */
export const instantIn = (name: string, text: string | undefined): Date | undefined => {
  if (text === undefined) return undefined
  const ms = parseInstant(text)
  if (ms !== null) return new Date(Math.floor(ms))
  throw new AppError('bad-request', `${name}: a time such as 2026-05-04T10:00:00Z.`)
}

/** @throws AppError `bad-request`. */
export const refuseBackwards = (from: Date | undefined, to: Date | undefined): void => {
  if (from === undefined || to === undefined || from.getTime() <= to.getTime()) return
  throw new AppError('bad-request', 'to: it is before `from`. Send the earlier time as `from`.')
}

/** @throws AppError `bad-request`. */
export const sizeIn = (text: string | undefined, largest: number): number | undefined => {
  if (text === undefined) return undefined
  const size = Number(text)
  if (/^\d{1,9}$/.test(text) && size >= 1 && size <= largest) return size
  throw new AppError('bad-request', `pageSize: a whole number from 1 to ${largest}.`)
}

/**
 * Reads a page token: base64 of JSON. Nothing in it opens more than its sender may list anyway.
 * @throws AppError `bad-request` for one that was not made here.
 */
export const readToken = <Position extends z.ZodType>(
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

export const printToken = (position: unknown): string =>
  Buffer.from(JSON.stringify(position)).toString('base64url')
