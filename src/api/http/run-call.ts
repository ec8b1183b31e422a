import { validateHeaderName, validateHeaderValue } from 'node:http'
import { isIP } from 'node:net'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { errorForLog } from '#src/lib/error-for-log.ts'
import type { AppError, ErrorCode } from '#src/lib/errors.ts'
import { createStop, type StopSignal } from '#src/lib/stop-signal.ts'
import { type AnswerNeed, answer, type Call, hasOddExpectation, type Outgoing } from './answer.ts'
import type { CallArea, FinishedCall } from './call.ts'
import type { Connections, OpenCall } from './connections.ts'
import { errorBody, errorHeaders, publicError, statusOf } from './errors.ts'
import { type Mask, maskOfCall } from './mask-call.ts'
import { jsonType } from './refusal.ts'
import { drop, send } from './send.ts'
import { belowBase, splitTarget } from './target.ts'

export interface RunNeed<T> extends AnswerNeed<T> {
  readonly newTrace: () => T
  readonly onFinished: (call: FinishedCall<T>) => void
  readonly logger: Logger
  readonly connections: Connections
}

/** nginx's word for a client that left before its answer. */
const clientLeftStatus = 499

/** A missing key and a store that does not work are for the operator to mend, who reads the log and not the reply. */
const ofOperator: ReadonlySet<ErrorCode> = new Set(['internal', 'key-missing', 'store-unavailable'])

const areaOf = (path: string): CallArea => {
  if (belowBase(path) !== undefined) return 'api'
  return path === '/health' ? 'health' : 'outside'
}

const callOf = <T>(request: FastifyRequest, signal: StopSignal, trace: T): Call<T> => {
  const { raw: incoming, ip, id: requestId } = request
  const { path, query } = splitTarget(request.originalUrl)
  const { remoteAddress: peer = '' } = incoming.socket
  // A trusted proxy may forward words such as "unknown"; only addresses go on.
  const remoteAddress = ip === peer || isIP(ip) === 0 ? peer : ip
  return {
    requestId,
    incoming,
    area: areaOf(path),
    path: belowBase(path) ?? path,
    query,
    signal,
    remoteAddress,
    startedAt: new Date(),
    trace,
    received: {},
  }
}

const finishedOf = <T>(call: Call<T>, path: string, status: number, ms: number): FinishedCall<T> => {
  const { requestId, incoming, area, remoteAddress, startedAt, trace } = call
  return {
    requestId,
    method: incoming.method ?? '',
    path,
    area,
    status,
    ms,
    remoteAddress,
    startedAt,
    trace,
  }
}

const failure = (error: AppError, { incoming, requestId }: Call<unknown>, mask: Mask): Outgoing => ({
  status: hasOddExpectation(incoming) ? 417 : statusOf[error.code],
  headers: { ...errorHeaders(error), 'content-type': jsonType },
  payload: JSON.stringify(errorBody(error, requestId, mask)),
})

/** @throws TypeError when a header cannot be sent; found here, where it can still become an answer. */
const checkHeaders = (outgoing: Outgoing): Outgoing => {
  try {
    for (const name in outgoing.headers) {
      validateHeaderName(name)
      validateHeaderValue(name, outgoing.headers[name] ?? '')
    }
    return outgoing
  } catch (error) {
    drop(outgoing)
    throw error
  }
}

/** Runs a call from its head to its reply's last byte; `onFinished` is called once, whatever happens. */
export const createRunCall = <T>(need: RunNeed<T>) => {
  const { connections, logger } = need

  const report = (finished: FinishedCall<T>): void => {
    try {
      need.onFinished(finished)
    } catch (error) {
      logger.error(
        { requestId: finished.requestId, err: errorForLog(error) },
        'a finished call could not be recorded',
      )
    }
  }

  const explain = (thrown: unknown, requestId: string): AppError => {
    const error = publicError(thrown)
    if (ofOperator.has(error.code))
      logger.error({ requestId, err: errorForLog(thrown) }, 'a call failed unexpectedly')
    return error
  }

  return (request: FastifyRequest, reply: FastifyReply): void => {
    const { raw: response } = reply
    const startedMs = performance.now()
    const { signal, stop } = createStop()
    const call = callOf(request, signal, need.newTrace())
    let failed: AppError | undefined
    let shownPath = call.path
    /** Nothing more can be sent. */
    let over = false
    /** What is sent is decided. */
    let settled = false
    let interrupted = false

    const open: OpenCall = {
      incoming: call.incoming,
      interrupt: (error) => {
        interrupted = true
        stop(error)
        queueMicrotask(() => fail(error))
      },
      leave: () => finish(clientLeftStatus),
    }

    const settle = (outgoing: Outgoing): void => {
      settled = true
      const { incoming, requestId } = call
      const closing = interrupted || need.isStopping() || hasOddExpectation(incoming)
      reply.hijack()
      send(response, incoming, outgoing, { requestId, closing })
    }

    const fail = (thrown: unknown): void => {
      if (over || settled) return
      const mask = maskOfCall(call)
      shownPath = mask(call.path)
      failed = explain(thrown, call.requestId)
      settle(failure(failed, call, mask))
    }

    const finish = (status: number): void => {
      if (over) return
      over = true
      takeOff()
      if (status === clientLeftStatus) {
        stop(new Error('The client left before its answer.'))
        if (!settled) reply.hijack()
      }
      const finished = finishedOf(call, shownPath, status, performance.now() - startedMs)
      if (failed === undefined || status === clientLeftStatus) report(finished)
      else report({ ...finished, error: { code: failed.code } })
    }

    const takeOff = connections.add(open)
    response.on('finish', () => finish(response.statusCode))
    response.on('close', () => finish(clientLeftStatus))

    const run = async (): Promise<void> => {
      try {
        const outgoing = await answer(need, call)
        if (!over && !settled) settle(checkHeaders(outgoing))
        else drop(outgoing)
      } catch (error) {
        fail(error)
      }
    }
    void run()
  }
}
