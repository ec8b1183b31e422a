import { describe, expect, it } from 'vitest'
import { createUselessRenewals } from './useless-renewals.ts'

const at = () => {
  const clock = { ms: 1_000 }
  return { clock, useless: createUselessRenewals(() => clock.ms) }
}

describe('a renewal that did not help', () => {
  it('is not tried again for its target with that token, but with a later one', () => {
    const { useless } = at()
    useless.add('a', 2)
    expect(useless.mayTry('a', 2)).toBe(false)
    expect(useless.mayTry('b', 2)).toBe(true)
    expect(useless.mayTry('a', 3)).toBe(true)
  })

  it('tells nothing new about the targets that were tried before', () => {
    const { useless } = at()
    useless.add('a', 2)
    useless.add('b', 3)
    expect([useless.mayTry('a', 3), useless.mayTry('b', 3)]).toEqual([false, false])
  })

  it('is forgotten after five minutes', () => {
    const { clock, useless } = at()
    useless.add('a', 2)
    clock.ms += 299_999
    expect(useless.mayTry('a', 2)).toBe(false)
    clock.ms += 1
    expect(useless.mayTry('a', 2)).toBe(true)
  })

  it('makes the eleventh wait for ten seconds, and every later one', () => {
    const { clock, useless } = at()
    for (let count = 0; count < 10; count++) {
      expect(useless.mayTry('new', count)).toBe(true)
      useless.add(`old ${count}`, count)
    }
    expect(useless.mayTry('new', 9)).toBe(false)
    clock.ms += 10_000
    expect(useless.mayTry('new', 9)).toBe(true)
    useless.add('new', 10)
    expect(useless.mayTry('newer', 10)).toBe(false)
  })
})
