import { setTimeout as sleep } from 'node:timers/promises'
import { ask } from '../../../support/client.ts'
import type { Random } from '../../support/random.ts'

/** A call of the vendor about one instance. */
export interface Called {
  readonly instanceId: number
  readonly number: number
  readonly objectId: string
  /** Undefined: there was no answer. */
  readonly status: number | undefined
}

const pauseMs = { least: 100, spread: 300 }
const objects = 10
/** What the vendor calls about. */
export const calledType = 'trips'

/** The vendor calls the API about one thing after the other, each once, whatever comes of it. */
export const createCaller = (port: number, instanceIds: readonly number[], random: Random) => {
  const calls: Called[] = []
  return {
    calls: calls as readonly Called[],
    run: async (signal: AbortSignal): Promise<void> => {
      while (!signal.aborted) {
        const instanceId = random.pick(instanceIds)
        const number = calls.length + 1
        const objectId = `T${random.int(objects)}`
        const events = [{ objectType: calledType, objectId, eventType: 'UPDATED' }]
        const reply = await ask(`http://127.0.0.1:${port}/elements/api-v2/events/concur/${instanceId}`, {
          body: { events, number },
        }).catch(() => undefined)
        calls.push({ instanceId, number, objectId, status: reply?.status })
        await sleep(pauseMs.least + random.int(pauseMs.spread))
      }
    },
  }
}
