import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  type KeyObject,
  sign,
} from 'node:crypto'
import { promisify } from 'node:util'
import type { Operation } from '../operation.ts'
import type { State } from '../state.ts'

/** Writes claims as a signed JWT. */
export type Sign = (claims: object) => string

/** The signing key, made while the server already answers and kept in the state, so that it survives a restart. */
export interface Keys {
  signer(): Promise<Sign>
  publicKey(): Promise<object>
}

const makeKeyPair = promisify(generateKeyPair)

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

const publicPartOf = (key: KeyObject) => {
  const { kty, n, e } = createPublicKey(key).export({ format: 'jwk' })
  const kid = createHash('sha256')
    .update(`${String(e)}.${String(n)}`)
    .digest('base64url')
    .slice(0, 16)
  return { kty, n, e, kid, use: 'sig', alg: 'RS256' }
}

interface Signer {
  readonly publicPart: object
  readonly write: Sign
}

export const createKeys = (state: State): Keys => {
  const load = async (): Promise<Signer> => {
    const key = await loadKey()
    const publicPart = publicPartOf(key)
    const head = part({ alg: 'RS256', typ: 'JWT', kid: publicPart.kid })
    return {
      publicPart,
      write: (claims) => {
        const text = `${head}.${part(claims)}`
        return `${text}.${sign('RSA-SHA256', Buffer.from(text), key).toString('base64url')}`
      },
    }
  }
  const loadKey = async (): Promise<KeyObject> => {
    const stored = state.memory.keyPem
    if (stored !== null) return createPrivateKey(stored)
    const { privateKey } = await makeKeyPair('rsa', { modulusLength: 2048 })
    state.record({ kind: 'key', pem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() })
    return privateKey
  }
  let loaded: Promise<Signer> | undefined
  const signer = (): Promise<Signer> => {
    loaded ??= load()
    return loaded
  }
  return {
    signer: async () => (await signer()).write,
    publicKey: async () => (await signer()).publicPart,
  }
}

/** Follows: developer.concur.com, Authentication, JSON Web Key Set. Verified: 2026-08 */
export const keyOperation: Operation = {
  name: 'oauth.jwks',
  follows: 'Authentication, Getting started',
  method: 'GET',
  path: '/oauth2/v0/jwks',
  family: 'oauth',
  access: 'open',
  run: async (sandbox) => ({ status: 200, body: { keys: [await sandbox.keys.publicKey()] } }),
}
