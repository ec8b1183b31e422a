import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { credentialsOf, programEnvironment, removeData } from '../support/program.ts'
import { residentMb } from '../support/resident.ts'
import { median } from './measure.ts'

/** What `npm start` costs. Seconds from the start of the process to the first answered hub call. */
export interface StartUp {
  /** On an empty data folder: makes the database, the administrator and the connection. */
  readonly firstSeconds: number
  /** Median of the later starts. */
  readonly secondSeconds: number
  readonly secondRuns: number
  /** Resident memory of the API process, MB, five seconds after a second start. */
  readonly idleMb: number
}

const root = join(import.meta.dirname, '..', '..', '..')
const secondRuns = 3
const startWithinMs = 60_000
const idleAfterMs = 5_000

/** Whether the instance of `credentials.sh` answers a hub call. */
const answers = async (environment: Readonly<Record<string, string>>): Promise<boolean> => {
  const known = await credentialsOf(environment).catch((): Record<string, string> => ({}))
  if (known['AMALGAM_ELEMENT'] === undefined) return false
  const url = `http://127.0.0.1:${environment['PORT']}/elements/api-v2/hubs/expense/reports?pageSize=1`
  try {
    const reply = await fetch(url, {
      headers: { authorization: `User ${known['AMALGAM_USER']}, Element ${known['AMALGAM_ELEMENT']}` },
    })
    return reply.status === 200 && Array.isArray(await reply.json())
  } catch {
    return false
  }
}

/** One start as `npm start` does it, and its end. */
const startOnce = async (
  environment: Readonly<Record<string, string>>,
  idle: boolean,
): Promise<{ readonly seconds: number; readonly idleMb: number }> => {
  const began = performance.now()
  const child = spawn('sh', [join(root, 'scripts', 'amalgam.sh')], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...environment },
    cwd: environment['DATA_DIR'],
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const closed = once(child, 'close')
  try {
    while (!(await answers(environment))) {
      if (child.exitCode !== null || performance.now() - began > startWithinMs) {
        throw new Error('the product did not start')
      }
      await sleep(10)
    }
    const seconds = (performance.now() - began) / 1000
    if (idle) await sleep(idleAfterMs)
    return { seconds, idleMb: residentMb(child.pid ?? 0) }
  } finally {
    child.kill('SIGTERM')
    await closed
  }
}

/** Starts the product on an empty data folder, and again on what that left. */
export const measureStartUp = async (): Promise<StartUp> => {
  const environment = await programEnvironment()
  try {
    const first = await startOnce(environment, false)
    const seconds: number[] = []
    let idleMb = Number.NaN
    for (let run = 1; run <= secondRuns; run += 1) {
      const later = await startOnce(environment, run === secondRuns)
      seconds.push(later.seconds)
      idleMb = later.idleMb
    }
    return { firstSeconds: first.seconds, secondSeconds: median(seconds), secondRuns, idleMb }
  } finally {
    await removeData(environment)
  }
}
