import { z } from 'zod'
import {
  EventReply,
  EventStatus,
  EventSubscriptionReply,
  OneEventReply,
  PollerReply,
  TestEventReply,
} from '#src/contract/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { instanceRoutes } from '../instances/on-instance.ts'
import { instant, one, parseToken, printToken, wholeNumber } from '../parameters.ts'
import type { Route } from '../route.ts'
import { withHeaders } from '../route.ts'
import { analyticsRoutes } from './analytics-routes.ts'
import { refuseBackwards } from './query.ts'

/** A page of whole events may be large: each holds up to ten records twice. */
const usualPage = 100
const largestPage = 1_000

const LogQuery = z.looseObject({
  from: one,
  to: one,
  status: one,
  objectType: one,
  hydrate: one,
  page: one,
  pageSize: one,
  nextPage: one,
})

const moment = z.iso.datetime()

/** Where a listing goes on, and what it asked for, so that the token may be sent alone. */
const Position = z.object({
  at: moment,
  notificationId: z.number().int().positive(),
  pageSize: z.number().int().min(1).max(largestPage),
  from: moment.optional(),
  to: moment.optional(),
  status: EventStatus.optional(),
  objectType: z.string().optional(),
  whole: z.boolean(),
})

type Asked = Omit<z.output<typeof Position>, 'at' | 'notificationId'>

const statusIn = (text: string | undefined): z.output<typeof EventStatus> | undefined => {
  if (text === undefined) return undefined
  const found = EventStatus.options.find((option) => option === text.trim().toUpperCase())
  if (found !== undefined) return found
  throw new AppError('bad-request', `status: one of ${EventStatus.options.join(', ')}.`)
}

const askedIn = (query: z.output<typeof LogQuery>): Asked => {
  const from = instant('from', query.from)
  const to = instant('to', query.to)
  refuseBackwards(from, to)
  return {
    pageSize: usualPage,
    from: from?.toISOString(),
    to: to?.toISOString(),
    status: statusIn(query.status),
    objectType: query.objectType,
    whole: query.hydrate?.toLowerCase() !== 'false',
  }
}

const dateOf = (text: string | undefined): Date | undefined =>
  text === undefined ? undefined : new Date(text)

const listEvents = instanceRoutes({
  method: 'GET',
  path: '/events',
  ways: ['id', 'token'],
  query: LogQuery,
  reply: z.array(EventReply),
  handle: async ({ ctx, target, query }) => {
    const position = query.nextPage === undefined ? undefined : parseToken(Position, query.nextPage)
    const asked: Asked = position ?? askedIn(query)
    const pageSize = wholeNumber('pageSize', query.pageSize, largestPage) ?? asked.pageSize
    const page = position === undefined ? (wholeNumber('page', query.page, 1_000) ?? 1) : 1
    const { items, next } = await ctx.eventLog.page(target.caller, {
      instanceId: target.instanceId,
      status: asked.status,
      objectType: asked.objectType,
      whole: asked.whole,
      from: dateOf(asked.from),
      to: dateOf(asked.to),
      behind:
        position === undefined
          ? undefined
          : { at: new Date(position.at), notificationId: position.notificationId },
      skip: (page - 1) * pageSize,
      limit: pageSize,
    })
    return withHeaders([...items], {
      'elements-returned-count': String(items.length),
      'elements-next-page-token':
        next === undefined ? undefined : printToken({ ...asked, ...next, pageSize }),
    })
  },
})

const readEvent = instanceRoutes({
  method: 'GET',
  path: '/events/{eventId}',
  ways: ['id', 'token'],
  reply: OneEventReply,
  handle: ({ ctx, target, params }) =>
    ctx.eventLog.one(target.caller, target.instanceId, params.eventId ?? ''),
})

const sendTestEvent = instanceRoutes({
  method: 'POST',
  path: '/events/test',
  ways: ['id', 'token'],
  reply: TestEventReply,
  handle: ({ ctx, target }) => ctx.eventLog.sendTest(target.caller, target.instanceId),
})

const readSubscription = instanceRoutes({
  method: 'GET',
  path: '/event-subscription',
  ways: ['id', 'token'],
  reply: EventSubscriptionReply,
  handle: ({ ctx, target }) => ctx.eventLog.subscription(target.caller, target.instanceId),
})

const listPollers = instanceRoutes({
  method: 'GET',
  path: '/event-poller-records',
  ways: ['id', 'token'],
  reply: z.array(PollerReply),
  handle: ({ ctx, target }) => ctx.eventLog.pollerRecords(target.caller, target.instanceId),
})

/** What happened to events (spec/contract.md 2.2 and 6.3). */
export const eventLogRoutes: readonly Route[] = [
  ...listEvents,
  ...readEvent,
  ...sendTestEvent,
  ...readSubscription,
  ...listPollers,
  ...analyticsRoutes,
]
