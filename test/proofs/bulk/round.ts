import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '../support/random.ts'
import { type KilledJob, startDownload } from './downloads.ts'
import type { Lane } from './lane.ts'
import { startUpload } from './uploads.ts'
import { startWorkflow } from './workflows.ts'

/** Nothing stands still for longer. */
const stuckMs = 30_000
const betweenMs = 100
/** A kill falls within so long of a moment in which the worker holds a job. */
const withinMs = 1_200
const fewestKills = 2
const mostKills = 5

/** What became of a job. */
export interface Verdict {
  readonly what: string
  readonly rows: number
  readonly inDoubt: number
}

export interface RoundResult {
  /** Those that a job was not yet done at. */
  readonly kills: number
  /** Of these, such that the worker held a job at. */
  readonly held: number
  readonly verdicts: readonly Verdict[]
  readonly failures: readonly string[]
  /** The longest that a job stood still, kills included. */
  readonly stillMs: number
}

const endings: ReadonlySet<unknown> = new Set(['COMPLETED', 'ABORTED', 'CANCELLED'])

const isOver = async ({ bulk, id }: KilledJob): Promise<boolean> =>
  endings.has((await bulk.status(id)).status)

/** Waits until it has ended. @throws Error when it stands still for too long. */
const follow = async ({ bulk, id }: KilledJob) => {
  let [seen, sinceMs, stillMs] = ['', Date.now(), 0]
  for (;;) {
    const status = await bulk.status(id)
    const now = `${status.status} ${status.recordsCount}`
    stillMs = Math.max(stillMs, Date.now() - sinceMs)
    if (endings.has(status.status)) return { status, stillMs }
    if (now !== seen) [seen, sinceMs] = [now, Date.now()]
    if (Date.now() - sinceMs > stuckMs) throw new Error(`stuck for 30 s: ${JSON.stringify(status)}`)
    await sleep(betweenMs)
  }
}

const setPace = async ({ vendor }: Lane, random: Random): Promise<number> => {
  const slowMs = random.pick([0, 15, 50])
  const fault = random.pick(['slow', 'slow-body'])
  const operations = ['reports.list', 'reports.create', 'reports.update']
  const faults = operations.map((operation) => ({ fault, operation, value: slowMs }))
  await vendor.setFaults(slowMs === 0 ? [] : faults)
  return slowMs
}

/** A download and, at the same time, an upload or a copy to another instance; their worker is killed up to `most` times, then both are judged. */
export const runRound = async (
  lane: Lane,
  random: Random,
  number: number,
  most: number,
): Promise<RoundResult> => {
  await lane.startWorker()
  const slowMs = await setPace(lane, random)
  const startOther = number % 3 === 2 ? startWorkflow : startUpload
  const jobs = [await startOther(lane, random, number, slowMs), await startDownload(lane, random)]
  const wanted = Math.min(most, fewestKills + random.int(mostKills - fewestKills + 1))
  let [kills, held] = [0, 0]
  while (kills < wanted) {
    if (!random.once(5)) await lane.untilTaken()
    await sleep(random.int(withinMs))
    const over = await Promise.all(jobs.map(isOver))
    if (over.every(Boolean)) break
    if (await lane.killWorker()) held += 1
    kills += 1
    await lane.startWorker()
  }
  const failures: string[] = []
  const verdicts: Verdict[] = []
  let longestMs = 0
  await Promise.all(
    jobs.map(async (job) => {
      try {
        const { status, stillMs } = await follow(job)
        longestMs = Math.max(longestMs, stillMs)
        verdicts.push({ what: job.what, ...(await job.judge(status, kills)) })
      } catch (error) {
        const words = error instanceof Error ? error.message : String(error)
        failures.push(`round ${number}, ${job.what} ${job.id}, ${kills} kills: ${words}`)
      }
    }),
  )
  return { kills, held, verdicts, failures, stillMs: longestMs }
}
