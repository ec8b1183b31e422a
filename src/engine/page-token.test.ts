import { describe, expect, it } from 'vitest'
import { createVault, type EncryptionKey } from '#src/lib/secret.ts'
import { type PagePosition, parsePageToken, printPageToken } from './page-token.ts'

const position: PagePosition = {
  where: "Name = 'ä'",
  fields: '',
  orderBy: '',
  pageSize: 2,
  cursor: 'abc',
  skip: 1,
  limit: 100,
  given: { reportId: "it's" },
}
const scope = '2/7/reports'
const key = (id: string, byte: number): EncryptionKey => ({
  id,
  key: Buffer.from(Array.from({ length: 32 }, (_, at) => (at * byte) % 256)),
})
const [first, second] = [key('k1', 3), key('k2', 5)]
const keysOf = (...keys: readonly EncryptionKey[]) => createVault(keys).deriveKeys('page-token')

describe('a page token', () => {
  it('is taken by every process that has its key, in whatever order', () => {
    for (const [by, at] of [
      [keysOf(first), keysOf(first)],
      [keysOf(first), keysOf(second, first)],
      [keysOf(second, first), keysOf(first, second)],
    ] as const) {
      expect(parsePageToken(at, scope, printPageToken(by, scope, position))).toEqual(position)
    }
  })

  it('is refused without its key, for another listing, or changed by a character', () => {
    const token = printPageToken(keysOf(first), scope, position)
    expect(() => parsePageToken(keysOf(second), scope, token)).toThrow(/not a token of this listing/)
    expect(() => parsePageToken(keysOf(first), '3/7/reports', token)).toThrow(/not a token/)
    for (let at = 0; at < token.length; at++) {
      const other = token[at] === 'A' ? 'B' : 'A'
      const changed = `${token.slice(0, at)}${other}${token.slice(at + 1)}`
      expect(() => parsePageToken(keysOf(first), scope, changed), `character ${at}`).toThrow(/not a token/)
    }
    for (const odd of ['', '.', `${token}.`, `${token}=`, `${token}.x`]) {
      expect(() => parsePageToken(keysOf(first), scope, odd), odd).toThrow(/not a token/)
    }
  })
})
