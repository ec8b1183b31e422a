import { setTimeout as sleep } from 'node:timers/promises'
import { createClockCache } from '#src/lib/clock-cache.ts'
import type { GrantKeeper } from './grants.ts'

/** Beyond so many, those that are busy no more are looked for. */
const mostBusy = 1_000
/** How often a stop looks whether the last renewals are stored. */
const lookMs = 50

/**
 * The keepers of this process, with the tokens that they hold in clear: one a grant, for two would each spend the
 * refresh token of the other. The cache drops those that are idle; one with a renewal on its way, or with one that
 * is not stored yet, stays until it is idle.
 */
export const createKeepers = (capacity: number) => {
  const cached = createClockCache<string, GrantKeeper>({ capacity })
  const busy = new Map<string, GrantKeeper>()

  const dropIdle = (): void => {
    for (const [name, keeper] of busy) if (keeper.isIdle()) busy.delete(name)
  }

  const remove = (name: string): void => {
    cached.delete(name)
    busy.delete(name)
  }

  const get = (name: string): GrantKeeper | undefined => busy.get(name) ?? cached.get(name)

  return {
    get,
    set: (name: string, keeper: GrantKeeper): void => cached.set(name, keeper),
    /** Whoever renews must not be lost. */
    noteBusy: (name: string, keeper: GrantKeeper): void => {
      if (busy.size >= mostBusy) dropIdle()
      busy.set(name, keeper)
    },
    delete: remove,
    deleteIdle: (name: string): void => {
      if (get(name)?.isIdle() === true) remove(name)
    },
    /** Waits for renewals on their way and for those that are not stored yet: what they brought may be all there is. */
    settle: async (withinMs: number): Promise<void> => {
      const until = Date.now() + withinMs
      for (dropIdle(); busy.size > 0 && Date.now() < until; dropIdle()) await sleep(lookMs)
    },
  }
}
