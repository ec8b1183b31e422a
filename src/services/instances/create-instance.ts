import type { Element, Site } from '#src/element/index.ts'
import { exchangeCode, type Grant, refreshGrant } from '#src/engine/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { stripMarkup } from '#src/lib/html.ts'
import type { Json, JsonObject } from '#src/lib/json.ts'
import { hashSecret, newSecret } from '#src/lib/secret.ts'
import type { InstanceRow } from '#src/store/index.ts'
import type { Caller } from '../accounts/index.ts'
import { oauthOf } from '../catalogue/index.ts'
import { type Configuration, readConfiguration, requireKeys, splitSecrets } from './configuration.ts'
import { grantRow } from './grants.ts'
import { type InstancesNeed, type Record, sealContext } from './need.ts'

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
  readonly token: string
  readonly secretKeys: readonly string[]
}

const refreshTokenKey = 'oauth.user.refresh_token'

const cleanName = (name: string): string => {
  const text = stripMarkup(name).trim()
  if (text !== '') return text
  throw new AppError('bad-request', 'name: an instance needs a name that is more than markup.')
}

const codeIn = (element: Element, providerData: JsonObject | undefined): string => {
  const code = providerData?.code
  if (typeof code === 'string' && code.trim() !== '') return code.trim()
  throw new AppError(
    'bad-request',
    `providerData.code: missing. Ask GET /elements/${element.key}/oauth/url for the consent page, and send the code that it brings back.`,
  )
}

/** The site of a configuration. `siteAddress`, as some clients send it, means the same as `site.address`. */
export const siteOf = (element: Element, configuration: Configuration): Site =>
  element.vendor.siteOf({
    siteAddress: configuration['site.address'] ?? configuration.siteAddress ?? undefined,
    apiKey: configuration['oauth.api.key'] ?? undefined,
  })

const firstGrant = async (
  need: InstancesNeed,
  element: Element,
  configuration: Configuration,
  input: NewInstanceInput,
  record: Record,
): Promise<Grant> => {
  const site = siteOf(element, configuration)
  const context = {
    outbound: need.outbound,
    element,
    auth: oauthOf(element),
    site,
    client: {
      apiKey: configuration['oauth.api.key'] ?? '',
      apiSecret: configuration['oauth.api.secret'] ?? '',
    },
    record,
  }
  if (input.externalAuthentication === 'initial') {
    const refreshToken = configuration[refreshTokenKey]
    if (!refreshToken) {
      throw new AppError(
        'bad-request',
        `configuration.${refreshTokenKey}: missing; externalAuthentication "initial" needs it.`,
      )
    }
    return refreshGrant(context, {
      accessToken: '',
      refreshToken,
      expiresAt: new Date(0),
      refreshExpiresAt: null,
      baseUrl: site.apiUrl,
      scopes: [],
    })
  }
  return exchangeCode(context, {
    code: codeIn(element, input.providerData),
    callbackUrl: configuration['oauth.callback.url'] ?? '',
  })
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
    const tags = input.tags === undefined ? [name] : input.tags.map(stripMarkup)
    const configuration = readConfiguration(input.configuration)
    const external = input.externalAuthentication === 'initial'
    if (external)
      requireKeys(
        { ...element, config: element.config.filter(({ key }) => key !== 'oauth.callback.url') },
        configuration,
      )
    else requireKeys(element, configuration)
    const grant = await firstGrant(need, element, configuration, input, record)
    const { [refreshTokenKey]: _kept, ...rest } = configuration
    const { plain, secret } = splitSecrets(element, rest)
    const token = newSecret()
    const { organizationId, accountId, userId } = caller
    const row = await need.store.transaction(async (inside) => {
      const instanceId = await inside.instances.nextId()
      const made = await inside.instances.insert({
        organizationId,
        instanceId,
        accountId,
        userId,
        elementKey: element.key,
        name,
        tags,
        configuration: plain,
        secretsSealed: need.vault.seal(
          JSON.stringify(secret),
          sealContext('secrets', organizationId, instanceId),
        ),
        tokenSealed: need.vault.seal(token, sealContext('token', organizationId, instanceId)),
        externalAuthentication: external ? 'initial' : 'none',
      })
      await inside.grants.insert(grantRow(need, organizationId, instanceId, 'user', grant))
      await inside.directory.add('element', hashSecret(token), organizationId, instanceId)
      return made
    })
    return { row, element, token, secretKeys: Object.keys(secret) }
  }
