import type { InstanceRow } from '#src/store/index.ts'
import type { Configuration } from './configuration.ts'
import { type InstancesNeed, sealContext } from './need.ts'

type Address = Pick<InstanceRow, 'organizationId' | 'instanceId'>

/** The sealed values of an instance's configuration, in clear. */
export const openSecrets = (
  { vault }: InstancesNeed,
  row: Address & Pick<InstanceRow, 'secretsSealed'>,
): Configuration => {
  if (row.secretsSealed === null) return {}
  const context = sealContext('secrets', row.organizationId, row.instanceId)
  return JSON.parse(vault.open(row.secretsSealed, context)) as Configuration
}

/** All values of an instance's configuration, in clear: not for readers of the API as it is. */
export const wholeConfiguration = (
  need: InstancesNeed,
  row: Address & Pick<InstanceRow, 'secretsSealed' | 'configuration'>,
): Configuration => ({ ...row.configuration, ...openSecrets(need, row) })

export const sealSecrets = (
  { vault }: InstancesNeed,
  { organizationId, instanceId }: Address,
  secret: Configuration,
): Buffer => vault.seal(JSON.stringify(secret), sealContext('secrets', organizationId, instanceId))

/** The Element token, for its owner's eyes. */
export const openToken = (
  { vault }: InstancesNeed,
  { organizationId, instanceId, tokenSealed }: Address & Pick<InstanceRow, 'tokenSealed'>,
): string => vault.open(tokenSealed, sealContext('token', organizationId, instanceId))
