import { createHash, createHmac } from 'node:crypto'
import type { InstancesNeed } from './need.ts'

/** What a consent page was asked with, as far as it comes back with the code. */
export interface ConsentOf {
  readonly organizationId: number
  readonly elementKey: string
  readonly apiKey: string
  readonly callbackUrl: string
}

/**
 * The code verifier (RFC 7636 4.1) of consents for one application of one organization. Clients of the old
 * contract bring back a code and nothing else, at any process, so the verifier is derived and not stored: a code
 * that was caught on its way is of no use to another organization, or to anybody who has the client's secret but
 * not this server's key. Of several keys it takes the steady one: a vendor takes a code only once, with the one
 * verifier of the consent, whichever process asked for it.
 */
export const codeVerifier = ({ vault }: Pick<InstancesNeed, 'vault'>, of: ConsentOf): string =>
  createHmac('sha256', vault.deriveSteadyKey('code-verifier'))
    .update(JSON.stringify([of.organizationId, of.elementKey, of.apiKey, of.callbackUrl]))
    .digest('base64url')

/** RFC 7636 4.2, S256. */
export const codeChallenge = (verifier: string): string =>
  createHash('sha256').update(verifier).digest('base64url')
