import { createCipheriv, createDecipheriv, hash, hkdfSync, randomBytes } from 'node:crypto'
import { AppError } from './errors.ts'

/** A root key, as the operator gave it. */
export interface EncryptionKey {
  readonly id: string
  /** 32 bytes. */
  readonly key: Buffer
}

/** Seals texts for storage and opens them again. */
export interface Vault {
  /** The key that seals. */
  readonly currentKeyId: string
  readonly keyIds: readonly string[]
  /** @param context what the text belongs to, such as tenant and row; it opens nowhere else. */
  seal(plain: string, context: string): Buffer
  /** @throws AppError `key-missing` naming the key, SealedDataError. */
  open(sealed: Uint8Array, context: string): string
  /** The id of the root key that is needed. @throws SealedDataError when these are no sealed data. */
  keyIdOf(sealed: Uint8Array): string
  /**
   * 32 bytes for one other purpose, derived from each root key (RFC 5869). Sign with the first and accept
   * all: what was signed before a new key came, or by a process with another order of keys, stays good.
   */
  deriveKeys(purpose: string): readonly [Buffer, ...Buffer[]]
  /**
   * As `deriveKeys`, of the key whose id sorts first alone: where only one can be tried. It is the same in every
   * order of the keys, and changes only when that key goes, or one comes whose id sorts before it.
   */
  deriveSteadyKey(purpose: string): Buffer
}

/** The data are damaged, belong to another row, or were sealed with another key of the same id. @public */
export class SealedDataError extends Error {
  override readonly name = 'SealedDataError'
}

const keyBytes = 32
// NIST SP 800-38D, 5.2.1.1 and 5.2.1.2: a nonce of 96 bits, never used twice with a key; a tag of 128 bits.
const nonceBytes = 12
const tagBytes = 16
const wrappedBytes = nonceBytes + keyBytes + tagBytes
const version = 1
const cipher = 'aes-256-gcm'

const parseKey = (item: string, place: string): EncryptionKey => {
  const colon = item.indexOf(':')
  if (colon < 0) throw new Error(`${place} has no colon: write id:key, such as k1:<base64 of 32 bytes>.`)
  const id = item.slice(0, colon).trim()
  const text = item.slice(colon + 1).trim()
  if (!/^[A-Za-z0-9_-]{1,32}$/.test(id)) {
    throw new Error(`${place}: the id before the colon must be 1 to 32 letters, digits, - or _.`)
  }
  const key = Buffer.from(text, 'base64')
  // Buffer skips what is no base64, so only a key that reads back as it was written is one.
  if (key.toString('base64') !== text)
    throw new Error(`${place}: the key after the colon is no padded base64.`)
  if (key.length !== keyBytes)
    throw new Error(`${place}: the key has ${key.length} bytes, and must have ${keyBytes}.`)
  if (key.every((byte) => byte === key[0]))
    throw new Error(`${place}: the key is one byte repeated; make a random one.`)
  return { id, key }
}

/**
 * Reads `id:base64 of 32 bytes`, several separated by commas. The first encrypts, all decrypt.
 * @throws Error that says which item is wrong and how, without a piece of it.
 */
export const parseEncryptionKeys = (text: string): readonly EncryptionKey[] => {
  if (text.trim() === '') throw new Error('no key given: write id:key, such as k1:<base64 of 32 bytes>.')
  const keys = text.split(',').map((item, at) => parseKey(item.trim(), `key ${at + 1}`))
  const ids = new Set(keys.map(({ id }) => id))
  if (ids.size < keys.length) throw new Error('two keys have the same id: give each its own.')
  return keys
}

const encrypt = (key: Uint8Array, plain: Uint8Array, bound: Uint8Array): Buffer => {
  const nonce = randomBytes(nonceBytes)
  const work = createCipheriv(cipher, key, nonce, { authTagLength: tagBytes }).setAAD(bound)
  return Buffer.concat([nonce, work.update(plain), work.final(), work.getAuthTag()])
}

const decrypt = (key: Uint8Array, box: Buffer, bound: Uint8Array): Buffer => {
  const end = box.length - tagBytes
  const work = createDecipheriv(cipher, key, box.subarray(0, nonceBytes), { authTagLength: tagBytes })
  work.setAAD(bound).setAuthTag(box.subarray(end))
  return Buffer.concat([work.update(box.subarray(nonceBytes, end)), work.final()])
}

/** The parts of sealed data: version (1 byte), length of the key id (1), key id, wrapped data key, text. */
const split = (sealed: Uint8Array) => {
  const all = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength)
  const headBytes = 2 + (all[1] ?? 0)
  if (all[0] !== version || all.length < headBytes + wrappedBytes + nonceBytes + tagBytes) {
    throw new SealedDataError('These are no sealed data, or they are cut off.')
  }
  const body = all.subarray(headBytes)
  return {
    head: all.subarray(0, headBytes),
    keyId: all.toString('latin1', 2, headBytes),
    wrapped: body.subarray(0, wrappedBytes),
    box: body.subarray(wrappedBytes),
  }
}

const derive = ({ key }: EncryptionKey, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), purpose, keyBytes))

const bind = (head: Uint8Array, context: string): Buffer =>
  Buffer.concat([head, Buffer.from(context, 'utf8')])

const missingKey = (keyId: string): AppError =>
  new AppError(
    'key-missing',
    `What is asked for was sealed with the encryption key '${keyId}', which this process does not have. Nothing is lost: whoever runs Amalgam adds the key to ENCRYPTION_KEYS (or to encryption.key in the data folder) and restarts this process.`,
    { hop: 'amalgam', retryable: true },
  )

/**
 * AES-256-GCM in an envelope: each text has a data key of its own, which the root key wraps. Both are bound
 * to version, key id and context.
 * @param keys from `parseEncryptionKeys`; the first seals.
 * @throws Error when there is none.
 */
export const createVault = (keys: readonly EncryptionKey[]): Vault => {
  const [current, ...others] = keys
  if (current === undefined) throw new Error('A vault needs at least one key.')
  const steady = others.reduce((least, one) => (one.id < least.id ? one : least), current)
  const byId = new Map(keys.map(({ id, key }) => [id, key]))
  const head = Buffer.concat([Buffer.from([version, current.id.length]), Buffer.from(current.id, 'latin1')])

  return {
    currentKeyId: current.id,
    keyIds: [...byId.keys()],
    seal: (plain, context) => {
      const bound = bind(head, context)
      const dataKey = randomBytes(keyBytes)
      const box = encrypt(dataKey, Buffer.from(plain, 'utf8'), bound)
      return Buffer.concat([head, encrypt(current.key, dataKey, bound), box])
    },
    open: (sealed, context) => {
      const parts = split(sealed)
      const root = byId.get(parts.keyId)
      if (root === undefined) throw missingKey(parts.keyId)
      const bound = bind(parts.head, context)
      try {
        return decrypt(decrypt(root, parts.wrapped, bound), parts.box, bound).toString('utf8')
      } catch (cause) {
        throw new SealedDataError(
          `Sealed data do not open with key '${parts.keyId}': the key differs, or the data are damaged or of another row.`,
          { cause },
        )
      }
    },
    keyIdOf: (sealed) => split(sealed).keyId,
    deriveSteadyKey: (purpose) => derive(steady, purpose),
    deriveKeys: (purpose) => [derive(current, purpose), ...others.map((one) => derive(one, purpose))],
  }
}

/** 256 random bits in standard base64: 44 characters. */
export const newSecret = (): string => randomBytes(32).toString('base64')

/** SHA-256 in hex, to look a random secret up by. Not for passwords: people choose those. */
export const hashSecret = (secret: string): string => hash('sha256', secret, 'hex')
