import { afterAll, expect, test } from 'vitest'
import { removeAllData } from '../../support/program.ts'
import { randomOf } from '../support/random.ts'
import { proofRun } from '../support/run.ts'
import type { Damage } from './kills/crew.ts'
import { openStage, type Stage } from './kills/stage.ts'
import { longestGap, verdictOn } from './kills/verdict.ts'

const run = proofRun('events')
const kills = run.share(200)
const longestStuckMs = 30_000

/** @returns for how many seconds it went on, and how many more until all was delivered. */
const play = async ({ crew, trouble, comeToRest }: Stage) => {
  const quiet = new AbortController()
  const startedMs = performance.now()
  const troubles = trouble(quiet.signal)
  // Whatever of it fails ends the proof at once.
  await Promise.race([crew.run(kills, randomOf(run.seed, 'kills', 0)), troubles.then(() => undefined)])
  const quietMs = performance.now()
  quiet.abort()
  await troubles
  await comeToRest()
  const secondsFrom = (ms: number, toMs: number): number => Math.round((toMs - ms) / 1_000)
  return { seconds: secondsFrom(startedMs, quietMs), rest: secondsFrom(quietMs, performance.now()) }
}

const damageText = (damage: Damage): string =>
  [
    `${damage.kills} kills, of them ${damage.ofServe} of the API, ${damage.whileStarting} of a process that was starting`,
    `${damage.pollKills} cut off polls (${damage.polls}), ${damage.deliveryKills} deliveries (${damage.deliveries})`,
    `restarts of the database: ${damage.restarts.map(({ mode, ms }) => `${mode} ${ms} ms`).join(', ')}`,
    `${damage.failedStarts} starts found none`,
  ].join('; ')

/** What the run came to; printed, and what is wrong with it. */
const judge = async (stage: Stage): Promise<readonly string[]> => {
  const { books, crew, watch, ledger, caller, receivers, instanceIds, pollers } = stage
  const { looks, longest } = await watch.end()
  await crew.stop()
  const arrived = receivers.flatMap((one) => one.arrived)
  const [polls, stored, found] = [await books.polls(), await books.stored(), await books.found()]
  const objects = ledger.objects()
  const verdict = verdictOn({ objects, polls, arrived, calls: caller.calls, stored, instanceIds, found })
  const gapMs = longestGap(polls)
  const failures = [
    ...verdict.failures,
    ...receivers.flatMap(({ badlySigned }) => badlySigned),
    ...crew.damage.failures,
    ...Object.entries(longest)
      .filter(([, { ms }]) => ms > longestStuckMs)
      .map(([what, { name, ms }]) => `${what} ${name} was stuck for ${ms} ms`),
    ...(gapMs > longestStuckMs ? [`a poller was not polled for ${gapMs} ms`] : []),
  ]
  const leases = await books.leases()
  if (leases > 0) failures.push(`${leases} leases are left`)
  const versions = [...objects.values()].reduce((sum, { length }) => sum + length, 0)
  const answered = caller.calls.filter(({ status }) => status === 200).length
  const spells = (of: 'slow' | 'failing' | 'down') => receivers.reduce((sum, one) => sum + one.spells[of], 0)
  run.say(
    `${versions} versions of ${objects.size} objects, ${polls.length} polls by ${pollers} pollers, ${verdict.due} changes ` +
      `that they could see; ${caller.calls.length} calls of the vendor, ${answered} answered by 200`,
  )
  run.say(
    `${verdict.told} changes told in ${stored.length} events; ${arrived.length} deliveries came, ` +
      `${arrived.filter(({ taken }) => !taken).length} were answered by 500, ${verdict.repeats} were repeats; receivers were ` +
      `slow ${spells('slow')}, failing ${spells('failing')} and down ${spells('down')} times`,
  )
  run.say(
    `longest due: poller ${longest.poller.ms} ms, delivery ${longest.delivery.ms} ms, of ${looks} looks; ` +
      `longest between two polls of one poller ${gapMs} ms`,
  )
  if (verdict.due === 0) failures.push('no change could be seen')
  return failures
}

afterAll(removeAllData, 120_000)

test(
  `kill -9 of ${kills} processes at random moments, and restarts of the database, lose no event, double none, and leave nothing stuck`,
  async () => {
    const stage = await openStage((what, number = 0) => randomOf(run.seed, `kills ${what}`, number))
    const { damage } = stage.crew
    try {
      const { seconds, rest } = await play(stage)
      run.say(`${damageText(damage)}; ${seconds} s, and ${rest} s to come to rest`)
      const failures = await judge(stage)
      if (failures.length > 0) throw run.failure(failures)
    } finally {
      await stage.close()
    }
    expect(damage.kills).toBe(kills)
  },
  run.timeoutMs,
)
