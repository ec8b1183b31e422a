// The request log: one row a call, buffered, written in one statement at most ten times a second.
// Never a secret, never a query value.
import type { Hop } from '#src/lib/errors.ts'
import type { JsonObject } from '#src/lib/json.ts'
import type { SentCall } from '#src/outbound/index.ts'
import type { RequestLogRow, Store } from '#src/store/index.ts'

/** What a call learns about itself on its way. */
export interface RequestTrace {
  organizationId?: number
  accountId?: number
  userId?: number
  instanceId?: number
  elementKey?: string
  plan?: string
  hop?: Hop
  readonly vendorCalls: SentCall[]
}

export interface FinishedRequest {
  readonly requestId: string
  readonly method: string
  /** Without query values. */
  readonly path: string
  readonly status: number
  readonly ms: number
  readonly remoteAddress: string
  readonly startedAt: Date
  readonly errorCode: string | undefined
  readonly trace: RequestTrace
}

const systemOrganizationId = 1
const flushEveryMs = 100
const rowsAtOnce = 2_000
/** Past this many waiting rows the oldest are dropped and counted, so that a slow database costs no memory. */
const rowsWaiting = 20_000
const vendorCallsKept = 50

const callJson = (call: SentCall): JsonObject => ({
  ...call,
  correlationId: call.correlationId ?? null,
  error: call.error ?? null,
})

const rowOf = (request: FinishedRequest): RequestLogRow => {
  const { trace } = request
  return {
    organizationId: trace.organizationId ?? systemOrganizationId,
    requestId: request.requestId,
    at: request.startedAt,
    accountId: trace.accountId ?? null,
    userId: trace.userId ?? null,
    instanceId: trace.instanceId ?? null,
    elementKey: trace.elementKey ?? null,
    method: request.method,
    path: request.path.slice(0, 2_000).replaceAll('\u0000', ''),
    remoteAddress: request.remoteAddress,
    status: request.status,
    durationMs: request.ms,
    errorCode: request.errorCode ?? null,
    plan: trace.plan ?? null,
    vendorCalls: trace.vendorCalls.slice(0, vendorCallsKept).map(callJson),
  }
}

export type RequestLog = ReturnType<typeof createRequestLog>

export const createRequestLog = (need: {
  readonly store: Pick<Store, 'requestLog'>
  readonly onError: (error: unknown) => void
}) => {
  let waiting: FinishedRequest[] = []
  let dropped = 0
  let writes = 0
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> | undefined

  const write = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, rowsAtOnce)
      waiting = waiting.slice(rowsAtOnce)
      try {
        writes += 1
        await need.store.requestLog.insertAll(batch.map(rowOf))
      } catch (error) {
        waiting = [...batch, ...waiting].slice(-rowsWaiting)
        need.onError(error)
        return
      }
    }
  }

  const flush = (): Promise<void> => {
    writing ??= write().finally(() => {
      writing = undefined
      if (waiting.length > 0) schedule(flushEveryMs * 10)
    })
    return writing
  }

  const schedule = (afterMs: number): void => {
    timer ??= setTimeout(() => {
      timer = undefined
      void flush()
    }, afterMs)
    timer.unref()
  }

  return {
    add: (request: FinishedRequest): void => {
      if (waiting.length >= rowsWaiting) {
        waiting.shift()
        dropped += 1
      }
      waiting.push(request)
      schedule(flushEveryMs)
    },
    /** Rows lost because the database could not keep up. */
    dropped: (): number => dropped,
    /** Statements sent so far. */
    writes: (): number => writes,
    find: (organizationId: number, requestId: string): Promise<RequestLogRow | undefined> =>
      need.store.requestLog.find(organizationId, requestId),
    prune: (days: number): Promise<number> => need.store.requestLog.prune(days, 10_000),
    /** Writes what waits, now. */
    flush: async (): Promise<void> => {
      clearTimeout(timer)
      timer = undefined
      await flush()
    },
  }
}
