import { randomUUID } from 'node:crypto'
import type { Element, Principal } from '#src/element/index.ts'
import { accessBy, type Connection, remedyOf, type TokenSource } from '#src/engine/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { createStop } from '#src/lib/stop-signal.ts'
import { type Configuration, readableBy, splitSecrets } from './configuration.ts'
import type { Granted } from './connect.ts'
import type { InstancesNeed, Record } from './need.ts'
import { authOf, configuredIn, siteOf } from './site-of.ts'

/** Somebody waits for it. */
const longestMs = 30_000

/** A login that the vendor refuses is no matter of an instance that would have to be connected again. */
const told = (element: Element, error: unknown): unknown => {
  if (!(error instanceof AppError) || error.code !== 'needs-reconnect') return error
  const { providerMessage } = error.details
  const words = providerMessage === undefined ? '' : `: ${providerMessage}`
  return new AppError(
    'provider-refused',
    `configuration: ${element.title} refuses this login${words}. Nothing was stored; mend it and send it again.`,
    error.details,
    { cause: error },
  )
}

/**
 * Tries a connection before it is stored, where its element can (`Element.verify`): nothing of what is granted has to
 * be taken back where it does not work.
 * @returns what it found that is to be kept in the configuration.
 * @throws AppError as the vendor's refusal means.
 */
export const tryConnection = async (
  need: InstancesNeed,
  organizationId: number,
  element: Element,
  configuration: Configuration,
  granted: readonly Granted[],
  record: Record,
): Promise<Configuration> => {
  if (element.verify === undefined) return {}
  const site = siteOf(element, configuration)
  const configured = configuredIn(configuration)
  const main = authOf(element, configuration)
  const [{ auth, client, grant } = { auth: main, client: undefined, grant: undefined }] = granted.filter(
    (one) => one.auth.type === main.type,
  )
  if (grant === undefined || client === undefined) return {}
  const tokens: TokenSource = {
    current: () => accessBy({ auth, site, client, configured }, grant, { version: 1, isAsked: true }),
    renew: () => Promise.resolve(null),
    uselessFor: () => undefined,
    remedy: () => remedyOf(auth),
  }
  const { plain } = splitSecrets(element, configuration)
  const { readable, secrets } = readableBy(element, plain, configuration, site.apiUrl)
  const { signal } = createStop()
  const connection: Connection = {
    element,
    site,
    organizationId,
    instanceId: 0,
    scope: `${organizationId}/trial-${randomUUID()}`,
    tokensOf: () => tokens,
    principalOf: (): Principal => auth.principal,
    scopesOf: () => grant.scopes,
    subjectOf: () => grant.subject ?? undefined,
    configured: (key) => readable[key],
    configuration: () => readable,
    secrets,
    ownersOf: () => 'all',
    notes: { sent: record, planned: () => undefined, narrowed: () => undefined },
    signal,
    deadlineMs: Date.now() + longestMs,
  }
  return need.verify(connection).catch((error: unknown) => {
    throw told(element, error)
  })
}
