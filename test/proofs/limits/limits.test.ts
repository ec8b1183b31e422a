import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Answer, ask, hub } from '../../support/client.ts'
import { removeAllData } from '../../support/program.ts'
import { type Installation, openInstallation, type Running } from '../support/installation.ts'
import { randomOf } from '../support/random.ts'
import { createTally, inParallel, proofRun } from '../support/run.ts'
import { errorFault } from './answers.ts'
import { createBooks } from './books.ts'
import { type Caller, type Known, pickDeed, send } from './deeds.ts'
import { readStanding } from './standing.ts'

const run = proofRun('limits')
const calls = run.share(10_000)
const processes = 2
const instances = Math.max(2, Math.min(40, Math.round(calls / 50)))
const callers = instances * 3
const deadlineSeconds = 20
/** An answer is written, sent and read after the deadline's last moment, on a machine that does more. */
const graceMs = 1_500
const vendorTimeoutSeconds = 2
/** What an attempt that was given up still does at the vendor is done by then. */
const lateWorkMs = 4_000

/** Each strikes one vendor call in ten, by the luck of the seed. */
const faultsOf = (seed: number): readonly object[] => {
  const often = { rate: 0.1, seed }
  return [
    // Half of them with the seconds to wait; a second of that name would strike as the first does.
    { fault: 'rate-limit', rate: 0.05, seed },
    { fault: 'rate-limit-date', rate: 0.05, seed, value: 1 },
    { fault: 'rate-limit-400', ...often },
    { fault: 'server-error', ...often, value: 503 },
    { fault: 'slow', ...often, value: vendorTimeoutSeconds * 1_000 + 800 },
    { fault: 'cut-body', ...often },
    { fault: 'malformed-body', ...often },
  ]
}

let installation: Installation
let serving: readonly Running[]

beforeAll(async () => {
  installation = await openInstallation({
    VENDOR_TIMEOUT_SECONDS: String(vendorTimeoutSeconds),
    QUERY_MAX_SECONDS: String(deadlineSeconds),
  })
  serving = [installation.first]
  while (serving.length < processes) serving = [...serving, await installation.serve()]
}, 120_000)
afterAll(async () => {
  await installation?.close()
  await removeAllData()
}, 120_000)

const headersOf = (token: string) => hub(installation.admin, token)

/** An answer of a vendor that does not fail, to hold later answers against. */
const know = async (token: string, path: string, query: Record<string, string>): Promise<Known> => {
  const reply = await ask(`${installation.first.url}/hubs/expense/${path}`, {
    headers: headersOf(token),
    query,
  })
  if (reply.status !== 200) throw new Error(`${path} answered ${reply.status}: ${reply.text}`)
  return { path, query, json: reply.json }
}

const everybodys = "user = 'ALL'"

/** Lists and rows that no call of this proof changes. */
const knownRows = async (token: string) => {
  const reports = await know(token, 'reports', {
    where: `${everybodys} and approvalStatusCode = 'A_PEND'`,
    pageSize: '10',
  })
  const lists = [reports]
  const rows: Known[] = []
  for (const { ID, OwnerLoginID: user } of reports.json as Record<string, string>[]) {
    const expenses = await know(token, 'expenses', { where: `${everybodys} and reportID = '${ID}'` })
    lists.push(expenses)
    rows.push(await know(token, `reports/${ID}`, { user: user ?? '' }))
    const [first] = expenses.json as Record<string, string>[]
    if (first !== undefined)
      rows.push(await know(token, `expenses/${encodeURIComponent(first['ID'] ?? '')}`, { user: user ?? '' }))
  }
  return { lists, rows }
}

const connectAll = async (): Promise<readonly Caller[]> => {
  const tokens: string[] = []
  for (let one = 0; one < instances; one += 1)
    tokens.push((await installation.connect(installation.first, 'oauth2', `Limits ${one}`)).token)
  return Array.from({ length: callers }, (_, at) => ({
    url: serving[at % serving.length]?.url ?? '',
    headers: headersOf(tokens[Math.floor(at / serving.length) % tokens.length] ?? ''),
    reports: [],
    expenses: [],
  }))
}

/** What a vendor that takes so many of one operation's calls answered them with. */
const answered = (
  statuses: Readonly<Record<string, number>> = {},
): { readonly all: number; readonly limited: number } => ({
  all: Object.values(statuses).reduce((sum, one) => sum + one, 0),
  // Every create is sound, so a 400 is a limit.
  limited: (statuses['429'] ?? 0) + (statuses['400'] ?? 0),
})

test(
  'with a vendor that fails six ways at one call in ten, each hub call has a right answer or a right error in time, and no write is done twice',
  async () => {
    const { vendor } = installation
    const everyone = await connectAll()
    const known = await knownRows(String(everyone[0]?.headers['authorization']?.split('Element ')[1]))
    const prefix = `proof-${run.seed}-`
    const books = createBooks()
    const tally = createTally()
    const kinds = createTally()
    const faults: string[] = []
    let slowestMs = 0
    const since = new Date(Date.now() - 60_000).toISOString().slice(0, 19)
    await vendor.setFaults(faultsOf(run.seed))
    await vendor.clearCalls()
    const startedAtMs = performance.now()

    const judge = (answer: Answer, ms: number, right: (answer: Answer) => string | undefined) => {
      tally.add(answer.status === 200 ? 200 : `${answer.status} ${answer.json?.code}`)
      slowestMs = Math.max(slowestMs, ms)
      if (ms > deadlineSeconds * 1_000 + graceMs) return `took ${Math.round(ms)} ms`
      return answer.status === 200 ? right(answer) : errorFault(answer)
    }

    await inParallel(calls, callers, async (number, lane) => {
      const caller = everyone[lane] as Caller
      const random = randomOf(run.seed, 'limits', number)
      const { kind, deed } = pickDeed({ caller, random, name: `${prefix}${number}`, known, books })
      const { answer, ms } = await send(caller, deed)
      deed.note?.(answer)
      kinds.add(kind)
      const fault = judge(answer, ms, deed.right)
      if (fault !== undefined) faults.push(`${number} ${kind}: ${fault}`)
    })
    const seconds = (performance.now() - startedAtMs) / 1_000

    await vendor.setFaults([])
    await sleep(lateWorkMs)
    const { operations, statuses } = await vendor.totals()
    const standing = await readStanding(vendor, since, prefix)
    faults.push(...books.faults(standing))

    // A create goes out a second time only where the first was answered by a limit.
    for (const [operation, kind] of [
      ['reports.create', 'report'],
      ['entries.create', 'expense'],
    ] as const) {
      const { all, limited } = answered(statuses[operation])
      const asked = books.count(kind)
      run.say(`${operation}: hub calls ${asked}, vendor calls ${all}, answered by a limit ${limited}`)
      if (all - limited > asked)
        faults.push(`${operation}: ${all - limited} calls beyond limits for ${asked} hub calls`)
    }
    const vendorCalls = Object.values(operations).reduce((sum, one) => sum + one, 0)
    run.say(
      `${calls.toLocaleString('en')} hub calls in ${seconds.toFixed(1)} s, ${instances} instances, ${processes} processes, vendor calls ${vendorCalls.toLocaleString('en')}; ${kinds.text()}`,
    )
    run.say(`answers ${tally.text()}; slowest ${Math.round(slowestMs)} ms; ${books.text(standing)}`)
    if (faults.length > 0) throw run.failure(faults)
    expect(vendorCalls).toBeGreaterThan(calls)
  },
  run.timeoutMs,
)
