/** One key and who waits for its value. */
interface Wait<K, V> {
  readonly key: K
  readonly resolve: (value: V | undefined) => void
  readonly reject: (error: unknown) => void
}

/**
 * Loads many values by one call: keys asked for within one turn of the event loop go together.
 * @param load gives the values that there are, by the name of their key.
 */
export const createBatchLoad = <K, V>(
  nameOf: (key: K) => string,
  load: (keys: readonly K[]) => Promise<ReadonlyMap<string, V>>,
) => {
  let waiting: Wait<K, V>[] = []

  const run = async (some: readonly Wait<K, V>[]): Promise<void> => {
    try {
      const unique = new Map(some.map(({ key }) => [nameOf(key), key]))
      const found = await load([...unique.values()])
      for (const { key, resolve } of some) resolve(found.get(nameOf(key)))
    } catch (error) {
      for (const { reject } of some) reject(error)
    }
  }

  /** @returns undefined where there is none. */
  return (key: K): Promise<V | undefined> =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0)
        setImmediate(() => {
          const some = waiting
          waiting = []
          void run(some)
        })
      waiting.push({ key, resolve, reject })
    })
}
