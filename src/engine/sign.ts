import type { TokenIn } from '#src/element/index.ts'
import type { Access } from './connection.ts'

/** What of a request is signed; the URL is whole. */
export interface Signable {
  readonly method: string
  readonly url: string
  /** The body where it is a form (RFC 5849 3.4.1.3.1). */
  readonly form?: string | undefined
}

const prefixed = ({ prefix = '' }: TokenIn, { token = '' }: Access): string => `${prefix}${token}`

/** Puts the token where a call takes it. @returns the URL, with the token where it goes there. */
export const putToken = (
  headers: Record<string, string>,
  url: string,
  tokenIn: TokenIn,
  access: Access,
): string => {
  const { header, query } = tokenIn
  const value = prefixed(tokenIn, access)
  if (header !== undefined) headers[header.toLowerCase()] = value
  return query === undefined
    ? url
    : `${url}${url.includes('?') ? '&' : '?'}${new URLSearchParams([[query, value]]).toString()}`
}

/** All secrets of a call that is not signed as usual: no name may give them away. */
export const secretsOf = (
  secrets: readonly string[] = [],
  tokenIn: TokenIn | undefined,
  access: Access,
): readonly string[] => [
  ...secrets,
  ...(access.secrets ?? []),
  ...(tokenIn === undefined ? [] : [access.token ?? '', prefixed(tokenIn, access)]),
]
