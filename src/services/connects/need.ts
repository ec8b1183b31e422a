import type { Vault } from '#src/lib/secret.ts'
import type { Store } from '#src/store/index.ts'
import type { Catalogue } from '../catalogue/index.ts'
import type { Instances } from '../instances/index.ts'

export interface ConnectsNeed {
  readonly store: Pick<Store, 'connects' | 'directory' | 'transaction'>
  readonly vault: Vault
  readonly catalogue: Catalogue
  readonly instances: Pick<Instances, 'create' | 'change' | 'wholeConfiguration' | 'requestToken'>
  /** Where vendors send people back to: an address of this server. */
  readonly callbackUrl: string
}

/** What the connection will be made of. */
export interface Plan {
  readonly name: string
  readonly tags: readonly string[] | undefined
  readonly configuration: Readonly<Record<string, unknown>>
  readonly codeVerifier: string
  /** Of the request token, where the consent is one of OAuth 1.0. */
  readonly tokenSecret?: string
}

/** What binds a sealed plan to its row. */
export const sealContext = (organizationId: number, connectId: number): string =>
  `connect/${organizationId}/${connectId}`
