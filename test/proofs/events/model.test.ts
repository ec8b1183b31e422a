import { expect, test } from 'vitest'
import { randomOf } from '../support/random.ts'
import { createTally, inParallel, proofRun } from '../support/run.ts'
import { play } from './play.ts'
import { scriptOf } from './script.ts'
import { openStage, type Stage } from './stage.ts'

const run = proofRun('events')
const scripts = run.share(1_000)
/** Most of a script is waiting. */
const lanes = 4

test(
  `${scripts.toLocaleString('en')} random scripts lose no change that a poll could see, invent none, and keep every event as it is`,
  async () => {
    const stages: Stage[] = await Promise.all(
      Array.from({ length: Math.min(lanes, scripts) }, () => openStage()),
    )
    const failures: string[] = []
    const steps = createTally()
    const sum = { polls: 0, versions: 0, events: 0 }
    try {
      await inParallel(scripts, lanes, async (number, lane) => {
        const script = scriptOf(randomOf(run.seed, 'events', number))
        const stage = stages[lane] as Stage
        for (const one of script.steps) steps.add(one.do)
        const result = await play(stage, script, String(number)).catch((error: unknown) => ({
          ...{ polls: 0, versions: 0, events: 0 },
          failures: [error instanceof Error ? (error.stack ?? error.message) : String(error)],
        }))
        sum.polls += result.polls
        sum.versions += result.versions
        sum.events += result.events
        if (result.failures.length > 0)
          failures.push(`script ${number}: ${result.failures.join('; ')}\n${JSON.stringify(script)}`)
      })
      run.say(`${scripts} scripts: ${steps.text()}`)
      run.say(`${sum.versions} versions of rows, ${sum.polls} whole polls, ${sum.events} events delivered`)
      const told = createTally()
      for (const one of stages.flatMap(({ errors }) => errors)) told.add(one.replaceAll(/\d+/g, 'N'))
      run.say(`failures that the product told: ${told.text() || 'none'}`)
    } finally {
      await Promise.all(stages.map((stage) => stage.close()))
    }
    if (failures.length > 0) throw run.failure(failures)
    expect(sum.events).toBeGreaterThan(0)
  },
  run.timeoutMs,
)
