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
})
