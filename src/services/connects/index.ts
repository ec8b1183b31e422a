// Connections through the vendor's consent page and back to this server: who asks gets the page's address, the
// person who consents comes back to one callback address, and whoever asked sees what became of it.
// The state in that address works once; no HTTP.
import { randomBytes } from 'node:crypto'
import { type Auth, type Element, hasConsent } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { hashSecret } from '#src/lib/secret.ts'
import type { SentCall } from '#src/outbound/index.ts'
import type { ConnectRow } from '#src/store/index.ts'
import type { Caller } from '../accounts/index.ts'
import { authTypeKey, loginOf } from '../catalogue/index.ts'
import { codeChallenge, mask } from '../instances/index.ts'
import { type ConnectsNeed, type Plan, sealContext } from './need.ts'
import { createReturn } from './return.ts'

export { sealContext } from './need.ts'
export type { ConsentReply, Returned } from './return.ts'

export interface ConnectInput {
  readonly elementKeyOrId: string | number
  readonly name: string
  readonly tags: readonly string[] | undefined
  /** Without a callback address: that is this server's. */
  readonly configuration: Readonly<Record<string, unknown>>
  /** The instance to connect again; absent: a new one. */
  readonly instanceId: number | undefined
  /** The browser that asks must be the one that comes back. */
  readonly bind: boolean
}

export interface StartedConnect {
  readonly id: number
  readonly oauthUrl: string
  readonly expiresAt: Date
  /** What the browser has to bring back, where it was asked to. */
  readonly binding: string | undefined
}

export interface ConnectView {
  readonly id: number
  readonly elementKey: string
  readonly state: ConnectRow['state']
  readonly instanceId?: number
  readonly error?: unknown
}

/** A person may look for a password meanwhile; a code of the vendor lives as long. */
const lifeMs = 15 * 60_000

const expired = {
  code: 'bad-request',
  message: 'Nobody came back from the consent page in time. Start again.',
} as const

const viewOf = (row: ConnectRow): ConnectView => {
  const isLate = row.state === 'waiting' && row.expiresAt.getTime() < Date.now()
  return {
    id: row.connectId,
    elementKey: row.elementKey,
    state: isLate ? 'failed' : row.state,
    ...(row.instanceId === null ? {} : { instanceId: row.instanceId }),
    ...(isLate ? { error: expired } : row.error === null ? {} : { error: row.error }),
  }
}

/**
 * By which login a person consents. An instance that is connected without one gets a person's grant beside it.
 */
const consentLogin = (element: Element, type: string | undefined, isThere: boolean): Auth => {
  const named = loginOf(element, type)
  if (named.kind !== 'oauth2-password' || !isThere) return named
  return (
    element.auth.find(({ kind, principal }) => kind === 'oauth2-code' && principal !== named.principal) ??
    named
  )
}

export type Connects = ReturnType<typeof createConnects>

export const createConnects = (need: ConnectsNeed) => {
  const { store, vault, catalogue, instances, callbackUrl } = need

  const text = (input: ConnectInput, key: string): string | undefined => {
    const value = input.configuration[key]
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
  }

  /** The configuration that the instance will have: of one that is there already, laid over it. */
  const wholeOf = async (
    caller: Caller,
    { instanceId, configuration }: ConnectInput,
  ): Promise<Readonly<Record<string, unknown>>> => {
    const sent = Object.fromEntries(Object.entries(configuration).filter(([, value]) => value !== mask))
    if (instanceId === undefined) return sent
    return { ...(await instances.wholeConfiguration(caller, instanceId)), ...sent }
  }

  /** The vendor's page brings nothing back but what the callback address holds: the state goes into it. */
  const requestToken = (
    whole: ConnectInput,
    authType: string,
    state: string,
    record: (call: SentCall) => void,
  ) => {
    const { elementKeyOrId, configuration } = whole
    return instances.requestToken(
      {
        elementKeyOrId: String(elementKeyOrId),
        apiKey: text(whole, 'oauth.api.key') ?? '',
        apiSecret: text(whole, 'oauth.api.secret') ?? '',
        callbackUrl: `${callbackUrl}?state=${state}`,
        siteAddress: text(whole, 'site.address'),
        authType,
        properties: configuration,
      },
      record,
    )
  }

  return {
    /**
     * Begins a connection. Nothing is connected until the person comes back.
     * @throws AppError `bad-request` naming the field, `not-found` for a foreign instance.
     */
    start: async (
      caller: Caller,
      input: ConnectInput,
      record: (call: SentCall) => void,
    ): Promise<StartedConnect> => {
      const element = catalogue.find(input.elementKeyOrId)
      const whole = { ...input, configuration: await wholeOf(caller, input) }
      const apiKey = text(whole, 'oauth.api.key')
      const state = randomBytes(24).toString('base64url')
      const codeVerifier = randomBytes(32).toString('base64url')
      const auth = consentLogin(element, text(whole, authTypeKey), input.instanceId !== undefined)
      if (apiKey === undefined && hasConsent(auth))
        throw new AppError('bad-request', 'configuration: missing oauth.api.key.')
      const pair = auth.kind === 'oauth1' ? await requestToken(whole, auth.type, state, record) : undefined
      const { oauthUrl } = catalogue.oauthUrl(element.key, {
        apiKey: apiKey ?? '',
        apiSecret: undefined,
        callbackUrl,
        scope: text(whole, 'oauth.scope'),
        siteAddress: text(whole, 'site.address'),
        state,
        requestToken: pair?.token,
        properties: whole.configuration,
        authType: auth.type,
        codeChallenge: codeChallenge(codeVerifier),
      })
      const { organizationId, accountId, userId } = caller
      const connectId = await store.connects.nextId()
      const plan: Plan = {
        name: input.name,
        tags: input.tags,
        configuration: input.configuration,
        codeVerifier,
        ...(pair === undefined ? {} : { tokenSecret: pair.secret }),
      }
      const binding = input.bind ? randomBytes(24).toString('base64url') : undefined
      const expiresAt = new Date(Date.now() + lifeMs)
      await store.transaction(async (inside) => {
        await inside.connects.insert({
          ...{ organizationId, connectId, accountId, userId, expiresAt },
          elementKey: element.key,
          instanceId: input.instanceId ?? null,
          sealed: vault.seal(JSON.stringify(plan), sealContext(organizationId, connectId)),
          bindingHash: binding === undefined ? null : hashSecret(binding),
        })
        await inside.directory.add('connect', hashSecret(state), organizationId, connectId, expiresAt)
      })
      return { id: connectId, oauthUrl, expiresAt, binding }
    },
    /** The person comes back. @throws AppError `bad-request` for a state that is unknown or was used. */
    returned: createReturn(need),
    /** @throws AppError `not-found`, also for another user's. */
    find: async (caller: Caller, connectId: number): Promise<ConnectView> => {
      const row = await store.connects.find(caller.organizationId, connectId)
      if (row !== undefined && row.userId === caller.userId) return viewOf(row)
      throw new AppError('not-found', `No connect found with id ${connectId}`)
    },
    /** Removes what ended long ago. */
    prune: async (): Promise<void> => {
      await store.connects.prune()
    },
  }
}
