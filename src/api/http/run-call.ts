import { validateHeaderName, validateHeaderValue } from 'node:http'
import { isIP } from 'node:net'
import { pipeline } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { errorForLog } from '#src/lib/error-for-log.ts'
import type { AppError } from '#src/lib/errors.ts'
import type { Spool } from '#src/lib/spool.ts'
import { createStop, type StopSignal } from '#src/lib/stop-signal.ts'
import { type AnswerNeed, answer, type Call, hasOddExpectation, type Outgoing } from './answer.ts'
import type { CallArea, FinishedCall } from './call.ts'
import type { Connections, OpenCall } from './connections.ts'
import { corsHeaders } from './cors.ts'
import { errorBody, errorHeaders, publicError, statusOf } from './errors.ts'
import { type Mask, maskOfCall } from './mask-call.ts'
import { jsonType } from './refusal.ts'
import { belowBase, splitTarget } from './target.ts'

export interface RunNeed<T> extends AnswerNeed<T> {
  readonly newTrace: () => T
  readonly onFinished: (call: FinishedCall<T>) => void
  readonly logger: Logger
  readonly connections: Connections
}

/** nginx's word for a client that left before its answer. */
const clientLeftStatus = 499

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

const failure = (error: AppError, { incoming, requestId }: Call<unknown>, mask: Mask): Outgoing => ({
  status: hasOddExpectation(incoming) ? 417 : statusOf[error.code],
  headers: { ...errorHeaders(error), 'content-type': jsonType },
  payload: JSON.stringify(errorBody(error, requestId, mask)),
})

/** Gives up an answer that nobody gets. */
const discard = ({ payload }: Outgoing): void => {
  if (typeof payload !== 'string' && !Buffer.isBuffer(payload)) void payload.close()
}

/** @throws TypeError when a header cannot be sent; found here, where it can still become an answer. */
const checkHeaders = (outgoing: Outgoing): Outgoing => {
  try {
    for (const name in outgoing.headers) {
      validateHeaderName(name)
      validateHeaderValue(name, outgoing.headers[name] ?? '')
    }
    return outgoing
  } catch (error) {
    discard(outgoing)
    throw error
  }
}

/** Past Fastify, which would look at each header and the payload once more. */
const send = (reply: FastifyReply, call: Call<unknown>, outgoing: Outgoing, closing: boolean): void => {
  const { status, headers, payload } = outgoing
  const all: Record<string, string | number> = { ...headers }
  if (call.incoming.headers.origin !== undefined) Object.assign(all, corsHeaders(call.incoming.headers))
  if (closing) all['connection'] = 'close'
  all['content-length'] = lengthOf(payload)
  all['elements-request-id'] = call.requestId
  reply.hijack()
  reply.raw.writeHead(status, all)
  if (typeof payload === 'string' || Buffer.isBuffer(payload)) reply.raw.end(payload)
  else sendFile(reply, call, payload)
}

const lengthOf = (payload: Outgoing['payload']): number => {
  if (typeof payload === 'string') return Buffer.byteLength(payload)
  return Buffer.isBuffer(payload) ? payload.length : payload.bytes()
}

/** A file that breaks off on its way breaks the connection: its length was promised. */
const sendFile = (reply: FastifyReply, call: Call<unknown>, spool: Spool): void => {
  if (call.incoming.method === 'HEAD') {
    void spool.close()
    reply.raw.end()
    return
  }
  const from = spool.read()
  void spool.close()
  pipeline(from, reply.raw, (error) => {
    if (error) reply.raw.destroy()
  })
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
    // A missing key is for the operator to mend, who reads the log and not the reply.
    if (error.code === 'internal' || error.code === 'key-missing')
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
      send(reply, call, outgoing, interrupted || need.isStopping() || hasOddExpectation(call.incoming))
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
      const { requestId, incoming, area, remoteAddress, startedAt, trace } = call
      report({
        requestId,
        method: incoming.method ?? '',
        path: shownPath,
        area,
        status,
        ms: performance.now() - startedMs,
        remoteAddress,
        startedAt,
        trace,
        ...(failed === undefined || status === clientLeftStatus ? {} : { error: { code: failed.code } }),
      })
    }

    const takeOff = connections.add(open)
    response.once('finish', () => finish(response.statusCode))
    response.once('close', () => finish(clientLeftStatus))

    answer(need, call)
      .then((outgoing) => {
        if (over || settled) discard(outgoing)
        else settle(checkHeaders(outgoing))
      })
      .catch(fail)
  }
}
