import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { removeAllData } from '../../support/program.ts'
import type { Connected, Running } from '../support/installation.ts'
import { createTally, proofRun } from '../support/run.ts'
import type { Login } from '../support/vendor.ts'
import { burst } from './burst.ts'
import { openTokenInstallation, type TokenInstallation } from './installation.ts'

const run = proofRun('tokens')
const fullCalls = 10_000
const connectionsPerPort = 250
const processes = 4
/** A token call takes so long that every call is waiting before it is answered. */
const tokenReplyMs = Math.max(1_500, run.share(4_000))
const tokenOperation = 'oauth.token'
/** A token that lives so long is known as ended 60 s before its end. */
const shortLifeSeconds = 75
const knownAheadSeconds = 60

let installation: TokenInstallation
let serving: readonly Running[]
let warmEarly: Warm

beforeAll(async () => {
  // So many calls on few cores take longer than one call may.
  installation = await openTokenInstallation({ QUERY_MAX_SECONDS: '300' })
  const others = await Promise.all(Array.from({ length: processes - 1 }, () => installation.serve()))
  serving = [installation.first, ...others]
  // Its end is waited for while others have their turn.
  warmEarly = await warm(known)
}, run.timeoutMs)
afterAll(async () => {
  await installation?.close()
  await removeAllData()
}, 120_000)

const readEverywhere = async (instance: Connected): Promise<readonly number[]> => {
  const statuses: number[] = []
  for (const running of serving) statuses.push((await installation.read(running, instance)).status)
  return statuses
}

const asked = async (): Promise<number> =>
  (await installation.vendor.totals()).operations[tokenOperation] ?? 0

interface Variant {
  readonly title: string
  readonly login: Login
  /** The processes know that the token has ended; else the vendor tells them. */
  readonly known?: true
  readonly deniedStatus?: 401 | 403
  readonly worker?: true
}

const known: Variant = { title: 'a token that is known to have ended', login: 'oauth2', known: true }

const variants: readonly Variant[] = [
  { title: 'a token refused with 401', login: 'oauth2', deniedStatus: 401 },
  { title: 'a token refused with 403', login: 'oauth2', deniedStatus: 403 },
  { title: 'a token of a company', login: 'company', deniedStatus: 401 },
  known,
  { title: 'a token that the worker renews too', login: 'oauth2', deniedStatus: 401, worker: true },
]

interface Warm {
  readonly instance: Connected
  /** When every process knows that the token has ended. */
  readonly knownAt: number
}

/** Connects, and lets every process hold the token. */
const warm = async ({ title, login, known }: Variant): Promise<Warm> => {
  const { vendor } = installation
  await vendor.setFaults(known ? [{ fault: 'expire-tokens', value: shortLifeSeconds }] : [])
  const instance = await installation.connect(installation.first, login, title)
  const knownAt = Date.now() + (shortLifeSeconds - knownAheadSeconds + 1) * 1_000
  await vendor.clearCalls()
  expect(await readEverywhere(instance)).toEqual(Array(processes).fill(200))
  expect(await asked()).toBe(0)
  return { instance, knownAt: known ? knownAt : Date.now() }
}

/** As when the worker's turn comes while the calls wait. */
const makeDue = async ({ id }: Connected): Promise<void> => {
  await installation.anHourPassesFor(id)
  await installation.wakeWorkers()
}

test.each(variants)(
  'thousands of calls at once through four processes cost one token call, and none fails: $title',
  async (variant) => {
    const { vendor, admin } = installation
    const { instance, knownAt } = variant.known ? warmEarly : await warm(variant)
    const worker = variant.worker ? await installation.work() : undefined
    await sleep(Math.max(0, knownAt - Date.now()))
    await vendor.anHourPasses()
    await vendor.setFaults([
      { fault: 'rotate-refresh', value: 'kill-old' },
      { fault: 'slow', operation: tokenOperation, value: tokenReplyMs },
      ...(variant.deniedStatus === undefined
        ? []
        : [{ fault: 'denied-status', value: variant.deniedStatus }]),
    ])
    await vendor.clearCalls()
    const calls = run.share(fullCalls)
    const result = await burst({
      ...{ ports: serving.map(({ port }) => port), calls, connectionsPerPort },
      ...{ member: admin, token: instance.token },
      ...(worker === undefined ? {} : { onSent: () => makeDue(instance) }),
    })
    const { grants, operations } = await vendor.totals()
    const statuses = createTally()
    for (const [status, count] of result.statuses)
      for (let one = 0; one < count; one += 1) statuses.add(status)
    run.say(
      `${variant.title}: ${calls.toLocaleString('en')} calls in ${Math.round(result.milliseconds)} ms; ` +
        `sent before the first answer ${result.sentBeforeAnswer.toLocaleString('en')}; ` +
        `answers ${statuses.text()}; token calls ${operations[tokenOperation]}; ` +
        `vendor calls ${Object.values(operations).reduce((sum, one) => sum + one, 0)}`,
    )
    const faults = [
      ...result.odd,
      ...(operations[tokenOperation] === 1 ? [] : [`${operations[tokenOperation]} token calls`]),
    ]
    if (faults.length > 0) throw run.failure(faults)
    expect(result.statuses).toEqual(new Map([[200, calls]]))
    expect(grants['refresh_token']).toEqual({ asked: 1, granted: 1, sent: 1 })
    // The refresh token that came with it is the one that is kept: the former is dead.
    await vendor.setFaults([{ fault: 'rotate-refresh', value: 'kill-old' }])
    await vendor.anHourPasses()
    expect(await readEverywhere(instance)).toEqual(Array(processes).fill(200))
    expect(await asked()).toBe(2)
    await worker?.stop()
  },
  run.timeoutMs,
)
