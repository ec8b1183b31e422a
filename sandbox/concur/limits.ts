/** Published limits of single services: so many calls in a window, per caller. In memory only. */
export interface Limits {
  /** Counts a call; false when the window is full. Times in ms. */
  take(key: string, most: number, windowMs: number, now: number): boolean
}

export const createLimits = (): Limits => {
  const calls = new Map<string, number[]>()
  return {
    take: (key, most, windowMs, now) => {
      const recent = (calls.get(key) ?? []).filter((at) => at > now - windowMs && at <= now)
      const free = recent.length < most
      if (free) recent.push(now)
      calls.set(key, recent)
      return free
    },
  }
}
