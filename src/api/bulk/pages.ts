import { z } from 'zod'
import { AppError } from '#src/lib/errors.ts'
import type { ApiReply } from '../http/index.ts'
import { parseToken, printToken, wholeNumber } from '../parameters.ts'
import { paramOf } from './asked.ts'
import type { BulkCall } from './bulk-call.ts'
import { errorView, historyView, workflowView } from './views.ts'

const usualPage = 200
const largestPage = 5_000

/** Where a list goes on: after that number. */
const Position = z.object({
  after: z.number().int().min(0),
  pageSize: z.number().int().min(1).max(largestPage),
})

type Position = z.output<typeof Position>

/** @throws AppError `bad-request` naming the parameter. */
const positionOf = ({ request }: BulkCall, largest = largestPage): Position => {
  const token = paramOf(request, 'nextPage')
  const start = token === undefined ? { after: 0, pageSize: usualPage } : parseToken(Position, token)
  const pageSize = wholeNumber('pageSize', paramOf(request, 'pageSize'), largest)
  return { ...start, pageSize: pageSize ?? Math.min(start.pageSize, largest) }
}

/** A page of which one more was read than is shown. */
const pageReply = <Item>(
  found: readonly Item[],
  { pageSize }: Position,
  view: (item: Item) => unknown,
  afterOf: (last: Item) => number,
): ApiReply => {
  const items = found.slice(0, pageSize)
  const last = items.at(-1)
  const more = found.length > pageSize && last !== undefined
  return {
    body: items.map(view),
    headers: {
      'elements-returned-count': String(items.length),
      ...(more ? { 'elements-next-page-token': printToken({ after: afterOf(last), pageSize }) } : {}),
    },
  }
}

/** `GET /bulk/{id}/errors`: records that were not taken, in their order. */
export const errorsReply = async (input: BulkCall, id: string): Promise<ApiReply> => {
  const position = positionOf(input)
  const { after, pageSize } = position
  const found = await input.bulk.jobs.errors(input.call.instance, id, after, pageSize + 1)
  return pageReply(found, position, errorView, ({ record }) => record)
}

/** `GET /bulk/jobs`: the instance's, newest first. */
export const jobsReply = async (input: BulkCall): Promise<ApiReply> => {
  const position = positionOf(input)
  const { after, pageSize } = position
  const found = await input.bulk.jobs.list(input.call.instance, after === 0 ? null : after, pageSize + 1)
  return pageReply(found, position, historyView, ({ jobId }) => jobId)
}

/** `GET /bulk/{id}/{object}/data`: records of a download. */
export const recordsReply = async (input: BulkCall, id: string, objectName: string): Promise<ApiReply> => {
  const position = positionOf(input)
  const { after, pageSize } = position
  const job = await input.bulk.jobs.own(input.call.instance, id)
  const found = await input.bulk.records.page(job, objectName, after, pageSize + 1)
  return pageReply(
    found,
    position,
    (record) => record,
    () => after + pageSize,
  )
}

/**
 * `GET /bulkloader`: the instance's workflows, newest first; with `jobId` those of a job's runs.
 * @throws AppError `bad-request` naming a parameter.
 */
export const workflowsReply = async (input: BulkCall): Promise<ApiReply> => {
  const position = positionOf(input, usualPage)
  const { after, pageSize } = position
  const jobId = paramOf(input.request, 'jobId')
  if (jobId !== undefined && !/^\d{1,15}$/.test(jobId))
    throw new AppError(
      'bad-request',
      'jobId: the id of a job, as the call with Elements-Schedule-Request answered.',
    )
  const asked = { callId: jobId === undefined ? null : Number(jobId), beforeId: after === 0 ? null : after }
  const found = await input.bulk.workflows.list(input.call.instance, asked, pageSize + 1)
  return pageReply(found, position, workflowView, ({ groupId }) => groupId)
}
