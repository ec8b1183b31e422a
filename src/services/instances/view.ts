import type { Element } from '#src/element/index.ts'
import type { InstanceRow, UserRow } from '#src/store/index.ts'
import type { Catalogue } from '../catalogue/index.ts'
import { hasEvents } from '../pollers/index.ts'
import type { AuthenticationView } from './authentication-view.ts'
import { type Configuration, shownConfiguration } from './configuration.ts'

export interface InstanceParts {
  readonly row: InstanceRow
  readonly element: Element
  readonly token: string
  /** Whole, secrets in clear. */
  readonly configuration: Configuration
  readonly user: UserRow | undefined
  readonly authentication: readonly AuthenticationView[]
}

/** An instance as the API shows it (spec/contract.md 2.2, response; spec/behaviour.md 2). */
export const instanceView = (catalogue: Catalogue, parts: InstanceParts) => {
  const { row, element, token, user, authentication } = parts
  const configuration = shownConfiguration(element, parts.configuration)
  return {
    id: row.instanceId,
    name: row.name,
    createdDate: row.createdAt.toISOString(),
    updatedDate: row.updatedAt.toISOString(),
    token,
    elementId: element.id,
    element: catalogue.summary(element),
    tags: [...row.tags],
    provisionInteractions: [],
    valid: authentication.length > 0 && authentication.every(({ state }) => state !== 'needs-reconnect'),
    authentication,
    disabled: row.disabled,
    maxCacheSize: 0,
    cacheTimeToLive: 0,
    configuration,
    eventsEnabled: hasEvents(parts.configuration),
    traceLoggingEnabled: row.traceUntil !== null && row.traceUntil.getTime() > Date.now(),
    cachingEnabled: false,
    externalAuthentication: row.externalAuthentication,
    user: {
      id: row.userId,
      emailAddress: user?.email ?? '',
      firstName: user?.firstName ?? '',
      lastName: user?.lastName ?? '',
    },
  }
}

export type InstanceView = ReturnType<typeof instanceView>

/** What a listing with `hydrate=false` shows (spec/behaviour.md 2). */
export const lightView = ({ row, element, token }: Pick<InstanceParts, 'row' | 'element' | 'token'>) => ({
  id: row.instanceId,
  name: row.name,
  createdDate: row.createdAt.toISOString(),
  token,
  element: { id: element.id, key: element.key },
  tags: [...row.tags],
})

export type LightInstanceView = ReturnType<typeof lightView>
