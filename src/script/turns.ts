import type { EntryAsked, EntryTold } from './script-call.ts'

export interface Waiting {
  readonly asked: EntryAsked
  readonly resolve: (told: EntryTold) => void
}

/** Who runs next: organizations by turns, each with one entry at a time, in the order in which it asked for them. */
export const createTurns = () => {
  /** In the order of their turns. */
  const waiting = new Map<number, Set<Waiting>>()
  const running = new Set<number>()

  const remove = (one: Waiting): void => {
    const { organizationId } = one.asked
    const all = waiting.get(organizationId)
    all?.delete(one)
    if (all?.size === 0) waiting.delete(organizationId)
  }

  return {
    add: (one: Waiting): void => {
      const { organizationId } = one.asked
      const all = waiting.get(organizationId)
      if (all === undefined) waiting.set(organizationId, new Set([one]))
      else all.add(one)
    },
    isWaiting: (one: Waiting): boolean => waiting.get(one.asked.organizationId)?.has(one) === true,
    /** The next that may run; undefined where there is none. */
    first: (): Waiting | undefined => {
      for (const [organizationId, all] of waiting) {
        if (running.has(organizationId)) continue
        const [one] = all
        return one
      }
      return undefined
    },
    /** It runs: the others of its organization come after those of all the others. */
    enter: (one: Waiting): void => {
      const { organizationId } = one.asked
      running.add(organizationId)
      remove(one)
      const left = waiting.get(organizationId)
      if (left === undefined) return
      waiting.delete(organizationId)
      waiting.set(organizationId, left)
    },
    /** It has ended. */
    leave: ({ asked }: Waiting): void => {
      running.delete(asked.organizationId)
    },
    remove,
    /** All that waited; none of them waits any more. */
    empty: (): readonly Waiting[] => {
      const all = [...waiting.values()].flatMap((of) => [...of])
      waiting.clear()
      return all
    },
  }
}
