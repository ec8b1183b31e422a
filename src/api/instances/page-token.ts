import { z } from 'zod'
import { AppError } from '#src/lib/errors.ts'

/** Where a listing of instances goes on, and what it asked for, so that the token may be sent alone. */
const Position = z.object({
  afterId: z.number().int().positive().max(Number.MAX_SAFE_INTEGER),
  pageSize: z.number().int().min(1).max(5000),
  tags: z.array(z.string()),
  searchText: z.string().optional(),
  hydrate: z.boolean(),
})

export type ListPosition = z.output<typeof Position>

/** Base64 of JSON. Nothing in it opens more than its sender may list anyway. */
export const printPosition = (position: ListPosition): string =>
  Buffer.from(JSON.stringify(position)).toString('base64url')

/** @throws AppError `bad-request` for a token that was not made here. */
export const parsePosition = (token: string): ListPosition => {
  try {
    return Position.parse(JSON.parse(Buffer.from(token, 'base64url').toString('utf8')))
  } catch (cause) {
    throw new AppError(
      'bad-request',
      'nextPage: it is not a token of this listing. Send the Elements-Next-Page-Token of the page before, unchanged.',
      {},
      { cause },
    )
  }
}
