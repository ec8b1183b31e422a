import { z } from 'zod'
import { flag, one, parseToken, printToken, wholeNumber } from '../parameters.ts'

/** What every listing of this area may be asked for. */
export const PageQuery = z.looseObject({ page: one, pageSize: one, nextPage: one })

export const FlagQuery = z.looseObject({ hydrate: flag })

export const largestPage = 1_000
export const usualPage = 200

const pageParts = {
  /** The last id of the page before. */
  after: z.number().int().positive().max(Number.MAX_SAFE_INTEGER),
  pageSize: z.number().int().min(1).max(largestPage),
}

export interface PageStart<Asked> {
  /** Null: the first page. */
  readonly after: number | null
  readonly skip: number
  readonly pageSize: number
  readonly asked: Asked
}

/**
 * Where a listing begins. A token goes on with what it asked for; only the size may change, and `page` beside it means
 * nothing.
 * @throws AppError `bad-request`.
 */
export const startPage = <Asked extends z.ZodType>(
  schema: Asked,
  query: z.output<typeof PageQuery>,
  ask: () => z.output<Asked>,
): PageStart<z.output<Asked>> => {
  const size = wholeNumber('pageSize', query.pageSize, largestPage)
  if (query.nextPage !== undefined) {
    const from = parseToken(z.object({ ...pageParts, asked: schema }), query.nextPage)
    const { after, pageSize, asked } = from as Omit<PageStart<z.output<Asked>>, 'skip'>
    return { after, skip: 0, pageSize: size ?? pageSize, asked }
  }
  const pageSize = size ?? usualPage
  const page = wholeNumber('page', query.page, 1_000_000) ?? 1
  return { after: null, skip: (page - 1) * pageSize, pageSize, asked: ask() }
}

/** A page and its headers, of one row more than it shows where there are more. */
export const endPage = <Row extends { readonly id: number }>(
  rows: readonly Row[],
  { pageSize, asked }: PageStart<unknown>,
): { readonly items: Row[]; readonly headers: Readonly<Record<string, string | undefined>> } => {
  const items = rows.slice(0, pageSize)
  const last = items.at(-1)
  const more = rows.length > items.length && last !== undefined
  return {
    items,
    headers: {
      'elements-returned-count': String(items.length),
      'elements-next-page-token': more ? printToken({ after: last.id, pageSize, asked }) : undefined,
    },
  }
}
