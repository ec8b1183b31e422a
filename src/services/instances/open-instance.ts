import type { Element, Site } from '#src/element/index.ts'
import { createClockCache } from '#src/lib/clock-cache.ts'
import { AppError } from '#src/lib/errors.ts'
import { hashSecret } from '#src/lib/secret.ts'
import type { Tables } from '#src/store/index.ts'
import type { Caller } from '../accounts/index.ts'
import type { Configuration } from './configuration.ts'
import { siteOf } from './connect.ts'
import { createGrantKeeper, type GrantKeeper, openGrant } from './grants.ts'
import { type InstancesRoom, instanceChanged, instanceChannel } from './need.ts'
import { openSecrets } from './sealed.ts'

/** A connection, ready for calls. */
export interface OpenInstance {
  readonly organizationId: number
  readonly instanceId: number
  readonly element: Element
  readonly site: Site
  /** Values that are no secret. */
  readonly configuration: Configuration
  readonly disabled: boolean
  readonly keeper: GrantKeeper
}

const openForMs = 300_000
const unknownForMs = 2_000

/** What an Element token that leads nowhere is answered with. */
export const unknownToken = (): AppError =>
  new AppError('bad-credentials', 'Authorization: the Element token is unknown, or its instance was deleted.')

export type Opener = ReturnType<typeof createOpener>

/** Opens instances by their token and keeps them open: a warm hub call reads no row. */
export const createOpener = (need: InstancesRoom) => {
  const opened = createClockCache<string, OpenInstance | null>({ capacity: 20_000 })
  const opening = new Map<string, Promise<OpenInstance | null>>()
  /** Grows with every change, so that what was read before one is not kept after it. */
  let changes = 0

  const load = async (hash: string): Promise<OpenInstance | null> => {
    const found = await need.store.directory.find('element', hash)
    if (found === undefined) return null
    const { organizationId, subjectId: instanceId } = found
    const row = await need.store.instances.find(organizationId, instanceId)
    const [grant] = await need.store.grants.ofInstance(organizationId, instanceId)
    if (row === undefined || grant === undefined) return null
    const element = need.catalogue.find(row.elementKey)
    const secret = openSecrets(need, row)
    const site = siteOf(element, { ...row.configuration, ...secret })
    const client = { apiKey: secret['oauth.api.key'] ?? '', apiSecret: secret['oauth.api.secret'] ?? '' }
    const keeper = createGrantKeeper(
      need,
      { organizationId, instanceId, element, site, client },
      grant.principal,
      openGrant(need, grant),
    )
    return {
      organizationId,
      instanceId,
      element,
      site,
      configuration: row.configuration,
      disabled: row.disabled,
      keeper,
    }
  }

  const loadOnce = (hash: string): Promise<OpenInstance | null> => {
    const running = opening.get(hash)
    if (running !== undefined) return running
    const changesBefore = changes
    const mine = load(hash)
      .then((instance) => {
        if (changes === changesBefore)
          opened.set(hash, instance, instance === null ? unknownForMs : openForMs)
        return instance
      })
      .finally(() => opening.delete(hash))
    opening.set(hash, mine)
    return mine
  }

  const forget = (instanceId: number): void => {
    changes += 1
    opened.deleteWhere((_hash, instance) => instance === null || instance.instanceId === instanceId)
  }

  return {
    /**
     * The connection of an Element token. A disabled one opens only with `allowDisabled`, for calls that
     * ask the vendor nothing.
     * @throws AppError `bad-credentials` when it is unknown or another organization's,
     * `instance-disabled`.
     */
    open: async (
      token: string,
      caller: Caller,
      options: { readonly allowDisabled?: boolean } = {},
    ): Promise<OpenInstance> => {
      const hash = hashSecret(token)
      const cached = opened.get(hash)
      const instance = cached === undefined ? await loadOnce(hash) : cached
      if (instance === null || instance.organizationId !== caller.organizationId) throw unknownToken()
      if (instance.disabled && options.allowDisabled !== true) {
        throw new AppError(
          'instance-disabled',
          `Instance ${instance.instanceId} is disabled. Enable it with PUT /instances/${instance.instanceId}/enabled.`,
        )
      }
      return instance
    },
    forget,
    /**
     * Runs a transaction that changes an instance. Other processes hear of it when it commits, this one
     * reads the instance again after.
     */
    change: async <T>(instanceId: number, run: (inside: Tables) => Promise<T>): Promise<T> => {
      try {
        return await need.store.transaction(async (inside) => {
          const made = await run(inside)
          await inside.instances.announce(instanceChannel, instanceChanged(need, instanceId))
          return made
        })
      } finally {
        forget(instanceId)
      }
    },
    forgetAll: (): void => {
      changes += 1
      opened.clear()
    },
  }
}
