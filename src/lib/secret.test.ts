import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AppError } from './errors.ts'
import { createVault, hashSecret, newSecret, parseEncryptionKeys, SealedDataError } from './secret.ts'

const keyText = (): string => randomBytes(32).toString('base64')
const vaultOf = (...ids: readonly string[]) => createVault(ids.map((id) => ({ id, key: randomBytes(32) })))

describe('parseEncryptionKeys', () => {
  it('reads several keys in order', () => {
    const [one, two] = [keyText(), keyText()]
    const keys = parseEncryptionKeys(` new:${one} , old_1-x:${two}`)
    expect(keys.map(({ id }) => id)).toEqual(['new', 'old_1-x'])
    expect(keys.map(({ key }) => key.toString('base64'))).toEqual([one, two])
  })

  const good = keyText()
  it.each([
    ['', /no key/],
    [good, /key 1 has no colon/],
    [`:${good}`, /key 1: the id/],
    [`a b:${good}`, /key 1: the id/],
    [`${'x'.repeat(33)}:${good}`, /key 1: the id/],
    [`a:${good},b:${randomBytes(31).toString('base64')}`, /key 2: the key has 31 bytes/],
    [`a:${randomBytes(33).toString('base64')}`, /has 33 bytes/],
    [`a:${good.slice(0, -1)}`, /no padded base64/],
    [`a:${good.slice(0, 20)}!${good.slice(20)}`, /no padded base64/],
    [`a:${good},a:${keyText()}`, /same id/],
    [`a:${good},`, /key 2 has no colon/],
    [`a:${Buffer.alloc(32).toString('base64')}`, /one byte repeated/],
  ])('refuses wrong text number %#, without showing it', (text, message) => {
    const parse = (): unknown => parseEncryptionKeys(text)
    expect(parse).toThrow(message)
    expect(parse).not.toThrow(good.slice(0, 8))
  })
})

describe('a vault', () => {
  it('opens what it sealed, for any text and context', () => {
    const vault = vaultOf('k1')
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (text, context) => {
        expect(vault.open(vault.seal(text, context), context)).toBe(text)
      }),
    )
  })

  it('opens nothing under another context', () => {
    const vault = vaultOf('k1')
    const sealed = vault.seal('token', 'grant/1/2')
    expect(() => vault.open(sealed, 'grant/1/3')).toThrow(SealedDataError)
    expect(() => vault.open(sealed, '')).toThrow(SealedDataError)
  })

  it('notices any changed or missing byte', () => {
    const vault = vaultOf('k1')
    const sealed = vault.seal('token', 'row')
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed)
      changed[at] = (changed[at] ?? 0) ^ 1
      expect(() => vault.open(changed, 'row'), `byte ${at}`).toThrow(/Sealed|sealed/)
      expect(() => vault.open(sealed.subarray(0, at), 'row'), `${at} bytes`).toThrow(/Sealed|sealed/)
    }
    expect(() => vault.open(Buffer.concat([sealed, Buffer.from([0])]), 'row')).toThrow(SealedDataError)
  })

  it('seals with the first key and opens with all', () => {
    const old = { id: 'old', key: randomBytes(32) }
    const sealed = createVault([old]).seal('token', 'row')
    const vault = createVault([{ id: 'new', key: randomBytes(32) }, old])
    expect(vault.currentKeyId).toBe('new')
    expect(vault.keyIds).toEqual(['new', 'old'])
    expect(vault.keyIdOf(sealed)).toBe('old')
    expect(vault.open(sealed, 'row')).toBe('token')
    expect(vault.keyIdOf(vault.seal('token', 'row'))).toBe('new')
  })

  it('names the key that is missing', () => {
    const sealed = vaultOf('lost').seal('token', 'row')
    const open = (): string => vaultOf('k1').open(sealed, 'row')
    expect(open).toThrow(AppError)
    expect(open).toThrow(expect.objectContaining({ code: 'key-missing' }))
    expect(open).toThrow(/'lost'.*ENCRYPTION_KEYS/)
  })

  it('derives a key from each, and a steady one that no order changes', () => {
    const [k1, k2] = ['k1', 'k2'].map((id) => ({ id, key: randomBytes(32) }))
    if (k1 === undefined || k2 === undefined) throw new Error('no keys')
    const [first, second] = createVault([k2, k1]).deriveKeys('a')
    expect(createVault([k1, k2]).deriveKeys('a')).toEqual([second, first])
    expect(createVault([k1, k2]).deriveKeys('b')).not.toContainEqual(first)
    for (const keys of [[k1], [k1, k2], [k2, k1]])
      expect(createVault(keys).deriveSteadyKey('a')).toEqual(second)
    expect(first).toHaveLength(32)
  })

  it('refuses another key of the same id', () => {
    const sealed = vaultOf('k1').seal('token', 'row')
    expect(() => vaultOf('k1').open(sealed, 'row')).toThrow(SealedDataError)
  })

  it('never seals one text the same way twice, and shows nothing of it', () => {
    const vault = vaultOf('k1')
    const all = Array.from({ length: 200 }, () => vault.seal('a secret word', 'row'))
    expect(new Set(all.map((sealed) => sealed.subarray(4, 16).toString('hex'))).size).toBe(200)
    expect(new Set(all.map((sealed) => sealed.toString('hex'))).size).toBe(200)
    expect(all.some((sealed) => sealed.includes('secret'))).toBe(false)
  })

  it('reads bytes that stand inside a larger buffer', () => {
    const vault = vaultOf('k1')
    const sealed = vault.seal('token', 'row')
    const large = new Uint8Array(sealed.length + 7)
    large.set(sealed, 5)
    expect(vault.open(large.subarray(5, 5 + sealed.length), 'row')).toBe('token')
  })

  it('says that foreign bytes are no sealed data', () => {
    for (const bytes of [new Uint8Array(), Buffer.from('plain text'), Buffer.alloc(500, 2)]) {
      expect(() => vaultOf('k1').keyIdOf(bytes)).toThrow(SealedDataError)
    }
  })

  it('needs a key', () => {
    expect(() => createVault([])).toThrow(/at least one key/)
  })
})

describe('secrets', () => {
  it('are 44 characters of base64 for 32 bytes, and never the same', () => {
    const secrets = Array.from({ length: 100 }, newSecret)
    expect(secrets.every((secret) => /^[A-Za-z0-9+/]{43}=$/.test(secret))).toBe(true)
    expect(new Set(secrets).size).toBe(100)
  })

  it('are hashed with SHA-256, in hex', () => {
    // NIST's example for the message "abc".
    expect(hashSecret('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  })
})
