import type { CallRow, NewCall } from '#src/store/index.ts'
import { type CallsNeed, sealContext } from './need.ts'

/** A body as it is sent: a text, or bytes in base64. */
export type CallBody = { readonly text: string } | { readonly base64: string }

/** What a call carries besides its path and body; sealed, for any of it may be a secret. */
export interface Carried {
  /** The query that its address came with, without the question mark. */
  readonly search: string
  readonly query: Readonly<Record<string, string | readonly string[]>>
  /** Names in lower case; none that names who calls or frames the message. */
  readonly headers: Readonly<Record<string, string>>
  /** Where its result goes; null for jobs. */
  readonly callback: Callback | null
}

/** Where the result of an asynchronous call goes. */
export interface Callback {
  readonly url: string
  /** It is the one of the instance's configuration. */
  readonly isOfInstance: boolean
}

type Sealed = Pick<NewCall, 'requestSealed' | 'bodySealed'>

export const sealCarried = (
  { vault }: Pick<CallsNeed, 'vault'>,
  { organizationId, callId }: Pick<CallRow, 'organizationId' | 'callId'>,
  carried: Carried,
  body: CallBody | null,
): Sealed => ({
  requestSealed: vault.seal(JSON.stringify(carried), sealContext('request', organizationId, callId)),
  bodySealed:
    body === null ? null : vault.seal(JSON.stringify(body), sealContext('body', organizationId, callId)),
})

/** @throws AppError `key-missing`, SealedDataError. */
export const openCarried = (
  { vault }: Pick<CallsNeed, 'vault'>,
  { organizationId, callId, requestSealed }: CallRow,
): Carried => {
  if (requestSealed === null) throw new Error(`call ${callId} was told already`)
  return JSON.parse(vault.open(requestSealed, sealContext('request', organizationId, callId))) as Carried
}

/** @throws AppError `key-missing`, SealedDataError. */
export const openBody = (
  { vault }: Pick<CallsNeed, 'vault'>,
  { organizationId, callId, bodySealed }: CallRow,
): CallBody | null =>
  bodySealed === null
    ? null
    : (JSON.parse(vault.open(bodySealed, sealContext('body', organizationId, callId))) as CallBody)

/** The query as the call sends it: that of its address first. */
export const queryText = ({ search, query }: Pick<Carried, 'search' | 'query'>): string => {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    [value].flat().map((one): [string, string] => [name, one]),
  )
  const more = new URLSearchParams(pairs).toString()
  return [search, more].filter((part) => part !== '').join('&')
}
