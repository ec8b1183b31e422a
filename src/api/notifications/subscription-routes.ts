import { z } from 'zod'
import { SubscriptionBody, SubscriptionReply } from '#src/contract/index.ts'
import type { JsonObject } from '#src/lib/json.ts'
import { idIn } from '../parameters.ts'
import { defineRoute, withHeaders } from '../route.ts'
import { endPage, PageQuery, startPage } from './pages.ts'

const postSubscription = defineRoute({
  method: 'POST',
  path: '/notifications/subscriptions',
  auth: 'platform',
  body: SubscriptionBody,
  reply: SubscriptionReply,
  handle: ({ ctx, caller, body }) =>
    ctx.notifications.subscribe(caller, {
      channel: body.channel,
      topics: body.topics,
      config: (body.config ?? {}) as JsonObject,
    }),
})

const listSubscriptions = defineRoute({
  method: 'GET',
  path: '/notifications/subscriptions',
  auth: 'platform',
  query: PageQuery,
  reply: z.array(SubscriptionReply),
  handle: async ({ ctx, caller, query }) => {
    const start = startPage(z.null(), query, () => null)
    const rows = await ctx.notifications.subscriptions(caller, {
      afterId: start.after ?? 0,
      skip: start.skip,
      limit: start.pageSize + 1,
    })
    const { items, headers } = endPage(rows, start)
    return withHeaders(items, headers)
  },
})

const readSubscription = defineRoute({
  method: 'GET',
  path: '/notifications/subscriptions/{id}',
  auth: 'platform',
  reply: SubscriptionReply,
  handle: ({ ctx, caller, params }) =>
    ctx.notifications.subscription(caller, idIn('subscription', params.id)),
})

const deleteSubscription = defineRoute({
  method: 'DELETE',
  path: '/notifications/subscriptions/{id}',
  auth: 'platform',
  reply: z.undefined(),
  handle: async ({ ctx, caller, params }) => {
    await ctx.notifications.unsubscribe(caller, idIn('subscription', params.id))
    return undefined
  },
})

export const subscriptionRoutes = [postSubscription, listSubscriptions, readSubscription, deleteSubscription]
