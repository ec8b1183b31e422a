import { setTimeout as sleep } from 'node:timers/promises'
import { type Answer, ask, platform } from '../../support/client.ts'
import type { Connected, Running } from '../support/installation.ts'
import { type Random, randomOf } from '../support/random.ts'
import type { Login } from '../support/vendor.ts'
import type { StoredGrant } from './installation.ts'
import { type Crew, type Lane, type Pace, paces } from './lane.ts'
import { type Case, comeback, judge, judgeProvisioning } from './verdict.ts'

/** How long each kind of operation takes when nobody is killed, in milliseconds. Answered ones go on measuring. */
export type Lengths = Map<string, number>

type Kind = 'refresh' | 'refresh by the worker' | 'provisioning'

const lengthKey = (kind: Kind, login: Login, pace: Pace): string => `${kind} ${login} ${pace.title}`

/** The kill falls at a moment of this part of an operation's length: somewhat before, within, somewhat after. */
const earliest = -0.15
const latest = 1.15

/** What a round is made of, all from the seed. */
interface Plan {
  readonly pace: Pace
  readonly refreshed: readonly [Connected, Connected]
  readonly provisioned: Login
  /** Whether rows tell that the tokens have ended; else the vendor's refusal does. */
  readonly known: boolean
  /** Whether the process that is not killed is called too. */
  readonly bothCalled: boolean
  /** A moment of an operation, as a part of its length. */
  readonly moment: () => number
}

const planOf = ({ instances }: Lane, random: Random): Plan => ({
  pace: random.pick(paces),
  refreshed: [random.pick([instances.oauth2, instances.company]), instances.legacy],
  provisioned: random.pick(['oauth2', 'company', 'legacy'] as const),
  known: random.once(2),
  bothCalled: random.once(2),
  moment: () => earliest + (random.int(1_000_000) / 1_000_000) * (latest - earliest),
})

/** What came of a call to a process that was killed: nothing when the connection ended. */
const answered = async (
  call: Promise<Answer>,
  lengths: Lengths,
  key: string,
): Promise<Answer | undefined> => {
  const startedAt = performance.now()
  const answer = await call.catch(() => undefined)
  const before = lengths.get(key)
  if (answer !== undefined && before !== undefined)
    lengths.set(key, (before + performance.now() - startedAt) / 2)
  return answer
}

const mustBe200 = (answer: Answer | undefined, what: string): void => {
  if (answer !== undefined && answer.status !== 200)
    throw new Error(`${what} answered ${answer.status} before the kill: ${answer.text}`)
}

const untilRenewed = async ({ installation }: Lane, { instance, before }: Case): Promise<void> => {
  for (const giveUpAt = Date.now() + 30_000; ; await sleep(2)) {
    if ((await installation.stored(instance)).version !== before.version) return
    if (Date.now() > giveUpAt) throw new Error(`the worker does not renew ${instance.login}`)
  }
}

/** Makes the tokens end, and says what is stored of each. */
const endTokens = async (lane: Lane, plan: Plan, crew: Crew): Promise<readonly Case[]> => {
  const { installation } = lane
  await lane.setPace(plan.pace)
  await installation.vendor.anHourPasses()
  const cases: Case[] = []
  for (const instance of plan.refreshed) {
    if (plan.known && crew !== 'worker') await installation.anHourPassesFor(instance.id)
    cases.push({ instance, before: await installation.stored(instance) })
  }
  await installation.vendor.clearCalls()
  return cases
}

/** The worker hears that the grants are due, all in one. */
const wakeWorker = async ({ installation }: Lane, plan: Plan): Promise<void> => {
  for (const { id } of plan.refreshed) await installation.anHourPassesFor(id)
  await installation.wakeWorkers()
}

/** Runs each operation once, unharmed. @returns how long each took, by kind, login and pace. */
export const measure = async (lane: Lane, crew: Crew, pace: Pace): Promise<Map<string, number>> => {
  const { installation, instances } = lane
  const lengths = new Map<string, number>()
  const { main } = await lane.crew(crew)
  const timed = async (kind: Kind, login: Login, run: () => Promise<unknown>): Promise<void> => {
    const startedAt = performance.now()
    await run()
    lengths.set(lengthKey(kind, login, pace), performance.now() - startedAt)
  }
  const refreshed = [instances.oauth2, instances.legacy] as const
  const plan = { ...planOf(lane, randomOf(0, 'measure', 0)), pace, refreshed, known: true }
  const cases = await endTokens(lane, plan, crew)
  if (crew === 'worker') {
    const woken = wakeWorker(lane, plan)
    await Promise.all(
      cases.map((one) =>
        timed('refresh by the worker', one.instance.login, async () => {
          await woken
          await untilRenewed(lane, one)
        }),
      ),
    )
    return lengths
  }
  await Promise.all([
    ...refreshed.map((instance) =>
      timed('refresh', instance.login, async () =>
        mustBe200(await installation.read(main, instance), 'a read'),
      ),
    ),
    ...(['oauth2', 'company', 'legacy'] as const).map((login) =>
      timed('provisioning', login, () => installation.connect(main, login, `Measured ${login}`)),
    ),
  ])
  const oauth2 = lengths.get(lengthKey('refresh', 'oauth2', pace)) ?? 0
  lengths.set(lengthKey('refresh', 'company', pace), oauth2)
  return lengths
}

/** An operation that is to be cut off: when it starts before the kill, and what it does. */
interface Step {
  readonly beforeKillMs: number
  readonly run: () => Promise<void>
}

/** Starts each step at its time, and kills. Steps that begin after the kill find nobody. */
const runAndKill = async (victim: Running, steps: readonly Step[]): Promise<void> => {
  const leadMs = 5 + Math.max(0, ...steps.map(({ beforeKillMs }) => beforeKillMs))
  const startedAt = performance.now()
  const at = (ms: number) => sleep(Math.max(0, ms - (performance.now() - startedAt)))
  await Promise.all([
    ...steps.map(async ({ beforeKillMs, run }) => {
      await at(leadMs - beforeKillMs)
      await run()
    }),
    at(leadMs).then(() => victim.kill()),
  ])
}

export interface Outcome {
  readonly what: string
  readonly outcome: string
  readonly afterMs: number
}

export interface RoundResult {
  readonly outcomes: readonly Outcome[]
  readonly failures: readonly string[]
  /** Answers that were neither success nor a reason, while an instance came back. */
  readonly passing: readonly string[]
}

const usedUnstored = 'answered, nothing stored'

/** Where in a renewal the kill fell, as far as can be seen. */
const whereItFell = (before: StoredGrant, after: StoredGrant, answer: Answer | undefined): string => {
  const isStored = after.version !== before.version
  if (answer !== undefined) return isStored ? 'answered' : usedUnstored
  return isStored ? 'stored, not answered' : 'nothing stored'
}

/** One kill, with everything that it cuts off, and what came of it. */
export const runRound = async (
  lane: Lane,
  crew: Crew,
  lengths: Lengths,
  random: Random,
): Promise<RoundResult> => {
  const { installation } = lane
  const plan = planOf(lane, random)
  const { main, other } = await lane.crew(crew)
  const victim = crew === 'worker' ? (other ?? main) : main
  const cases = await endTokens(lane, plan, crew)
  const name = `Made in round ${random.int(1_000_000_000)}`
  const fresh = await installation.vendor.newInstance(plan.provisioned, name)
  const answers = new Map<unknown, Answer | undefined>()
  const beforeKill = (kind: Kind, login: Login) =>
    plan.moment() * (lengths.get(lengthKey(kind, login, plan.pace)) ?? 0)

  const survivorCalls: Step[] =
    crew === 'beside' && plan.bothCalled && other !== undefined
      ? cases.map((one) => ({
          beforeKillMs: beforeKill('refresh', one.instance.login),
          run: async () => {
            answers.set(`${one.instance.login} beside`, await installation.read(other, one.instance))
          },
        }))
      : []
  const served: Step[] = [
    ...cases.map((one) => ({
      beforeKillMs: beforeKill('refresh', one.instance.login),
      run: async () => {
        const key = lengthKey('refresh', one.instance.login, plan.pace)
        answers.set(one, await answered(installation.read(victim, one.instance), lengths, key))
      },
    })),
    {
      beforeKillMs: beforeKill('provisioning', plan.provisioned),
      run: async () => {
        const headers = platform(installation.admin)
        const key = lengthKey('provisioning', plan.provisioned, plan.pace)
        const made = ask(`${victim.url}/instances`, { headers, body: fresh })
        answers.set(name, await answered(made, lengths, key))
      },
    },
  ]
  const worked: Step[] = [
    {
      beforeKillMs: beforeKill(
        'refresh by the worker',
        plan.refreshed[0].login === 'legacy' ? 'legacy' : 'oauth2',
      ),
      run: () => wakeWorker(lane, plan),
    },
  ]
  await runAndKill(victim, crew === 'worker' ? worked : [...served, ...survivorCalls])

  const at = await lane.next(victim)
  const outcomes: Outcome[] = []
  const failures: string[] = []
  const passing: string[] = []
  const prefix = `${crew}, ${plan.pace.title}, `
  const note = async (what: string, run: () => Promise<Omit<Outcome, 'what'>>): Promise<void> => {
    try {
      outcomes.push({ what, ...(await run()) })
    } catch (error) {
      failures.push(`${prefix}${what}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  const moments = new Map<Case, string>()
  for (const one of cases)
    moments.set(one, whereItFell(one.before, await installation.stored(one.instance), answers.get(one)))
  // Both at once: the answer to one must not wait for the other.
  const backs = await Promise.all(
    cases.map(async (one) => ({ one, back: await comeback(installation, at, one.instance) })),
  )
  for (const { one, back } of backs) {
    const { login } = one.instance
    await note(`refresh ${login}`, async () => {
      mustBe200(answers.get(one), 'a call')
      if (moments.get(one) === usedUnstored) throw new Error('a token was used before it was stored')
      const beside = answers.get(`${login} beside`)
      if (back.kind !== 'needs-reconnect' || beside?.json?.code !== 'needs-reconnect')
        mustBe200(beside, 'a call to the other process')
      passing.push(...back.failures)
      const outcome = await judge(lane, at, one, back)
      return { outcome: `${outcome} (${moments.get(one)})`, afterMs: back.afterMs }
    })
  }
  if (crew !== 'worker') {
    await note(`provisioning ${plan.provisioned}`, async () => {
      const status = answers.get(name)?.status
      const outcome = await judgeProvisioning(lane, at, { login: plan.provisioned, name, status })
      return { outcome, afterMs: 0 }
    })
  }
  return { outcomes, failures, passing }
}
