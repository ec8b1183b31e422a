import { z } from 'zod'
import { NotificationBody, NotificationReply } from '#src/contract/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { Json } from '#src/lib/json.ts'
import { idIn, many } from '../parameters.ts'
import { defineRoute, withHeaders } from '../route.ts'
import { endPage, PageQuery, startPage } from './pages.ts'

const postNotification = defineRoute({
  method: 'POST',
  path: '/notifications',
  auth: 'platform',
  body: NotificationBody,
  reply: NotificationReply,
  handle: ({ ctx, caller, body }) =>
    ctx.notifications.post(caller, {
      topic: body.topic,
      severity: body.severity ?? undefined,
      from: body.from ?? undefined,
      message: (body.message ?? body.body) as Json,
    }),
})

const ListQuery = PageQuery.extend({ 'topics[]': many, topics: many })

const Topics = z.array(z.string()).min(1)

const topicsIn = (query: z.output<typeof ListQuery>): string[] => {
  const topics = [...query['topics[]'], ...query.topics].filter((topic) => topic.trim() !== '')
  if (topics.length > 0) return topics
  throw new AppError('bad-request', 'topics[]: missing: name one topic or more.')
}

const listNotifications = defineRoute({
  method: 'GET',
  path: '/notifications',
  auth: 'platform',
  query: ListQuery,
  reply: z.array(NotificationReply),
  handle: async ({ ctx, caller, query }) => {
    const start = startPage(Topics, query, () => topicsIn(query))
    const rows = await ctx.notifications.list(caller, {
      topics: start.asked,
      beforeId: start.after,
      skip: start.skip,
      limit: start.pageSize + 1,
    })
    const { items, headers } = endPage(rows, start)
    return withHeaders(items, headers)
  },
})

const readNotification = defineRoute({
  method: 'GET',
  path: '/notifications/{id}',
  auth: 'platform',
  reply: NotificationReply,
  handle: ({ ctx, caller, params }) => ctx.notifications.read(caller, idIn('notification', params.id)),
})

const acknowledgeNotification = defineRoute({
  method: 'PUT',
  path: '/notifications/{id}/acknowledge',
  auth: 'platform',
  reply: NotificationReply,
  handle: ({ ctx, caller, params }) => ctx.notifications.acknowledge(caller, idIn('notification', params.id)),
})

const deleteNotification = defineRoute({
  method: 'DELETE',
  path: '/notifications/{id}',
  auth: 'platform',
  reply: z.undefined(),
  handle: async ({ ctx, caller, params }) => {
    await ctx.notifications.remove(caller, idIn('notification', params.id))
    return undefined
  },
})

export const notificationRoutes = [
  postNotification,
  listNotifications,
  readNotification,
  acknowledgeNotification,
  deleteNotification,
]
