import { createHmac, randomBytes } from 'node:crypto'
import type { Oauth1 } from '#src/element/index.ts'
import type { Signable } from './sign.ts'

/** RFC 5849 3.6: all but unreserved characters, in capital letters. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)

type Parameters = readonly (readonly [name: string, value: string])[]

const compare = (one: string, two: string): number => (one < two ? -1 : one > two ? 1 : 0)

/** RFC 5849 3.4.1.3.2. */
const normalized = (parameters: Parameters): string =>
  parameters
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([name, value], [other, another]) => compare(name, other) || compare(value, another))
    .map((pair) => pair.join('='))
    .join('&')

/**
 * The text that is signed (RFC 5849 3.4.1.1).
 * @param oauth the protocol's own parameters, without the signature.
 * @internal
 */
export const baseString = ({ method, url, form }: Signable, oauth: Parameters): string => {
  const { protocol, host, pathname, searchParams } = new URL(url)
  const all = [...searchParams, ...oauth, ...new URLSearchParams(form ?? '')]
  return [method.toUpperCase(), `${protocol}//${host}${pathname}`, normalized(all)].map(encode).join('&')
}

/** What signs a call. */
export interface Oauth1Keys {
  readonly signature: Oauth1['signature']
  readonly consumerKey: string
  readonly consumerSecret: string
  /** Absent: there is none yet. */
  readonly token?: string | undefined
  readonly tokenSecret?: string | undefined
}

/** What is never the same twice (RFC 5849 3.3). */
export interface Moment {
  readonly timestamp: string
  readonly nonce: string
}

const now = (): Moment => ({
  timestamp: String(Math.floor(Date.now() / 1000)),
  nonce: randomBytes(16).toString('hex'),
})

const signed = (keys: Oauth1Keys, call: Signable, oauth: Parameters): string => {
  const key = `${encode(keys.consumerSecret)}&${encode(keys.tokenSecret ?? '')}`
  if (keys.signature === 'PLAINTEXT') return key
  return createHmac('sha1', key).update(baseString(call, oauth)).digest('base64')
}

/**
 * The value of the Authorization header of one call (RFC 5849 3.5.1).
 * @param more the protocol's parameters of this call alone, such as `oauth_callback`.
 */
export const oauth1Header = (
  keys: Oauth1Keys,
  call: Signable,
  more: Readonly<Record<string, string>> = {},
  { timestamp, nonce }: Moment = now(),
): string => {
  const oauth: Parameters = [
    ['oauth_consumer_key', keys.consumerKey],
    ...(keys.token === undefined ? [] : [['oauth_token', keys.token] as const]),
    ['oauth_signature_method', keys.signature],
    ['oauth_timestamp', timestamp],
    ['oauth_nonce', nonce],
    ...Object.entries(more),
  ]
  const all: Parameters = [...oauth, ['oauth_signature', signed(keys, call, oauth)]]
  return `OAuth ${all.map(([name, value]) => `${encode(name)}="${encode(value)}"`).join(', ')}`
}
