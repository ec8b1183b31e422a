/** A bounded cache. Keys are compared as a Map compares them; a value of undefined cannot be told from none. */
export interface ClockCache<K, V> {
  /** The value, undefined when there is none or its time is over. */
  get(key: K): V | undefined
  /** @param ttlMs how long this entry stays, instead of the cache's own time. */
  set(key: K, value: V, ttlMs?: number): void
  /** Whether there was such an entry. */
  delete(key: K): boolean
  clear(): void
  /** How many entries went. Entries whose time is over are offered too. */
  deleteWhere(predicate: (key: K, value: V) => boolean): number
  /** Entries held, also those whose time is over but whose place was not needed yet. */
  readonly size: number
}

export interface ClockCacheOptions {
  /** The most entries, at least 1. */
  readonly capacity: number
  /** How long an entry stays; for ever when absent. */
  readonly ttlMs?: number
  /** Milliseconds of any steady clock. */
  readonly now?: () => number
}

/**
 * Second-chance eviction: a hit only sets a bit, and a hand that goes round takes the first entry whose bit
 * is not set. A Map that is kept in order of use (delete and set on each hit) degrades a thousandfold on one
 * hot key, because each delete leaves a dead entry in the key's chain.
 * @throws RangeError when the capacity is no whole number from 1.
 */
export const createClockCache = <K, V>(options: ClockCacheOptions): ClockCache<K, V> => {
  const { capacity, ttlMs: usualTtlMs = Number.POSITIVE_INFINITY, now = () => performance.now() } = options
  if (!Number.isSafeInteger(capacity) || capacity < 1)
    throw new RangeError('capacity must be a whole number from 1.')
  const places = new Map<K, number>()
  const keys: (K | undefined)[] = []
  const values: (V | undefined)[] = []
  const endsAt: number[] = []
  const used: boolean[] = []
  const free: number[] = []
  let hand = 0

  const isOver = (place: number): boolean => {
    const end = endsAt[place] ?? 0
    return end !== Number.POSITIVE_INFINITY && end <= now()
  }

  const empty = (key: K, place: number): void => {
    places.delete(key)
    keys[place] = undefined
    values[place] = undefined
    used[place] = false
    free.push(place)
  }

  /** Ends within two rounds: the first clears every bit. */
  const evict = (): void => {
    for (;;) {
      const place = hand
      hand = (hand + 1) % capacity
      if (used[place] === true && !isOver(place)) {
        used[place] = false
        continue
      }
      // All places are taken when this runs, so the key is one that was set.
      empty(keys[place] as K, place)
      return
    }
  }

  const newPlace = (): number => {
    if (places.size >= capacity) evict()
    return free.pop() ?? keys.length
  }

  return {
    get: (key) => {
      const place = places.get(key)
      if (place === undefined) return undefined
      if (isOver(place)) {
        empty(key, place)
        return undefined
      }
      used[place] = true
      return values[place]
    },
    set: (key, value, ttlMs = usualTtlMs) => {
      const known = places.get(key)
      const place = known ?? newPlace()
      if (known === undefined) {
        places.set(key, place)
        keys[place] = key
        used[place] = false
      } else used[place] = true
      values[place] = value
      endsAt[place] = ttlMs === Number.POSITIVE_INFINITY ? ttlMs : now() + ttlMs
    },
    delete: (key) => {
      const place = places.get(key)
      if (place === undefined) return false
      empty(key, place)
      return true
    },
    clear: () => {
      places.clear()
      for (const list of [keys, values, endsAt, used, free]) list.length = 0
      hand = 0
    },
    deleteWhere: (predicate) => {
      let gone = 0
      for (const [key, place] of places) {
        if (!predicate(key, values[place] as V)) continue
        empty(key, place)
        gone += 1
      }
      return gone
    },
    get size() {
      return places.size
    },
  }
}
