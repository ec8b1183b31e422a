import { z } from 'zod'
import { parseToken, printToken } from '../parameters.ts'

/** Where a listing of instances goes on, and what it asked for, so that the token may be sent alone. */
const Position = z.object({
  afterId: z.number().int().positive().max(Number.MAX_SAFE_INTEGER),
  pageSize: z.number().int().min(1).max(5000),
  tags: z.array(z.string()),
  searchText: z.string().optional(),
  hydrate: z.boolean(),
})

export type ListPosition = z.output<typeof Position>

export const printPosition = (position: ListPosition): string => printToken(position)

/** @throws AppError `bad-request` for a token that was not made here. */
export const parsePosition = (token: string): ListPosition => parseToken(Position, token)
