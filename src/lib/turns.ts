/** What waits for a turn. */
export interface Waiter {
  /** Those of one group have part of the turns alone, and groups that wait take theirs one after another. */
  readonly group: string
  /** Called once, when its turn has come. */
  begin(): void
}

/** A line in which some have their turn at a time. */
export interface Turns {
  /** Begins it, at once when there is a turn to have. */
  take(waiter: Waiter): void
  /** Its turn, which had begun, is over. */
  end(waiter: Waiter): void
  /** Takes it out of the line. @returns whether it was there: one that has begun is not. */
  leave(waiter: Waiter): boolean
}

export interface TurnsOptions {
  /** How many have their turn at a time. */
  readonly atOnce: number
  /** How many of one group; all when absent. */
  readonly perGroup?: number
}

/** Opens an empty line. First come, first served within a group. */
export const createTurns = ({ atOnce, perGroup = atOnce }: TurnsOptions): Turns => {
  /** The group that had its turn last stands last. */
  const lines = new Map<string, Set<Waiter>>()
  const begun = new Map<string, number>()
  let all = 0
  let calling = false

  const count = (group: string, more: 1 | -1): void => {
    all += more
    const number = (begun.get(group) ?? 0) + more
    if (number === 0) begun.delete(group)
    else begun.set(group, number)
  }

  const leave = (waiter: Waiter): boolean => {
    const line = lines.get(waiter.group)
    if (line === undefined || !line.delete(waiter)) return false
    if (line.size === 0) lines.delete(waiter.group)
    return true
  }

  const next = (): Waiter | undefined => {
    if (all >= atOnce) return undefined
    for (const [group, line] of lines) {
      if ((begun.get(group) ?? 0) >= perGroup) continue
      const [first] = line
      lines.delete(group)
      lines.set(group, line)
      return first
    }
    return undefined
  }

  const call = (): void => {
    // One that is over before `begin` returns would otherwise call the next from inside, and that one the next.
    if (calling) return
    calling = true
    for (let one = next(); one !== undefined; one = next()) {
      leave(one)
      count(one.group, 1)
      one.begin()
    }
    calling = false
  }

  return {
    leave,
    take: (waiter) => {
      const line = lines.get(waiter.group)
      if (line === undefined) lines.set(waiter.group, new Set([waiter]))
      else line.add(waiter)
      call()
    },
    end: ({ group }) => {
      count(group, -1)
      call()
    },
  }
}
