import { setTimeout as sleep } from 'node:timers/promises'
import { type Installation, type Part, quietPort, type Running } from '../../support/installation.ts'
import type { OwnDatabase, StopMode } from '../../support/own-server.ts'
import type { Random } from '../../support/random.ts'
import type { Books } from './books.ts'
import type { Watch } from './watch.ts'

/** The API takes in what vendors call about; workers poll and deliver. */
const parts: readonly Part[] = ['serve', 'work', 'work', 'work']
/** From one kill to the next; the killed process needs about the half of the mean to be there again. */
const gapMs = { least: 150, spread: 4_500 }
const afterFailedStartMs = 200
const killsPerRestart = 50

interface Seat {
  readonly part: Part
  readonly port: number
  running: Running
  ready: boolean
}

/** What was done to the processes and the database, and what it met. */
export interface Damage {
  kills: number
  ofServe: number
  /** Kills of a process that was not there yet. */
  whileStarting: number
  /** Kills that cut off a poll, or a delivery, and how many of each they cut off. */
  pollKills: number
  deliveryKills: number
  polls: number
  deliveries: number
  /** Starts that ended because the database was away. */
  failedStarts: number
  readonly restarts: { readonly mode: StopMode; readonly ms: number }[]
  readonly failures: string[]
}

export interface CrewNeeds {
  readonly installation: Pick<Installation, 'launch'>
  readonly server: OwnDatabase
  readonly books: Books
  readonly watch: Pick<Watch, 'ownersOf'>
}

export type Crew = Awaited<ReturnType<typeof startCrew>>

/** One API process and three workers, each started again as soon as it is killed. */
export const startCrew = async ({ installation, server, books, watch }: CrewNeeds) => {
  const damage: Damage = {
    ...{ kills: 0, ofServe: 0, whileStarting: 0, pollKills: 0, deliveryKills: 0, polls: 0, deliveries: 0 },
    ...{ failedStarts: 0, restarts: [], failures: [] },
  }
  const killed = new Set<Running>()
  let ending = false

  const start = (seat: Omit<Seat, 'running' | 'ready'>): Pick<Seat, 'running' | 'ready'> => {
    const running = installation.launch(seat.part, seat.port)
    return { running, ready: false }
  }

  const follow = (seat: Seat): void => {
    const { running } = seat
    const beganAway = server.isAway()
    running.ready.then(
      () => {
        if (seat.running === running) seat.ready = true
      },
      () => undefined,
    )
    void running.ended.then(async ({ code, signal, stderr }) => {
      if (killed.has(running) || ending) return
      if (!seat.ready && (beganAway || server.isAway())) damage.failedStarts += 1
      else damage.failures.push(`${seat.part} ended unasked with ${code ?? signal}: ${stderr.slice(0, 500)}`)
      await sleep(afterFailedStartMs)
      if (seat.running === running) replace(seat)
    })
  }

  const replace = (seat: Seat): void => {
    if (ending) return
    Object.assign(seat, start(seat))
    follow(seat)
  }

  const seats: Seat[] = []
  for (const part of parts) {
    const place = { part, port: await quietPort() }
    const seat = { ...place, ...start(place) }
    seats.push(seat)
    follow(seat)
  }

  const kill = async (seat: Seat): Promise<void> => {
    if (ending) return
    const { running, ready } = seat
    const numbers = watch.ownersOf(running.application)
    killed.add(running)
    const dead = running.end()
    const held = books.heldBy(numbers).catch(() => ({ pollers: 0, deliveries: 0 }))
    await dead
    replace(seat)
    const { pollers, deliveries } = await held
    damage.kills += 1
    damage.ofServe += seat.part === 'serve' ? 1 : 0
    damage.whileStarting += ready ? 0 : 1
    damage.pollKills += pollers > 0 ? 1 : 0
    damage.deliveryKills += deliveries > 0 ? 1 : 0
    damage.polls += pollers
    damage.deliveries += deliveries
  }

  const untilReady = async (): Promise<void> => {
    for (const giveUpAt = Date.now() + 60_000; seats.some(({ ready }) => !ready); await sleep(50))
      if (Date.now() > giveUpAt) throw new Error(`no process is there: ${damage.failures.join('; ')}`)
  }

  /** However slow starts are here, the product is away for no longer than one takes. */
  const untilWorked = async (): Promise<void> => {
    while (!ending && !seats.some(({ part, ready }) => part === 'work' && ready)) await sleep(50)
  }

  await untilReady()
  return {
    damage,
    /** Of the API process; the same however often it is started. */
    port: seats[0]?.port ?? 0,
    untilReady,
    /** So many kills, and a restart of the database in the middle of each fifty. */
    run: async (kills: number, random: Random): Promise<void> => {
      const restarts = Math.max(1, Math.round(kills / killsPerRestart))
      const restartAt = new Map<number, StopMode>(
        Array.from({ length: restarts }, (_none, at): [number, StopMode] => [
          Math.floor(((at + 0.5) * kills) / restarts),
          at % 2 === 0 ? 'immediate' : 'fast',
        ]),
      )
      const stops: Promise<unknown>[] = []
      for (let number = 0; number < kills && !ending; number += 1) {
        await sleep(gapMs.least + random.int(gapMs.spread))
        await untilWorked()
        const mode = restartAt.get(number)
        if (mode !== undefined) {
          // Kills go on meanwhile.
          const stop = server.restart(mode).then((ms) => damage.restarts.push({ mode, ms }))
          stop.catch((error: unknown) => damage.failures.push(String(error)))
          stops.push(stop)
          await sleep(random.int(1_000))
        }
        await kill(random.pick(seats))
      }
      await Promise.all(stops)
      await untilReady()
    },
    /** Nobody is killed or started any more. */
    leaveAlone: (): void => {
      ending = true
    },
    /** Ends all as Ctrl-C does. @throws Error when one does not end well. */
    stop: async (): Promise<void> => {
      ending = true
      await Promise.all(seats.map(({ running }) => running.stop()))
    },
  }
}
