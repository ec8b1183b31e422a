import type { Element } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { readElementFilter } from './element-filter.ts'
import { abridgedElement, elementJson } from './element-json.ts'
import { type ListPosition, parseListToken, printListToken } from './page-token.ts'

/** What GET /elements is asked for (spec/contract.md 2.1). Blank texts count as absent. */
export interface ElementQuery {
  readonly where?: string | undefined
  readonly abridged?: boolean | undefined
  /** 1 to 200; 200 when absent. */
  readonly pageSize?: number | undefined
  /** From 1; counts only without `nextPage`. */
  readonly page?: number | undefined
  readonly nextPage?: string | undefined
}

type ElementView = ReturnType<typeof abridgedElement> | ReturnType<typeof elementJson>

export interface ElementPage {
  readonly elements: readonly ElementView[]
  /** Absent on the last page. */
  readonly nextPage?: string
}

const maxPageSize = 200

const checkedSize = (pageSize: number): number => {
  if (pageSize >= 1 && pageSize <= maxPageSize) return pageSize
  throw new AppError('bad-request', `pageSize: 1 to ${maxPageSize}, not ${pageSize}.`)
}

const checkedPage = (page: number): number => {
  if (page >= 1) return page
  throw new AppError('bad-request', `page: the first is 1, not ${page}.`)
}

const differs = (name: string): AppError =>
  new AppError(
    'bad-request',
    `${name}: it differs from the one that nextPage carries. Leave it out, or begin again without nextPage.`,
  )

const walkOn = (token: string, query: ElementQuery): ListPosition => {
  const position = parseListToken(token)
  const { where, abridged, pageSize } = query
  if (where?.trim() && where !== position.where) throw differs('where')
  if (abridged !== undefined && abridged !== position.abridged) throw differs('abridged')
  return { ...position, pageSize: checkedSize(pageSize ?? position.pageSize) }
}

const begin = (query: ElementQuery): ListPosition => {
  const pageSize = checkedSize(query.pageSize ?? maxPageSize)
  return {
    where: query.where ?? '',
    abridged: query.abridged ?? false,
    pageSize,
    skip: (checkedPage(query.page ?? 1) - 1) * pageSize,
  }
}

/**
 * One page of elements. Each is on exactly one page, and only the last page has no token.
 * @throws AppError `bad-request` on a page, size or token that cannot be, `bad-query` on the filter.
 */
export const listElements = (elements: readonly Element[], query: ElementQuery): ElementPage => {
  const token = query.nextPage?.trim()
  const position = token ? walkOn(token, query) : begin(query)
  const { where, pageSize, skip } = position
  const filter = readElementFilter(where)
  const found = elements.filter(filter.matches)
  const end = skip + pageSize
  const view = (filter.abridged ?? position.abridged) ? abridgedElement : elementJson
  return {
    elements: found.slice(skip, end).map((element) => view(element)),
    ...(end < found.length ? { nextPage: printListToken({ ...position, skip: end }) } : {}),
  }
}
