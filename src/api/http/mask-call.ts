import { maskSecrets, maskShapes } from '#src/lib/mask.ts'
import { secretsInHeaders, secretsInJson, secretsInPairs } from '#src/lib/secrets-in.ts'
import type { Call } from './answer.ts'

export type Mask = (text: string) => string

/** Replaces by `***` the secrets that a call carries, and what has the form of one: errors repeat what was sent. */
export const maskOfCall = ({ incoming, query, received }: Call<unknown>): Mask => {
  const secrets = [
    ...secretsInHeaders(incoming.headers),
    ...secretsInPairs(new URLSearchParams(query)),
    ...secretsInJson(received.body),
  ]
  return (text) => maskSecrets(maskShapes(text), secrets)
}
