import { describe, expect, it } from 'vitest'
import { hashPassword, verifyNothing, verifyPassword } from './password.ts'

describe('passwords', () => {
  it('are hashed with argon2id at the chosen cost, salted', async () => {
    const [one, two] = await Promise.all([hashPassword('correct horse'), hashPassword('correct horse')])
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(one).not.toBe(two)
  })

  it('fit their own hash only', async () => {
    const hashed = await hashPassword('correct horse')
    expect(await verifyPassword(hashed, 'correct horse')).toBe(true)
    expect(await verifyPassword(hashed, 'Correct horse')).toBe(false)
    expect(await verifyPassword(hashed, '')).toBe(false)
  })

  it('fit no malformed hash', async () => {
    for (const hashed of ['', 'x', '$argon2id$v=19$m=19456,t=2,p=1$$', '$2b$10$abcdefghijklmnopqrstuv']) {
      expect(await verifyPassword(hashed, 'x')).toBe(false)
    }
  })

  it('of nobody are never right', async () => {
    expect(await verifyNothing('anything')).toBe(false)
  })
  it('are hashed and checked four at a time, also after a failure, and the others in turn', async () => {
    const ends: ((failed: boolean) => void)[] = []
    const work =
      <T>(good: T) =>
      (): Promise<T> =>
        new Promise((resolve, reject) => {
          ends.push((failed) => (failed ? reject(new Error('no hash')) : resolve(good)))
        })
    const asked = Array.from({ length: 3 }, () => [
      hashPassword('a', work('hashed')),
      verifyPassword('hashed', 'a', work(true)),
    ]).flat()
    expect(ends).toHaveLength(4)
    ends[3]?.(true)
    expect(await asked[3]).toBe(false)
    expect(ends).toHaveLength(5)
    ends[0]?.(false)
    expect(await asked[0]).toBe('hashed')
    expect(ends).toHaveLength(6)
    for (const end of ends) end(false)
    expect(await Promise.all(asked)).toEqual(['hashed', true, 'hashed', false, 'hashed', true])
  })
})
