import { z } from 'zod'
import { DeliveryReply } from '#src/contract/index.ts'
import { flag, idIn, instant, one, wholeNumber } from '../parameters.ts'
import { defineRoute, withHeaders } from '../route.ts'
import { endPage, FlagQuery, largestPage, PageQuery, startPage, usualPage } from './pages.ts'

const readDelivery = defineRoute({
  method: 'GET',
  path: '/notifications/{id}/subscriptions/{subscription}/deliveries',
  auth: 'platform',
  query: FlagQuery,
  reply: DeliveryReply,
  handle: ({ ctx, caller, params, query }) =>
    ctx.notifications.delivery(
      caller,
      idIn('notification', params.id),
      idIn('subscription', params.subscription),
      query.hydrate,
    ),
})

const listDeliveriesOf = defineRoute({
  method: 'GET',
  path: '/notifications/{id}/subscriptions/deliveries',
  auth: 'platform',
  query: FlagQuery,
  reply: z.array(DeliveryReply),
  handle: async ({ ctx, caller, params, query }) => [
    ...(await ctx.notifications.deliveriesOf(caller, idIn('notification', params.id), query.hydrate)),
  ],
})

const ListQuery = PageQuery.extend({ where: one, from: one, to: one, hydrate: flag })

/** What a listing asked for, as its token keeps it. */
const Asked = z.object({
  where: z.string().optional(),
  from: z.string().optional(),
  to: z.string().optional(),
  hydrate: z.boolean(),
})

const chosenBy = ({ where, from, to }: z.output<typeof Asked>) => ({
  where,
  from: instant('from', from),
  to: instant('to', to),
})

const listDeliveries = defineRoute({
  method: 'GET',
  path: '/notifications/subscriptions/deliveries',
  auth: 'platform',
  query: ListQuery,
  reply: z.array(DeliveryReply),
  handle: async ({ ctx, caller, query }) => {
    const start = startPage(Asked, query, () => Asked.parse(query))
    const page = { afterId: start.after ?? 0, skip: start.skip, limit: start.pageSize + 1 }
    const { asked } = start
    const rows = await ctx.notifications.deliveries(caller, chosenBy(asked), page, asked.hydrate)
    const { items, headers } = endPage(rows, start)
    return withHeaders(items, headers)
  },
})

const releaseDeliveries = defineRoute({
  method: 'PUT',
  path: '/notifications/subscriptions/deliveries',
  auth: 'platform',
  query: ListQuery.extend({ replay: flag }),
  reply: z.array(DeliveryReply),
  handle: async ({ ctx, caller, query }) => {
    const { count, items } = await ctx.notifications.release(caller, chosenBy(query), {
      replay: query.replay,
      hydrate: query.hydrate,
      limit: wholeNumber('pageSize', query.pageSize, largestPage) ?? usualPage,
    })
    return withHeaders([...items], {
      'elements-returned-count': String(items.length),
      'elements-total-count': String(count),
    })
  },
})

export const deliveryRoutes = [readDelivery, listDeliveriesOf, listDeliveries, releaseDeliveries]
