import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createClockCache } from './clock-cache.ts'

describe('a clock cache', () => {
  it('keeps what was read of late when it must evict', () => {
    const cache = createClockCache<string, number>({ capacity: 3 })
    for (const [at, key] of ['a', 'b', 'c'].entries()) cache.set(key, at)
    cache.get('a')
    cache.set('d', 3)
    expect(cache.get('a')).toBe(0)
    expect(cache.get('b')).toBeUndefined()
    expect([cache.get('c'), cache.get('d')]).toEqual([2, 3])
  })

  it('keeps a hot entry through any number of strangers', () => {
    const cache = createClockCache<number, string>({ capacity: 8 })
    cache.set(-1, 'hot')
    for (let key = 0; key < 10_000; key++) {
      expect(cache.get(-1)).toBe('hot')
      cache.set(key, 'cold')
    }
    expect(cache.size).toBe(8)
  })

  it('forgets an entry when its time is over, its own before the common one', () => {
    let now = 0
    const cache = createClockCache<string, number>({ capacity: 4, ttlMs: 100, now: () => now })
    cache.set('usual', 1)
    cache.set('short', 2, 10)
    cache.set('ever', 3, Number.POSITIVE_INFINITY)
    now = 10
    expect([cache.get('usual'), cache.get('short'), cache.get('ever')]).toEqual([1, undefined, 3])
    now = 100
    expect([cache.get('usual'), cache.get('ever')]).toEqual([undefined, 3])
    cache.set('usual', 4)
    now = 199
    expect(cache.get('usual')).toBe(4)
  })

  it('evicts an entry whose time is over before a good one', () => {
    let now = 0
    const cache = createClockCache<string, number>({ capacity: 2, now: () => now })
    cache.set('over', 1, 5)
    cache.set('good', 2)
    cache.get('over')
    now = 5
    cache.set('new', 3)
    expect([cache.get('good'), cache.get('new')]).toEqual([2, 3])
  })

  it('holds null and false, deletes by key and by predicate, and clears', () => {
    const cache = createClockCache<string, null | boolean>({ capacity: 4 })
    cache.set('a', null)
    cache.set('b', false)
    cache.set('c', true)
    expect([cache.get('a'), cache.get('b')]).toEqual([null, false])
    expect([cache.delete('a'), cache.delete('a')]).toEqual([true, false])
    expect(cache.deleteWhere((key, value) => key === 'b' || value === true)).toBe(2)
    expect(cache.size).toBe(0)
    cache.set('d', true)
    cache.clear()
    expect([cache.get('d'), cache.size]).toEqual([undefined, 0])
    cache.set('e', true)
    expect(cache.get('e')).toBe(true)
  })

  it.each([0, -1, 1.5, Number.NaN])('refuses a capacity of %s', (capacity) => {
    expect(() => createClockCache({ capacity })).toThrow(RangeError)
  })

  interface World {
    now: number
    version: number
    readonly capacity: number
    readonly cache: ReturnType<typeof createClockCache<number, number>>
    readonly model: Map<number, { readonly value: number; readonly endsAt: number }>
  }

  const key = fc.integer({ min: 0, max: 6 })
  const ttl = fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined })
  const steps = fc.oneof(
    fc.tuple(key, ttl).map(([at, ttlMs]) => (world: World) => {
      world.version += 1
      world.cache.set(at, world.version, ttlMs)
      world.model.set(at, { value: world.version, endsAt: world.now + (ttlMs ?? 12) })
      if (ttlMs !== 0) expect(world.cache.get(at)).toBe(world.version)
    }),
    key.map((at) => ({ now, model, cache, capacity }: World) => {
      const held = model.get(at)
      const right = held !== undefined && held.endsAt > now ? held.value : undefined
      const got = cache.get(at)
      // Eviction may lose an entry, but only when not all seven keys fit.
      expect([right, capacity < 7 ? undefined : right]).toContain(got)
    }),
    key.map((at) => ({ cache, model }: World) => {
      cache.delete(at)
      model.delete(at)
    }),
    key.map((from) => ({ cache, model }: World) => {
      cache.deleteWhere((held) => held >= from)
      for (const held of model.keys()) if (held >= from) model.delete(held)
    }),
    fc.integer({ min: 1, max: 6 }).map((ms) => (world: World) => {
      world.now += ms
    }),
    fc.constant(({ cache, model }: World) => {
      cache.clear()
      model.clear()
    }),
  )

  it('never gives a wrong or stale value, nor holds more than its capacity', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.array(steps, { maxLength: 80 }), (capacity, run) => {
        const world: World = {
          now: 0,
          version: 0,
          capacity,
          cache: createClockCache({ capacity, ttlMs: 12, now: () => world.now }),
          model: new Map(),
        }
        for (const step of run) {
          step(world)
          expect(world.cache.size).toBeLessThanOrEqual(capacity)
        }
      }),
      { numRuns: 2000 },
    )
  })
})
