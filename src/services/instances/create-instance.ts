import type { Element } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { Json, JsonObject } from '#src/lib/json.ts'
import { hashSecret, newSecret } from '#src/lib/secret.ts'
import type { InstanceRow, Tables } from '#src/store/index.ts'
import type { Caller } from '../accounts/index.ts'
import { noElement } from '../catalogue/index.ts'
import { hasEvents, storeEventSettings } from '../pollers/index.ts'
import { readConfiguration, splitSecrets, withDefaults } from './configuration.ts'
import { type Granted, grantFor, requireKeysFor, withoutSpent } from './connect.ts'
import { grantKey, grantRow } from './grant-record.ts'
import { type InstancesNeed, type Record, sealContext } from './need.ts'
import { sealSecrets } from './sealed.ts'
import { cleanName, cleanTags } from './texts.ts'
import { tryConnection } from './try-connection.ts'
import { type AskedConsent, type Consent, wantedGrants } from './wanted.ts'

export interface NewInstanceInput {
  readonly elementKeyOrId: string | number
  readonly name: string
  readonly tags: readonly string[] | undefined
  readonly configuration: Json | undefined
  readonly providerData: JsonObject | undefined
  /** `initial`: the configuration already holds a refresh token. */
  readonly externalAuthentication: string | undefined
  /** Of a consent that this server itself asked for. */
  readonly asked?: AskedConsent
  /** Runs in the transaction that stores the instance. */
  readonly alsoStore?: (inside: Tables, instanceId: number) => Promise<void>
}

export interface CreatedInstance {
  readonly row: InstanceRow
  readonly element: Element
}

const inactive = ({ key }: Element): AppError =>
  new AppError('conflict', `element: ${key} is not active. PUT /elements/${key}/active first.`)

/**
 * Connects: checks the input, trades what was sent for grants, and stores instance, grants and token in one
 * transaction. Cut off before it, nothing of ours exists, and the same request with a new code works.
 * @throws AppError `bad-request` naming the field, `provider-refused` with the vendor's words.
 */
export const createInstance =
  (need: InstancesNeed) =>
  async (caller: Caller, input: NewInstanceInput, record: Record): Promise<CreatedInstance> => {
    const element = await need.catalogue.find(caller, input.elementKeyOrId)
    if (element.posted?.active === false) throw inactive(element)
    const name = cleanName(input.name)
    const tags = input.tags === undefined ? [name] : cleanTags(input.tags)
    const sent = readConfiguration(input.configuration)
    const configuration = withDefaults(element, sent)
    const external = input.externalAuthentication === 'initial'
    requireKeysFor(element, configuration, external)
    const { organizationId, accountId, userId } = caller
    const consent: Consent = {
      providerData: input.providerData,
      external,
      ...(input.asked === undefined ? {} : { asked: input.asked }),
    }
    const granted: Granted[] = []
    for (const wanted of wantedGrants(need, element, configuration, consent, true))
      granted.push(await grantFor(need, organizationId, element, configuration, wanted, record))
    const found = await tryConnection(need, organizationId, element, configuration, granted, record)
    const { plain, secret } = splitSecrets(element, { ...withoutSpent(element, sent), ...found })
    const token = newSecret()
    const row = await need.store.transaction(async (inside) => {
      if (element.posted !== undefined && !(await inside.elements.hold(organizationId, element.id)))
        throw noElement(input.elementKeyOrId)
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
      for (const { auth, client, grant } of granted)
        await inside.grants.put(
          grantRow(need, grantKey(address, auth.principal), { element, auth, client }, grant),
        )
      if (hasEvents(sent)) await storeEventSettings(inside, made, element, sent)
      await input.alsoStore?.(inside, instanceId)
      await inside.directory.add('element', hashSecret(token), organizationId, instanceId)
      await inside.directory.add('instance', String(instanceId), organizationId, instanceId)
      return made
    })
    return { row, element }
  }
