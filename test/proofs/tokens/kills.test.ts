import { afterAll, beforeAll, expect, test } from 'vitest'
import { removeAllData } from '../../support/program.ts'
import { randomOf } from '../support/random.ts'
import { createTally, proofRun } from '../support/run.ts'
import { type Crew, type Lane, type Mode, modes, openLane, paces } from './lane.ts'
import { type Lengths, measure, type RoundResult, runRound } from './round.ts'
import { orphans } from './verdict.ts'

const run = proofRun('tokens')
/** How many kills in each mode, by what else runs. */
const fullKills: readonly (readonly [Crew, number])[] = [
  ['alone', 30],
  ['beside', 30],
  ['worker', 20],
]

/** Moments and outcomes that the full counts cannot miss. */
const outcomesOfAll = [
  'refresh: works (nothing stored)',
  'refresh: works (stored, not answered)',
  'refresh: works (answered)',
  'provisioning: no instance',
  'provisioning: an instance without an answer',
  'provisioning: an instance and an answer',
]
const outcomesOfDead = [
  'refresh: needs-reconnect, reply sent (nothing stored)',
  'refresh: needs-reconnect, reply not sent to its end (nothing stored)',
]

/** What the kills of one mode came to. */
const createBook = (mode: Mode) => {
  const outcomes = createTally()
  const logins = createTally()
  const passing = createTally()
  const failures: string[] = []
  let [kills, slowestMs] = [0, 0]
  return {
    fail: (why: string): void => {
      failures.push(`${mode.title}: ${why}`)
    },
    add: (number: number, result: RoundResult): void => {
      kills += 1
      for (const { what, outcome, afterMs } of result.outcomes) {
        outcomes.add(`${what.split(' ')[0]}: ${outcome}`)
        logins.add(what)
        slowestMs = Math.max(slowestMs, afterMs)
      }
      for (const one of result.passing) passing.add(one)
      for (const one of result.failures) failures.push(`${mode.title}: round ${number}, ${one}`)
    },
    missing: (): readonly string[] =>
      [...outcomesOfAll, ...(mode.oldDies ? outcomesOfDead : [])].filter((one) => outcomes.of(one) === 0),
    close: () => ({
      kills,
      failures,
      lines: [
        `${mode.title}: ${kills} kills; ${outcomes.text()}; slowest comeback ${slowestMs} ms`,
        `${mode.title}: ${logins.text()}; other answers on the way back: ${passing.text() || 'none'}`,
      ],
    }),
  }
}

type Result = ReturnType<ReturnType<typeof createBook>['close']>

const addLengths = async (lengths: Lengths, lane: Lane, crew: Crew): Promise<void> => {
  // The first time is thrown away: a process that has just started is slow.
  for (const pace of [...paces.slice(0, 1), ...paces])
    for (const [key, value] of await measure(lane, crew, pace)) lengths.set(key, value)
}

const runLane = async (mode: Mode): Promise<Result> => {
  const lane = await openLane(mode)
  const book = createBook(mode)
  const lengths: Lengths = new Map()
  try {
    for (const [crew, count] of fullKills) {
      if (crew !== 'beside') await addLengths(lengths, lane, crew)
      for (let number = 0; number < run.share(count); number += 1) {
        const random = randomOf(run.seed, `${mode.title} ${crew}`, number)
        book.add(number, await runRound(lane, crew, lengths, random))
      }
    }
    const left = await orphans(lane.installation)
    if (left > 0) book.fail(`${left} rows that belong to no instance`)
  } catch (error) {
    book.fail(error instanceof Error ? (error.stack ?? error.message) : String(error))
  } finally {
    await lane.close()
  }
  if (run.share(100) >= 100) for (const one of book.missing()) book.fail(`no kill led to this: ${one}`)
  return book.close()
}

let results: ReadonlyMap<Mode, PromiseSettledResult<Result>>

beforeAll(async () => {
  // Side by side, each with its own database, sandbox and processes: most of the time is waiting.
  const lanes = await Promise.allSettled(modes.map(runLane))
  results = new Map(modes.map((mode, at) => [mode, lanes[at] as PromiseSettledResult<Result>]))
}, run.timeoutMs)
afterAll(removeAllData, 120_000)

test.each(modes)(
  'a process that is killed at any moment leaves connections that work, or say why not: $title',
  (mode) => {
    const result = results.get(mode)
    if (result?.status !== 'fulfilled') throw run.failure([String(result?.reason)])
    const { lines, failures, kills } = result.value
    for (const line of lines) run.say(line)
    if (failures.length > 0) throw run.failure(failures)
    expect(kills).toBeGreaterThanOrEqual(fullKills.length)
  },
)
