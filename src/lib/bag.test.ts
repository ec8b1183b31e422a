import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createBag, type Slot } from './bag.ts'

describe('a bag', () => {
  it('holds what a set would, however things come and go', () => {
    const step = fc.oneof(fc.constant('add' as const), fc.nat({ max: 50 }))
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const bag = createBag<number>()
        const set = new Set<number>()
        const slots: Slot<number>[] = []
        for (const [item, what] of steps.entries()) {
          if (what === 'add') {
            slots.push(bag.add(item))
            set.add(item)
            continue
          }
          const slot = slots[what]
          if (slot === undefined) continue
          bag.remove(slot)
          set.delete(slot.item)
        }
        expect(bag.size).toBe(set.size)
        expect(
          bag
            .slots()
            .map(({ item }) => item)
            .sort((one, two) => one - two),
        ).toEqual([...set])
      }),
    )
  })

  it('may lose things while they are looked at', () => {
    const bag = createBag<string>()
    const slots = ['a', 'b', 'c'].map((item) => bag.add(item))
    const seen: string[] = []
    for (const { item } of bag.slots()) {
      seen.push(item)
      for (const slot of slots) bag.remove(slot)
    }
    expect(seen).toEqual(['a', 'b', 'c'])
    expect(bag.size).toBe(0)
  })
})
