import type { ElementConfigJson, ElementJson } from '#src/contract/index.ts'
import type { Vault } from '#src/lib/secret.ts'
import type { ElementRow } from '#src/store/index.ts'

/** Reads of a secret default show this; sent back, it means "unchanged". */
const mask = '********'

const secretName =
  /(?:^|[._-])(?:secret|password|passwd|pwd|passphrase)$|^oauth\.(?:user\.token|user\.refresh_token|basic\.header)/i

/** Whether a default opens something: it lies sealed, and nobody reads it back. */
const isSecretConfig = ({ type, key }: Pick<ElementConfigJson, 'type' | 'key'>): boolean =>
  type?.toUpperCase() === 'PASSWORD' || secretName.test(key)

/** What binds the sealed defaults of an element to its row. */
export const elementContext = (organizationId: number, elementId: number): string =>
  `element/${organizationId}/${elementId}/secrets`

type Secrets = Readonly<Record<string, string>>

type Sealed = Pick<ElementRow, 'organizationId' | 'elementId' | 'secretsSealed'>

const openSecrets = (vault: Vault, { organizationId, elementId, secretsSealed }: Sealed): Secrets =>
  secretsSealed === null
    ? {}
    : (JSON.parse(vault.open(secretsSealed, elementContext(organizationId, elementId))) as Secrets)

const withConfiguration = (
  document: ElementJson,
  change: (config: ElementConfigJson) => ElementConfigJson,
): ElementJson =>
  document.configuration ? { ...document, configuration: document.configuration.map(change) } : document

/** A row's document with its secret defaults in clear: for whatever runs it, never for a reply. */
export const openDocument = (vault: Vault, row: Sealed & Pick<ElementRow, 'document'>): ElementJson => {
  const document = row.document as ElementJson
  if (row.secretsSealed === null) return document
  const secrets = openSecrets(vault, row)
  return withConfiguration(document, (config) =>
    Object.hasOwn(secrets, config.key) && isSecretConfig(config)
      ? { ...config, defaultValue: secrets[config.key] ?? '' }
      : config,
  )
}

/**
 * A document as its row holds it: secret defaults apart and sealed, a mask in their place. A mask that comes leaves what
 * is stored; where nothing is, it is no value.
 * @param before the row as it is; its sealed column null for a new one.
 */
export const sealDocument = (
  vault: Vault,
  before: Sealed,
  document: ElementJson,
): { readonly document: ElementJson; readonly secretsSealed: Buffer | null } => {
  const known = openSecrets(vault, before)
  const secrets: Record<string, string> = {}
  const masked = withConfiguration(document, (config) => {
    if (!isSecretConfig(config)) return config
    const sent = String(config.defaultValue ?? '')
    const value = sent === mask ? (Object.hasOwn(known, config.key) ? known[config.key] : '') : sent
    if (!value) return { ...config, defaultValue: '' }
    secrets[config.key] = value
    return { ...config, defaultValue: mask }
  })
  const { organizationId, elementId } = before
  const isEmpty = Object.keys(secrets).length === 0
  return {
    document: masked,
    secretsSealed: isEmpty
      ? null
      : vault.seal(JSON.stringify(secrets), elementContext(organizationId, elementId)),
  }
}
