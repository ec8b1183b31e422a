import type { Element } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { Json, JsonObject } from '#src/lib/json.ts'
import { hashSecret, newSecret } from '#src/lib/secret.ts'
import type { InstanceRow } from '#src/store/index.ts'
import type { Caller } from '../accounts/index.ts'
import { readConfiguration, splitSecrets } from './configuration.ts'
import { type Consent, grantFor, refreshTokenKey, requireKeysFor } from './connect.ts'
import { grantRow } from './grants.ts'
import { type InstancesNeed, type Record, sealContext } from './need.ts'
import { sealSecrets } from './sealed.ts'
import { cleanName, cleanTags } from './texts.ts'

export interface NewInstanceInput {
  readonly elementKeyOrId: string | number
  readonly name: string
  readonly tags: readonly string[] | undefined
  readonly configuration: Json | undefined
  readonly providerData: JsonObject | undefined
  /** `initial`: the configuration already holds a refresh token. */
  readonly externalAuthentication: string | undefined
}

export interface CreatedInstance {
  readonly row: InstanceRow
  readonly element: Element
}

const consentIn = (
  input: NewInstanceInput,
  external: boolean,
  refreshToken: string | null | undefined,
): Consent => {
  if (!external) return { providerData: input.providerData, refreshToken: undefined }
  if (refreshToken) return { providerData: undefined, refreshToken }
  throw new AppError(
    'bad-request',
    `configuration.${refreshTokenKey}: missing; externalAuthentication "initial" needs it.`,
  )
}

/**
 * Connects: checks the input, trades the code for a grant, and stores instance, grant and token in one
 * transaction. Cut off before it, nothing of ours exists, and the same request with a new code works.
 * @throws AppError `bad-request` naming the field, `provider-refused` with the vendor's words.
 */
export const createInstance =
  (need: InstancesNeed) =>
  async (caller: Caller, input: NewInstanceInput, record: Record): Promise<CreatedInstance> => {
    const element = need.catalogue.find(input.elementKeyOrId)
    const name = cleanName(input.name)
    const tags = input.tags === undefined ? [name] : cleanTags(input.tags)
    const configuration = readConfiguration(input.configuration)
    const external = input.externalAuthentication === 'initial'
    requireKeysFor(element, configuration, external)
    const { [refreshTokenKey]: refreshToken, ...rest } = configuration
    const consent = consentIn(input, external, refreshToken)
    const grant = await grantFor(need, element, configuration, consent, record)
    const { plain, secret } = splitSecrets(element, rest)
    const token = newSecret()
    const { organizationId, accountId, userId } = caller
    const row = await need.store.transaction(async (inside) => {
      const instanceId = await inside.instances.nextId()
      const address = { organizationId, instanceId }
      const made = await inside.instances.insert({
        ...address,
        accountId,
        userId,
        elementKey: element.key,
        name,
        tags,
        configuration: plain,
        secretsSealed: sealSecrets(need, address, secret),
        tokenSealed: need.vault.seal(token, sealContext('token', organizationId, instanceId)),
        externalAuthentication: external ? 'initial' : 'none',
      })
      await inside.grants.put(grantRow(need, organizationId, instanceId, 'user', grant))
      await inside.directory.add('element', hashSecret(token), organizationId, instanceId)
      return made
    })
    return { row, element }
  }
