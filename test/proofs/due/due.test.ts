import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { type Database, migrate, migrations } from '#src/store/index.ts'
import { createTestDatabase } from '../../support/database.ts'
import { createTally, proofRun } from '../support/run.ts'
import { createCrew, type Member, type Told } from './crew.ts'
import {
  closeBooks,
  countLeft,
  databaseTime,
  endedOf,
  prepareWork,
  recovery,
  type Stop,
  totals,
} from './ledger.ts'

const run = proofRun('due')

const rows = run.share(120_000)
const isLong = rows > 20_000
const processes = 3
/** The product's lease where there is time for it: a pause must outlast it. */
const leaseSeconds = isLong ? 20 : 3
const pauseMs = leaseSeconds * 1_000 + (isLong ? 3_000 : 1_500)
const killEveryMs = isLong ? 5_000 : 1_500
const parallel = isLong ? 20 : 6
const batch = isLong ? 50 : 10
const lastsAboutMs = isLong ? 100_000 : 8_000
/** So long a row takes that all last about so long. */
const workMs = Math.min(500, (processes * parallel * lastsAboutMs) / rows)
const pauses = run.share(4)
const mustRunAgainWithinSeconds = 30

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean()
})

type Crew = ReturnType<typeof createCrew>

/** Stops processes while they work; only ever one hand on each. */
const createTrouble = (db: Database, crew: Crew, members: Member[]) => {
  const kills: Stop[] = []
  const standstills: Stop[] = []
  const paused = new Set<Member>()
  let turn = 0

  const next = (): Member => {
    for (;;) {
      const member = members[turn++ % members.length]
      if (member !== undefined && !paused.has(member)) return member
    }
  }

  return {
    kills,
    standstills,
    kill: async (): Promise<void> => {
      const member = next()
      const stop = { at: await databaseTime(db), owner: member.owner() }
      member.kill('SIGKILL')
      expect((await member.ended).signal).toBe('SIGKILL')
      kills.push(stop)
      const successor = crew.start()
      members[members.indexOf(member)] = successor
      await successor.ready
    },
    /** Lets one stand still for longer than its leases hold. */
    pause: async (): Promise<void> => {
      const member = next()
      paused.add(member)
      member.kill('SIGSTOP')
      standstills.push({ at: await databaseTime(db), owner: member.owner() })
      await sleep(pauseMs)
      member.kill('SIGCONT')
      // Time to end what it holds, before it may be killed.
      await sleep(1_000)
      paused.delete(member)
    },
  }
}

test(
  `of ${rows.toLocaleString('en')} due rows none is lost and none ended twice, while ${processes} processes are killed and paused`,
  async () => {
    const database = await createTestDatabase()
    const db = await database.open()
    cleanups.push(() => db.close())
    await migrate(db, migrations, () => undefined)
    await prepareWork(db, rows)
    const told: Told = { refused: [], errors: [] }
    const crew = createCrew({ url: database.url, leaseSeconds, parallel, batch, workMs }, told)
    cleanups.push(crew.end)
    const members = Array.from({ length: processes }, () => crew.start())
    await Promise.all(members.map(({ ready }) => ready))
    const trouble = createTrouble(db, crew, members)

    const pausing = (async () => {
      await sleep(300)
      for (let count = 0; count < pauses; count++) await trouble.pause()
    })()
    const killing = (async () => {
      do {
        await sleep(killEveryMs)
        await trouble.kill()
      } while ((await countLeft(db)) > 0)
    })()
    await Promise.all([pausing, killing])
    await expect.poll(() => countLeft(db), { timeout: 60_000, interval: 100 }).toBe(0)
    for (const member of members) member.kill('SIGTERM')
    const ends = await Promise.all(members.map(({ ended }) => ended))

    await closeBooks(db)
    const sum = await totals(db)
    const afterKills = await recovery(db, trouble.kills)
    const afterPauses = await recovery(db, trouble.standstills)
    const words = createTally()
    for (const error of told.errors) words.add(error.replaceAll(/\d+, \d+, attempt \d+/g, 'N'))
    run.say(
      `${sum.rows} rows in ${sum.seconds.toFixed(1)} s, ${Math.round(sum.rows / sum.seconds)}/s, ${sum.leases} leases; ` +
        `lost ${sum.lost}, ended twice ${sum.endedTwice}, effects twice ${sum.effectsTwice}`,
    )
    const seconds = ({ held, p50, p99, max }: typeof afterKills): string =>
      `${held} rows held, leased again after p50 ${p50.toFixed(2)} s, p99 ${p99.toFixed(2)} s, max ${max.toFixed(2)} s`
    run.say(`${trouble.kills.length} kills: ${seconds(afterKills)}`)
    run.say(
      `${trouble.standstills.length} pauses of ${pauseMs} ms, lease ${leaseSeconds} s: ${seconds(afterPauses)}`,
    )
    run.say(`${told.refused.length} ends refused; errors told: ${words.text() || 'none'}`)

    expect(sum).toMatchObject({ rows, lost: 0, endedTwice: 0, effectsTwice: 0, effectsMissing: 0 })
    expect(sum).toMatchObject({ wrongEffects: 0, stillLeased: 0, living: 0 })
    expect(sum.effects).toBe(rows - Math.floor(rows / 10))
    expect(trouble.kills.length).toBeGreaterThan(0)
    expect(afterKills.held).toBeGreaterThan(0)
    expect(afterPauses.held).toBeGreaterThan(0)
    for (const { never, max } of [afterKills, afterPauses]) {
      expect(never).toBe(0)
      expect(max).toBeLessThan(mustRunAgainWithinSeconds)
    }
    expect(told.refused.length).toBeGreaterThan(0)
    expect(await endedOf(db, told.refused)).toBe(0)
    expect(ends.map(({ code }) => code)).toEqual(ends.map(() => 0))
  },
  run.timeoutMs,
)
