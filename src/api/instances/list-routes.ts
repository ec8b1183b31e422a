import { z } from 'zod'
import { InstanceCountReply, InstanceReply, LightInstanceReply } from '#src/contract/index.ts'
import { type Caller, largestInstancePage } from '#src/services/index.ts'
import { many, one, wholeNumber } from '../parameters.ts'
import { type ApiContext, defineRoute, withHeaders } from '../route.ts'
import { type ListPosition, parsePosition, printPosition } from './page-token.ts'

const ListQuery = z.looseObject({
  'tags[]': many,
  tags: many,
  searchText: one,
  hydrate: one,
  page: one,
  pageSize: one,
  nextPage: one,
})

const startOf = (query: z.output<typeof ListQuery>): Omit<ListPosition, 'afterId'> => ({
  pageSize: largestInstancePage,
  tags: [...query['tags[]'], ...query.tags].filter((tag) => tag !== ''),
  searchText: query.searchText,
  hydrate: query.hydrate?.toLowerCase() !== 'false',
})

/** A token goes on with what it asked for; only the size may change, and `page` beside it means nothing. */
const list = async (
  ctx: ApiContext,
  caller: Caller,
  query: z.output<typeof ListQuery>,
  element: string | undefined,
) => {
  const from = query.nextPage === undefined ? undefined : parsePosition(query.nextPage)
  const start = from ?? startOf(query)
  const { tags, searchText, hydrate } = start
  const pageSize = wholeNumber('pageSize', query.pageSize, largestInstancePage) ?? start.pageSize
  const page = from === undefined ? (wholeNumber('page', query.page, 1_000_000) ?? 1) : 1
  const input = {
    tags,
    searchText,
    element,
    pageSize,
    afterId: from?.afterId ?? 0,
    skip: (page - 1) * pageSize,
  }
  const { items, nextAfterId } = await (hydrate
    ? ctx.instances.page(caller, input)
    : ctx.instances.lightPage(caller, input))
  return withHeaders([...items], {
    'elements-returned-count': String(items.length),
    'elements-next-page-token':
      nextAfterId === undefined
        ? undefined
        : printPosition({ afterId: nextAfterId, pageSize, tags, searchText, hydrate }),
  })
}

const ListReply = z.array(z.union([InstanceReply, LightInstanceReply]))

const listInstances = defineRoute({
  method: 'GET',
  path: '/instances',
  auth: 'platform',
  query: ListQuery,
  reply: ListReply,
  handle: ({ ctx, caller, query }) => list(ctx, caller, query, undefined),
})

const listElementInstances = defineRoute({
  method: 'GET',
  path: '/elements/{element}/instances',
  auth: 'platform',
  query: ListQuery,
  reply: ListReply,
  handle: ({ ctx, caller, query, params }) => list(ctx, caller, query, params.element ?? ''),
})

const countInstances = defineRoute({
  method: 'GET',
  path: '/instances/count',
  auth: 'platform',
  reply: InstanceCountReply,
  handle: ({ ctx, caller }) => ctx.instances.count(caller),
})

export const instanceListRoutes = [listInstances, listElementInstances, countInstances]
