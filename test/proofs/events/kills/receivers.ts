import { setTimeout as sleep } from 'node:timers/promises'
import { type Received, type Receiver, startReceiver } from '../../../support/receiver.ts'
import { checkSignature } from '../../../support/signature.ts'
import { quietPort } from '../../support/installation.ts'
import type { Random } from '../../support/random.ts'

/** A delivery that came. */
export interface Arrived {
  readonly call: Received
  /** Whether it is answered by 200; the sender may not live to hear it. */
  readonly taken: boolean
}

type Mood = 'well' | 'slow' | 'failing' | 'down'

const troubles = ['slow', 'failing', 'down'] as const
const wellMs = { least: 3_000, spread: 6_000 }
const troubleMs = { least: 500, spread: 2_000 }

/** A receiver that is slow, answers 500 or refuses connections at times, and keeps whatever comes to it. */
const openReceiver = async (key: string, random: Random) => {
  const port = await quietPort()
  const arrived: Arrived[] = []
  const badlySigned: string[] = []
  const spells = { slow: 0, failing: 0, down: 0 }
  let mood: Mood = 'well'
  let server: Receiver

  const listen = async (): Promise<void> => {
    server = await startReceiver(port)
    server.answer((call) => {
      try {
        checkSignature(call, key)
      } catch (error) {
        badlySigned.push(`${String(call.headers['webhook-id'])}: ${String(error)}`)
      }
      const taken = mood !== 'failing'
      arrived.push({ call, taken })
      if (!taken) return { status: 500 }
      return { status: 200, afterMs: mood === 'slow' ? 200 + random.int(1_500) : random.int(60) }
    })
  }
  await listen()

  return {
    url: `http://127.0.0.1:${port}`,
    arrived,
    badlySigned,
    spells,
    /** In trouble now and then, until told to stop; then it is well. */
    run: async (signal: AbortSignal): Promise<void> => {
      const pause = (ms: number) => sleep(ms, undefined, { signal }).catch(() => undefined)
      while (!signal.aborted) {
        await pause(wellMs.least + random.int(wellMs.spread))
        if (signal.aborted) break
        const trouble = random.pick(troubles)
        mood = trouble
        spells[trouble] += 1
        if (mood === 'down') await server.close()
        await pause(troubleMs.least + random.int(troubleMs.spread))
        if (mood === 'down') await listen()
        mood = 'well'
      }
    },
    close: () => server.close(),
  }
}

export type KeptReceiver = Awaited<ReturnType<typeof openReceiver>>

/** So many of them. @param key by which deliveries are signed. */
export const openReceivers = (count: number, key: string, randomOfOne: (number: number) => Random) =>
  Promise.all(Array.from({ length: count }, (_none, at) => openReceiver(key, randomOfOne(at))))
