import { createClockCache } from '#src/lib/clock-cache.ts'
import type { Json } from '#src/lib/json.ts'

/** Keeps what was asked of a vendor for a while, in this process; what is forgotten is asked for again. */
export const createMemory = () => {
  const kept = createClockCache<string, { readonly value: Json }>({ capacity: 50_000 })
  return {
    /** What was kept under the key, else what `ask` gives. */
    remember: async <Value extends Json>(
      key: string,
      seconds: number,
      ask: () => Promise<Value>,
    ): Promise<Value> => {
      const known = kept.get(key)
      if (known !== undefined) return known.value as Value
      const value = await ask()
      kept.set(key, { value }, seconds * 1000)
      return value
    },
  }
}

export type Memory = ReturnType<typeof createMemory>
