// The request log: one row a call, buffered, written in one statement at most ten times a second.
// Never a secret, never a query value.
import { createClockCache } from '#src/lib/clock-cache.ts'
import type { JsonObject } from '#src/lib/json.ts'
import { maskShapes } from '#src/lib/mask.ts'
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
  /** Whether it was a call on an instance's hub. */
  isHubCall?: boolean
  readonly vendorCalls: SentCall[]
}

/** Notes vendor calls with the call of ours that caused them. */
export const recordIn =
  ({ vendorCalls }: RequestTrace) =>
  (call: SentCall): void => {
    vendorCalls.push(call)
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

/** The remote address of a call that came over no socket: this program asked itself. */
export const nowhere = '::'

/** Text that PostgreSQL can store: no NUL, no half of a character. */
const storable = (text: string): string =>
  text.isWellFormed() && !text.includes('\u0000') ? text : text.replaceAll('\u0000', '').toWellFormed()

const callJson = ({
  method,
  host,
  path,
  status,
  ms,
  attempt,
  correlationId,
  error,
}: SentCall): JsonObject => ({
  method,
  host,
  path: maskShapes(path),
  status,
  ms,
  attempt,
  correlationId: correlationId ?? null,
  error: error ?? null,
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
    // Somebody may put a secret where an id belongs. Masked before it is cut: half a secret has no form.
    path: storable(maskShapes(request.path).slice(0, 2_000)),
    remoteAddress: request.remoteAddress,
    status: request.status,
    durationMs: request.ms,
    errorCode: request.errorCode ?? null,
    plan: trace.plan === undefined ? null : storable(trace.plan),
    vendorCalls: trace.vendorCalls.slice(0, vendorCallsKept).map(callJson),
  }
}

/** SQLSTATE class 22: the data themselves cannot be stored, now or later. */
const isDataError = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && String(error.code).startsWith('22')

interface FirstCall {
  readonly organizationId: number
  readonly userId: number
}

export type RequestLog = ReturnType<typeof createRequestLog>

export const createRequestLog = (need: {
  readonly store: Pick<Store, 'requestLog' | 'accounts'>
  readonly onError: (error: unknown) => void
}) => {
  const hasCalled = createClockCache<number, true>({ capacity: 50_000 })
  let firstCalls: readonly FirstCall[] = []
  /** Rows as JSON texts: the graph of each call would live through several garbage collections, copied each time. */
  let waiting: string[] = []
  let dropped = 0
  let told = 0
  let writes = 0
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> | undefined

  /** Writes a batch; where one row cannot be stored at all, only that one is lost, and counted. */
  const store = async (batch: readonly string[]): Promise<void> => {
    try {
      writes += 1
      await need.store.requestLog.insertAll(batch)
    } catch (error) {
      if (!isDataError(error)) throw error
      if (batch.length === 1) {
        dropped += 1
        need.onError(error)
        return
      }
      const half = Math.ceil(batch.length / 2)
      await store(batch.slice(0, half))
      await store(batch.slice(half))
    }
  }

  /** A person's first call of a hub is noted on the person, once; the log itself is pruned. */
  const seeFirstCall = ({ trace, status, remoteAddress }: FinishedRequest): void => {
    const { organizationId, userId } = trace
    if (organizationId === undefined || userId === undefined || trace.isHubCall !== true) return
    if (status >= 400 || remoteAddress === nowhere || hasCalled.get(userId) === true) return
    hasCalled.set(userId, true)
    firstCalls = [...firstCalls, { organizationId, userId }]
  }

  const noteFirstCalls = async (): Promise<void> => {
    for (const { organizationId, userId } of firstCalls) {
      writes += 1
      await need.store.accounts.setFirstCall(organizationId, userId)
      firstCalls = firstCalls.slice(1)
    }
  }

  const tellDropped = (): void => {
    if (dropped === told) return
    need.onError(
      new Error(`${dropped - told} rows of the request log were lost: the database did not keep up`),
    )
    told = dropped
  }

  /** Writes what waits at this moment: what comes meanwhile is the next batch's. @returns whether it went well. */
  const write = async (): Promise<boolean> => {
    for (let left = waiting.length; left > 0; left -= rowsAtOnce) {
      const batch = waiting.slice(0, Math.min(left, rowsAtOnce))
      waiting = waiting.slice(batch.length)
      try {
        await store(batch)
        await noteFirstCalls()
      } catch (error) {
        waiting = [...batch, ...waiting].slice(-rowsWaiting)
        need.onError(error)
        return false
      }
    }
    tellDropped()
    return true
  }

  const writeOnce = async (): Promise<void> => {
    const wentWell = await write()
    writing = undefined
    if (waiting.length > 0) schedule(wentWell ? flushEveryMs : flushEveryMs * 10)
  }

  const flush = (): Promise<void> => {
    writing ??= writeOnce()
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
      seeFirstCall(request)
      waiting.push(JSON.stringify(rowOf(request)))
      schedule(flushEveryMs)
    },
    /** Statements sent so far. */
    writes: (): number => writes,
    find: (organizationId: number, requestId: string): Promise<RequestLogRow | undefined> =>
      need.store.requestLog.find(organizationId, requestId),
    prune: (days: number): Promise<number> => need.store.requestLog.prune(days, 10_000),
    /** Writes what waits, now. */
    flush: async (): Promise<void> => {
      await writing
      clearTimeout(timer)
      timer = undefined
      await flush()
    },
  }
}
