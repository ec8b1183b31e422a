import { AppError } from '#src/lib/errors.ts'
import { type CallDueKey, type Claim, type Due, LeaseLost, type Outcome } from '#src/queue/index.ts'
import type { CallRow, CallRun } from '#src/store/index.ts'
import { type Answered, answered } from './answered.ts'
import { openBody, openCarried, queryText } from './carried.ts'
import type { CallsNeed, OwnReply } from './need.ts'
import { parseQuartz } from './quartz.ts'
import { createResults } from './results.ts'
import { type Signature, signatureOf } from './signed.ts'

/** What became of one run. */
export interface Ran extends Answered {
  readonly run: CallRun
}

/** A run that was cut off is made again only where that changes nothing (RFC 9110 9.2.2). */
const repeatable: ReadonlySet<string> = new Set(['GET', 'PUT', 'DELETE'])
/** Whatever cuts it off so often is the call itself. */
const mostCuts = 5

const inDoubt =
  'in doubt: the program ended while this call ran. Whether it was done is not known, and it is not made again.'
const cutOff = `given up: the program ended ${mostCuts} times while this call ran.`

const notAnswered = (at: Date, error: string): Ran => ({
  run: { at, status: null, ms: null, error, requestId: null },
  response: null,
  error,
})

/** What is told of a run of which only its beginning is known; undefined: it is made again. */
const afterCut = ({ method, startedAt }: CallRow, attempts: number): Ran | undefined => {
  if (startedAt === null) return undefined
  if (!repeatable.has(method)) return notAnswered(startedAt, inDoubt)
  return attempts > mostCuts ? notAnswered(startedAt, cutOff) : undefined
}

/** A key that this process lacks is for whoever runs it to give: the call waits for that. */
const tellable = (error: unknown): string => {
  if (error instanceof AppError && error.code !== 'key-missing') return error.message
  throw error
}

/** Runs calls that are due. */
export const createRun = (need: CallsNeed) => {
  const { store, queue, callApi } = need
  const results = createResults(need)

  const send = (row: CallRow, { authorization }: Signature, signal: AbortSignal): Promise<OwnReply> => {
    const carried = openCarried(need, row)
    const query = queryText(carried)
    const body = openBody(need, row)
    return callApi({
      method: row.method,
      target: query === '' ? row.path : `${row.path}?${query}`,
      headers: { ...carried.headers, authorization },
      body: body === null ? undefined : 'text' in body ? body.text : Buffer.from(body.base64, 'base64'),
      jobId: row.kind === 'job' ? row.callId : undefined,
      signal,
    })
  }

  const runOnce = async (claim: Claim<CallDueKey>, row: CallRow, signal: AbortSignal): Promise<Ran> => {
    const cut = afterCut(row, claim.attempts)
    if (cut !== undefined) return cut
    const at = new Date()
    let signature: Signature
    try {
      signature = await signatureOf(need, row)
    } catch (error) {
      return notAnswered(at, tellable(error))
    }
    if (!(await store.calls.begin(row, claim.token))) throw new LeaseLost(claim)
    const startedMs = performance.now()
    const reply = await send(row, signature, signal)
    const ms = performance.now() - startedMs
    // What a stop or a lost lease broke off was no answer of the call.
    signal.throwIfAborted()
    const told = answered(reply, signature.secrets)
    const { status, headers } = reply
    const requestId = headers['elements-request-id'] ?? null
    return { ...told, run: { at, status, ms, error: told.error, requestId } }
  }

  /** Its next time, by the database's clock; of what was missed one run has been made. */
  const nextOf = ({ cron, enabled }: CallRow, now: Date): Due =>
    cron === null || !enabled ? null : parseQuartz(cron, 'trigger.cron').next(now)

  const endJob = (claim: Claim<CallDueKey>, row: CallRow, { run }: Ran, now: Date): Promise<void> =>
    store.transaction(async (inside) => {
      const current = await inside.calls.lock(row)
      if (current === undefined) throw new LeaseLost(claim)
      await inside.calls.addRun(row, run)
      await inside.calls.end(row)
      await queue.finish(inside.tx, claim, nextOf(current, now))
    })

  /**
   * Runs one call that is due, and stores what became of it with the end of the claim.
   * @throws LeaseLost when somebody took it over, and what kept it from being run at all: it is tried again then.
   */
  return async (claim: Claim<CallDueKey>, signal: AbortSignal): Promise<Outcome> => {
    const sinceMs = performance.now()
    const row = await store.calls.find(claim.row)
    if (row === undefined || (row.kind === 'job' && !row.enabled)) return null
    if (row.state === 'told') return results.lookAfter(claim, row)
    const ran = await runOnce(claim, row, signal)
    if (row.kind === 'async') await results.tell(claim, row, ran)
    else {
      const claimedAtMs = (claim.dueAt?.getTime() ?? Date.now()) + claim.lateMs
      await endJob(claim, row, ran, new Date(claimedAtMs + performance.now() - sinceMs))
    }
    return 'finished'
  }
}
