import { z } from 'zod'
import { JobBody, JobReply, JobRunReply, RescheduleBody } from '#src/contract/index.ts'
import { one, parseToken, printToken, wholeNumber } from '../parameters.ts'
import { defineRoute, withHeaders } from '../route.ts'
import { jobInput } from './job-input.ts'
import { jobJson } from './job-json.ts'

const largestPage = 1_000
const usualPage = 200

const JobQuery = z.looseObject({ page: one, pageSize: one, nextPage: one })

const Position = z.object({
  skip: z.number().int().min(0).max(1_000_000),
  pageSize: z.number().int().min(1).max(largestPage),
})

type Position = z.output<typeof Position>

/** A token goes on where it says; `page` beside it means nothing. */
const positionOf = ({ page, pageSize, nextPage }: z.output<typeof JobQuery>): Position => {
  const size = wholeNumber('pageSize', pageSize, largestPage)
  if (nextPage !== undefined) {
    const start = parseToken(Position, nextPage)
    return { ...start, pageSize: size ?? start.pageSize }
  }
  const before = (wholeNumber('page', page, 1_000) ?? 1) - 1
  return { skip: before * (size ?? usualPage), pageSize: size ?? usualPage }
}

const listJobs = defineRoute({
  method: 'GET',
  path: '/jobs',
  auth: 'platform',
  query: JobQuery,
  reply: JobReply.array(),
  handle: async ({ ctx, caller, query }) => {
    const { skip, pageSize } = positionOf(query)
    const { items, total } = await ctx.calls.jobs.list(caller, skip, pageSize)
    const next: Position = { skip: skip + items.length, pageSize }
    return withHeaders(items.map(jobJson), {
      'elements-returned-count': String(items.length),
      'elements-total-count': String(total),
      'elements-next-page-token': next.skip < total && items.length > 0 ? printToken(next) : undefined,
    })
  },
})

const createJob = defineRoute({
  method: 'POST',
  path: '/jobs',
  auth: 'platform',
  body: JobBody,
  reply: JobReply,
  handle: async ({ ctx, caller, body, element }) => {
    const input = await jobInput(ctx, caller, body, element)
    const name = body.name?.trim()
    const made = await ctx.calls.jobs.add(caller, {
      ...input,
      name: name === undefined || name === '' ? `${input.method} ${input.path}` : name,
      description: body.description ?? '',
      cron: body.trigger.cron,
      cronField: 'trigger.cron',
    })
    return jobJson(made)
  },
})

const readJob = defineRoute({
  method: 'GET',
  path: '/jobs/{id}',
  auth: 'platform',
  reply: JobReply,
  handle: async ({ ctx, caller, params }) => jobJson(await ctx.calls.jobs.get(caller, params.id ?? '')),
})

const deleteJob = defineRoute({
  method: 'DELETE',
  path: '/jobs/{id}',
  auth: 'platform',
  reply: z.undefined(),
  handle: async ({ ctx, caller, params }) => {
    await ctx.calls.jobs.remove(caller, params.id ?? '')
    return undefined
  },
})

const switchJob = (path: string, enabled: boolean) =>
  defineRoute({
    method: 'PUT',
    path,
    auth: 'platform',
    reply: JobReply,
    handle: async ({ ctx, caller, params }) =>
      jobJson(await ctx.calls.jobs.setEnabled(caller, params.id ?? '', enabled)),
  })

const rescheduleJob = defineRoute({
  method: 'PATCH',
  path: '/jobs/{id}/reschedule',
  auth: 'platform',
  body: RescheduleBody,
  reply: JobReply,
  handle: async ({ ctx, caller, params, body }) =>
    jobJson(await ctx.calls.jobs.reschedule(caller, params.id ?? '', body.trigger.cron)),
})

const readJobHistory = defineRoute({
  method: 'GET',
  path: '/jobs/{id}/history',
  auth: 'platform',
  reply: JobRunReply.array(),
  handle: async ({ ctx, caller, params }) => {
    const runs = await ctx.calls.jobs.history(caller, params.id ?? '')
    return runs.map(({ at, status, ms, error, requestId }) => ({
      date: at.toISOString(),
      status,
      processTime: ms === null ? null : Math.round(ms * 1_000) / 1_000,
      error,
      requestId,
    }))
  },
})

/** Calls of this API that run on a schedule (spec/contract.md 2.4). */
export const jobRoutes = [
  listJobs,
  createJob,
  readJob,
  deleteJob,
  switchJob('/jobs/{id}/enable', true),
  switchJob('/jobs/{id}/disable', false),
  rescheduleJob,
  readJobHistory,
]
