import { AppError } from '#src/lib/errors.ts'
import type { Json, JsonObject } from '#src/lib/json.ts'
import { hashSecret } from '#src/lib/secret.ts'
import type { SentCall } from '#src/outbound/index.ts'
import type { ConnectRow, Tables } from '#src/store/index.ts'
import { type ConnectsNeed, type Plan, sealContext } from './need.ts'

/** What the vendor sent the person back with. */
export interface ConsentReply {
  readonly state: string | undefined
  readonly code: string | undefined
  /** Of OAuth 1.0: the request token and the proof that a person agreed to it (RFC 5849 2.2). */
  readonly token: string | undefined
  readonly verifier: string | undefined
  /** The vendor's words when the person did not consent. */
  readonly refusal: string | undefined
  /** What the browser brought back. */
  readonly binding: string | undefined
}

export interface Returned {
  readonly id: number
}

const wrongState = (): AppError =>
  new AppError(
    'bad-request',
    'state: unknown, older than 15 minutes, or used already. Start the connection again.',
  )

const told = (error: unknown): object => {
  if (error instanceof AppError) return { code: error.code, message: error.message, ...error.details }
  return { code: 'internal', message: 'The server failed; its log tells more.' }
}

const providerDataOf = (
  { code = '', token = '', verifier = '' }: ConsentReply,
  { tokenSecret }: Plan,
): JsonObject =>
  tokenSecret === undefined ? { code } : { oauth_token: token, oauth_verifier: verifier, secret: tokenSecret }

/**
 * Ends a connection when its person comes back. The state is spent before anything else, so of two requests with
 * it one goes on. Whatever fails after is kept with the connection, where whoever began it reads it.
 */
export const createReturn = (need: ConnectsNeed) => {
  const { store, vault, instances, callbackUrl } = need

  /** Spends the state. @throws AppError `bad-request`. */
  const take = async ({ state = '', binding }: ConsentReply): Promise<ConnectRow> => {
    const key = hashSecret(state)
    const row = await store.transaction(async (inside) => {
      const found = await inside.directory.find('connect', key)
      const connect =
        found === undefined ? undefined : await inside.connects.find(found.organizationId, found.subjectId)
      if (connect === undefined || connect.state !== 'waiting') return undefined
      if (connect.bindingHash !== null && connect.bindingHash !== hashSecret(binding ?? '')) return undefined
      const spent = await inside.directory.take('connect', key)
      return spent ? connect : undefined
    })
    if (row === undefined) throw wrongState()
    return row
  }

  /** Instance and end of the connection are stored together. */
  const finish = async (
    row: ConnectRow,
    reply: ConsentReply,
    record: (call: SentCall) => void,
  ): Promise<void> => {
    const { organizationId, accountId, userId, connectId, instanceId, sealed } = row
    const caller = { organizationId, accountId, userId }
    const plan = JSON.parse(
      vault.open(sealed ?? Buffer.alloc(0), sealContext(organizationId, connectId)),
    ) as Plan
    const shared = {
      providerData: providerDataOf(reply, plan),
      asked: { codeVerifier: plan.codeVerifier, callbackUrl },
      alsoStore: async (inside: Tables, madeId: number): Promise<void> => {
        await inside.connects.end(organizationId, connectId, { instanceId: madeId })
      },
    }
    if (instanceId !== null) {
      // The instance keeps its own callback address, by which its other clients go on to connect it.
      const configuration = plan.configuration as Json
      const input = { ...shared, configuration, deep: false }
      await instances.change(caller, instanceId, input, record)
      return
    }
    await instances.create(
      caller,
      {
        ...shared,
        configuration: { ...plan.configuration, 'oauth.callback.url': callbackUrl } as Json,
        elementKeyOrId: row.elementKey,
        name: plan.name,
        tags: plan.tags,
        externalAuthentication: undefined,
      },
      record,
    )
  }

  return async (reply: ConsentReply, record: (call: SentCall) => void): Promise<Returned> => {
    const row = await take(reply)
    const { organizationId, connectId } = row
    try {
      if (reply.code === undefined && reply.verifier === undefined) {
        const words = reply.refusal ?? 'no code came back'
        throw new AppError('provider-refused', `The consent was not given: ${words}. Start again.`, {
          hop: 'provider',
          providerMessage: words,
        })
      }
      await finish(row, reply, record)
    } catch (error) {
      await store.connects.end(organizationId, connectId, { error: told(error) })
      if (!(error instanceof AppError)) throw error
    }
    return { id: connectId }
  }
}
