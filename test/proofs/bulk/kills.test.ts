import { afterAll, expect, test } from 'vitest'
import { removeAllData } from '../../support/program.ts'
import { randomOf } from '../support/random.ts'
import { createTally, proofRun } from '../support/run.ts'
import { openLane } from './lane.ts'
import { type RoundResult, runRound } from './round.ts'

const run = proofRun('bulk')
const fullKills = 100
const lanes = 2
/** Rounds that end before a kill count none; so many in all are enough for any seed. */
const mostRounds = 3 * fullKills

afterAll(removeAllData, 120_000)

/** Rounds until there were so many kills. */
const runLane = async (lane: number, kills: number, note: (result: RoundResult) => void): Promise<void> => {
  const opened = await openLane()
  try {
    for (let [left, number] = [kills, 0]; left > 0 && number < mostRounds; number += 1) {
      const random = randomOf(run.seed, `bulk ${lane}`, number)
      const result = await runRound(opened, random, number, left)
      note(result)
      left -= result.kills
    }
  } finally {
    await opened.close()
  }
}

const count = (number: number): string => number.toLocaleString('en')

test(
  'a worker that is killed at any moment leaves downloads, uploads and copies exact to the row, or says which rows are in doubt',
  async () => {
    const results: RoundResult[] = []
    const wanted = run.share(fullKills)
    const shares = Array.from({ length: lanes }, (_, at) => Math.floor((wanted + at) / lanes))
    const over = await Promise.allSettled(
      shares.map((kills, at) => (kills === 0 ? undefined : runLane(at, kills, (one) => results.push(one)))),
    )
    const sum = (of: (result: RoundResult) => number) => results.reduce((total, one) => total + of(one), 0)
    const verdicts = results.flatMap((result) => result.verdicts)
    const jobs = createTally()
    const rows = { download: 0, upload: 0, copied: 0, inDoubt: 0 }
    for (const one of verdicts) {
      jobs.add(one.what)
      const kind = one.what.includes('download')
        ? 'download'
        : one.what.startsWith('workflow')
          ? 'copied'
          : 'upload'
      rows[kind] += one.rows
      rows.inDoubt += one.inDoubt
    }
    const kills = sum((one) => one.kills)
    run.say(`${kills} kills, ${sum((one) => one.held)} of them while a step ran; ${jobs.text()}`)
    run.say(
      `rows downloaded ${count(rows.download)}, uploaded ${count(rows.upload)}, copied ${count(rows.copied)}, of those in doubt ${rows.inDoubt}; ` +
        `longest standstill ${Math.max(0, ...results.map((one) => one.stillMs))} ms`,
    )
    const broken = over.flatMap((one) => (one.status === 'rejected' ? [String(one.reason?.stack)] : []))
    const failures = [...broken, ...results.flatMap((result) => result.failures)]
    if (failures.length > 0) throw run.failure(failures)
    expect(kills).toBe(wanted)
  },
  run.timeoutMs,
)
