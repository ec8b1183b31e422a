import { isJsonObject, type Json } from './json.ts'
import { isSecretName } from './mask.ts'

/** The values of secret names, of a form or a query. */
export const secretsInPairs = (pairs: Iterable<readonly [string, string]>): readonly string[] =>
  [...pairs].filter(([name]) => isSecretName(name)).map(([, value]) => value)

const inCookie = (value: string): readonly string[] =>
  value.split(';').map((pair) => pair.slice(pair.indexOf('=') + 1).trim())

const inBasic = (credentials: string): readonly string[] => {
  const pair = Buffer.from(credentials, 'base64').toString('utf8')
  return [pair, pair.slice(pair.indexOf(':') + 1)]
}

/** Pairs of scheme and secret, one or several; a value without a scheme is one as a whole. */
const inAuthorization = (value: string): readonly string[] => {
  const pairs = [...value.matchAll(/([A-Za-z]+)[ \t]+([^\s,]+)/g)]
  if (pairs.length === 0) return [value]
  return pairs.flatMap(([, scheme = '', secret = '']) =>
    scheme.toLowerCase() === 'basic' ? [secret, ...inBasic(secret)] : [secret],
  )
}

/** What the headers carry that nobody else should read: credentials of any scheme, cookies, keys, tokens. */
export const secretsInHeaders = (
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): readonly string[] =>
  Object.entries(headers)
    .filter(([name]) => isSecretName(name))
    .flatMap(([name, value = []]) =>
      [value].flat().flatMap((one) => (/cookie/i.test(name) ? inCookie(one) : inAuthorization(one))),
    )

/** In JSON a `code` is that of a country or a currency; authorization codes are sent in forms. */
const isPlainCode = (name: string): boolean => /^code$/i.test(name)

/** The texts under secret names, at any depth. */
export const secretsInJson = (value: Json | undefined): readonly string[] => {
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap(secretsInJson)
  if (!isJsonObject(value)) return []
  return Object.entries(value).flatMap(([name, child]) => {
    if (typeof child !== 'string') return secretsInJson(child)
    return isSecretName(name) && !isPlainCode(name) ? [child] : []
  })
}
