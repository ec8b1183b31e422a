import { z } from 'zod'
import {
  AccountEventCountReply,
  DispositionReply,
  EventCountReply,
  InstanceEventCountReply,
} from '#src/contract/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { type Caller, eventUnits, usualUnit } from '#src/services/index.ts'
import { instant, many, one, parseToken, printToken, wholeNumber } from '../parameters.ts'
import { defineRoute, type Route, withHeaders } from '../route.ts'
import { refuseBackwards } from './query.ts'

const accounts = { 'accountIds[]': many, accountIds: many }
const dayMs = 86_400_000

interface Span {
  readonly from: Date
  readonly to: Date
}

const SpanQuery = z.looseObject({ from: one, to: one, interval: one, ...accounts })

/** @throws AppError `not-allowed` for an account that is not the caller's (spec/behaviour.md 7, query). */
const refuseForeign = (caller: Caller, ids: readonly string[]): void => {
  for (const id of ids.flatMap((text) => text.split(','))) {
    if (id.trim() === '' || Number(id) === caller.accountId) continue
    throw new AppError('not-allowed', `accountIds: account ${id.trim().slice(0, 20)} is not yours.`)
  }
}

const unitIn = (text: string | undefined, { from, to }: Span): (typeof eventUnits)[number] => {
  if (text === undefined) return usualUnit(from, to)
  const found = eventUnits.find((unit) => unit === text.trim().toLowerCase())
  if (found !== undefined) return found
  throw new AppError('bad-request', `interval: one of ${eventUnits.join(', ')}.`)
}

/** Without `to` until now, without `from` the day before. */
const spanIn = (caller: Caller, query: z.output<typeof SpanQuery>) => {
  refuseForeign(caller, [...query['accountIds[]'], ...query.accountIds])
  const to = instant('to', query.to) ?? new Date()
  const from = instant('from', query.from) ?? new Date(to.getTime() - dayMs)
  refuseBackwards(from, to)
  const { organizationId, accountId } = caller
  return { organizationId, accountId, from, to }
}

/** Of one account, by one unit of time. */
const countedIn = (caller: Caller, query: z.output<typeof SpanQuery>) => {
  const span = spanIn(caller, query)
  return { ...span, unit: unitIn(query.interval, span) }
}

const countEvents = defineRoute({
  method: 'GET',
  path: '/instances/events/analytics',
  auth: 'platform',
  query: SpanQuery,
  reply: z.array(EventCountReply),
  handle: ({ ctx, caller, query }) => ctx.eventLog.analytics(countedIn(caller, query)),
})

const countByInstance = defineRoute({
  method: 'GET',
  path: '/instances/events/analytics/instances',
  auth: 'platform',
  query: SpanQuery,
  reply: z.array(InstanceEventCountReply),
  handle: ({ ctx, caller, query }) => ctx.eventLog.analyticsByInstance(countedIn(caller, query)),
})

const countByAccount = defineRoute({
  method: 'GET',
  path: '/instances/events/analytics/accounts',
  auth: 'platform',
  query: SpanQuery,
  reply: z.array(AccountEventCountReply),
  handle: ({ ctx, caller, query }) => ctx.eventLog.analyticsByAccount(countedIn(caller, query)),
})

const largestPage = 1_000
const usualPage = 200

const DispositionQuery = SpanQuery.extend({ pageSize: one, nextPage: one })
const moment = z.iso.datetime()

/** Where a listing goes on, and what it asked for. */
const Position = z.object({
  beforeId: z.number().int().positive(),
  from: moment,
  to: moment,
  pageSize: z.number().int().min(1).max(largestPage),
})

const listDispositions = defineRoute({
  method: 'GET',
  path: '/instances/events/dispositions',
  auth: 'platform',
  query: DispositionQuery,
  reply: z.array(DispositionReply),
  handle: async ({ ctx, caller, query }) => {
    const position = query.nextPage === undefined ? undefined : parseToken(Position, query.nextPage)
    const span = spanIn(caller, { ...query, ...position })
    const pageSize = wholeNumber('pageSize', query.pageSize, largestPage) ?? position?.pageSize ?? usualPage
    const { items, nextBeforeId } = await ctx.eventLog.dispositions(
      span,
      position?.beforeId ?? null,
      pageSize,
    )
    const next = {
      beforeId: nextBeforeId,
      from: span.from.toISOString(),
      to: span.to.toISOString(),
      pageSize,
    }
    return withHeaders(items, {
      'elements-returned-count': String(items.length),
      'elements-next-page-token': nextBeforeId === undefined ? undefined : printToken(next),
    })
  },
})

/** Counts of an account's events over time, and what went wrong with them (spec/behaviour.md 7). */
export const analyticsRoutes: readonly Route[] = [
  countEvents,
  countByInstance,
  countByAccount,
  listDispositions,
]
