// The request log: one row a call, buffered, written in one statement at most ten times a second.
// Never a secret, never a query value.
import { createClockCache } from '#src/lib/clock-cache.ts'
import type { SentCall } from '#src/outbound/index.ts'
import type { RequestLogRow, Store } from '#src/store/index.ts'
import { createRowBuffer } from './row-buffer.ts'
import { rowText } from './row-text.ts'
import type { FinishedRequest, RequestTrace } from './trace.ts'

export type { FinishedRequest, RequestTrace } from './trace.ts'

/** Notes vendor calls with the call of ours that caused them. */
export const recordIn =
  ({ vendorCalls }: RequestTrace) =>
  (call: SentCall): void => {
    vendorCalls.push(call)
  }

const flushEveryMs = 100
const rowsAtOnce = 2_000
/** Past this many waiting rows the oldest are dropped and counted, so that a slow database costs no memory. */
const rowsWaiting = 20_000

/** The remote address of a call that came over no socket: this program asked itself. */
export const nowhere = '::'

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
  /** The newest rows. */
  const held = createRowBuffer()
  /** Those before them, as JSON texts. */
  let waiting: readonly string[] = []
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

  /** Keeps the newest of these rows. */
  const keep = (rows: readonly string[]): void => {
    dropped += Math.max(0, rows.length - rowsWaiting)
    waiting = rows.slice(-rowsWaiting)
  }

  const setAside = (): void => {
    if (held.size() > 0) keep([...waiting, ...held.take()])
  }

  const hold = (text: string): void => {
    if (held.add(text)) return
    setAside()
    if (!held.add(text)) keep([...waiting, text])
  }

  /** Writes what waits at this moment: what comes meanwhile is the next batch's. @returns whether it went well. */
  const write = async (): Promise<boolean> => {
    setAside()
    for (let left = waiting.length; left > 0; left -= rowsAtOnce) {
      const batch = waiting.slice(0, Math.min(left, rowsAtOnce))
      waiting = waiting.slice(batch.length)
      try {
        await store(batch)
        await noteFirstCalls()
      } catch (error) {
        keep([...batch, ...waiting])
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
    if (waiting.length > 0 || held.size() > 0) schedule(wentWell ? flushEveryMs : flushEveryMs * 10)
  }

  const flush = (): Promise<void> => {
    writing ??= writeOnce()
    return writing
  }

  const schedule = (afterMs: number): void => {
    timer ??= setTimeout(() => {
      timer = undefined
      void flush()
    }, afterMs).unref()
  }

  return {
    add: (request: FinishedRequest): void => {
      seeFirstCall(request)
      hold(rowText(request))
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
