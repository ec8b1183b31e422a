import { Refused } from '../errors.ts'
import type { Ask } from '../operation.ts'
import { textParam } from '../params.ts'
import type { Reply } from '../reply.ts'

const size = 100

/**
 * A page as List v4 gives it: 100 rows, numbered from 1. A single page has no links, as in the page's
 * example; decided here: several have `first`, `prev`, `next` and `last` where they lead somewhere.
 * Follows: developer.concur.com, Lists v4. Verified: 2026-08
 */
export const listPage = <Row>(ask: Ask, rows: readonly Row[], write: (row: Row) => unknown): Reply => {
  const text = textParam(ask.query, 'page') ?? '1'
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new Refused(400, 'page: use a whole number from 1')
  const number = Number(text)
  const totalPages = Math.ceil(rows.length / size)
  const link = (rel: string, page: number) => {
    const query = new URLSearchParams(ask.query)
    query.set('page', String(page))
    return { rel, href: `${ask.baseUrl}${ask.path}?${query.toString()}` }
  }
  const links =
    totalPages < 2
      ? []
      : [
          link('first', 1),
          ...(number > 1 ? [link('prev', number - 1)] : []),
          ...(number < totalPages ? [link('next', number + 1)] : []),
          link('last', totalPages),
        ]
  return {
    status: 200,
    body: {
      links,
      content: rows.slice((number - 1) * size, number * size).map(write),
      page: { size, totalElements: rows.length, totalPages, number },
    },
  }
}
