import type { Element, Principal, Site } from '#src/element/index.ts'
import { createClockCache } from '#src/lib/clock-cache.ts'
import { AppError } from '#src/lib/errors.ts'
import { andThen, type Later } from '#src/lib/later.ts'
import { hashSecret } from '#src/lib/secret.ts'
import type { GrantRow, InstanceRow, LevelOwner, Tables } from '#src/store/index.ts'
import type { Caller } from '../accounts/index.ts'
import { type Transformation, transformationsOf } from '../mapping/index.ts'
import { hasEvents } from '../pollers/index.ts'
import { type CallbackSettings, callbackSettings } from './callback.ts'
import { type Configuration, readableBy, splitSecrets, withDefaults } from './configuration.ts'
import { loginContext } from './connect.ts'
import { authOfRow, type GrantOwner, openGrant } from './grant-record.ts'
import { createGrantKeeper, type GrantKeeper } from './grants.ts'
import { createKeepers } from './keepers.ts'
import {
  elementsChanged,
  type InstancesRoom,
  instanceChanged,
  instanceChannel,
  mappingsChanged,
} from './need.ts'
import { openSecrets } from './sealed.ts'
import { authOf, siteOf } from './site-of.ts'

/** A connection, ready for calls. */
export interface OpenInstance {
  readonly organizationId: number
  readonly instanceId: number
  readonly element: Element
  readonly site: Site
  /** Values that are no secret. */
  readonly configuration: Configuration
  /** What its element sees: those, or all where it reads secrets. */
  readonly readable: Readonly<Record<string, string>>
  /** The secrets among them; undefined: none. */
  readonly secrets: readonly string[] | undefined
  readonly disabled: boolean
  /** Whose it is, as its events tell it. */
  readonly owner: InstanceOwner
  /** Whether its configuration says so. */
  readonly takesEvents: boolean
  /** How its events are signed and sent; secrets in clear. */
  readonly callback: CallbackSettings
  /** The generation of the vendor's APIs that its login reaches; undefined: all. */
  readonly generation: string | undefined
  /** What its resources are seen through, by the names of common resources. */
  readonly transformations: ReadonlyMap<string, Transformation>
  /** One a grant. */
  readonly keepers: Readonly<Partial<Record<Principal, GrantKeeper>>>
}

/** What events say of their instance. */
export interface InstanceOwner {
  readonly accountId: number
  readonly userId: number
  readonly name: string
  readonly tags: readonly string[]
}

/** Changes are told at once, by NOTIFY and a sweep after each reconnection. */
const openForMs = 1_800_000
const unknownForMs = 2_000
/** Pollers ask for each of an installation's instances about once a minute. */
const mostOpened = 120_000
/** Twice as many as are opened, so that an opened one finds its keeper again. */
const mostKeepers = 2 * mostOpened

/** What an Element token that leads nowhere is answered with. */
export const unknownToken = (): AppError =>
  new AppError('bad-credentials', 'Authorization: the Element token is unknown, or its instance was deleted.')

/** @throws AppError as `open`. */
const checked = (instance: OpenInstance | null, caller: Caller, allowDisabled: boolean): OpenInstance => {
  if (instance === null || instance.organizationId !== caller.organizationId) throw unknownToken()
  if (!instance.disabled || allowDisabled) return instance
  throw new AppError(
    'instance-disabled',
    `Instance ${instance.instanceId} is disabled. Enable it with PUT /instances/${instance.instanceId}/enabled.`,
  )
}

export type Opener = ReturnType<typeof createOpener>

/** Opens instances by their token and keeps them open: a warm hub call reads no row. */
export const createOpener = (need: InstancesRoom) => {
  const opened = createClockCache<string, OpenInstance | null>({ capacity: mostOpened })
  /** For work in the background, which has no token in hand. */
  const openedById = createClockCache<number, OpenInstance>({ capacity: mostOpened })
  const keepers = createKeepers(mostKeepers)
  const opening = new Map<string, Promise<OpenInstance | null>>()
  /** Grows with every change, so that what was read before one is not kept after it. */
  let changes = 0

  const keeperName = (instanceId: number, principal: Principal): string => `${instanceId}/${principal}`

  const keeperFor = (owner: GrantOwner, row: GrantRow): GrantKeeper => {
    const name = keeperName(owner.instanceId, row.principal)
    const stored = openGrant(need, row)
    const known = keepers.get(name)
    known?.adopt(owner, stored)
    if (known !== undefined) return known
    const keeper: GrantKeeper = createGrantKeeper(need, owner, row.principal, stored, () =>
      keepers.noteBusy(name, keeper),
    )
    keepers.set(name, keeper)
    return keeper
  }

  /** A grant that is no more leaves no keeper: one that comes later begins to count its versions anew. */
  const dropKeepers = (instanceId: number, kept: readonly GrantRow[] = []): void => {
    for (const principal of ['user', 'company'] as const)
      if (!kept.some((row) => row.principal === principal)) keepers.delete(keeperName(instanceId, principal))
  }

  /** After a change a grant may be another one, which counts its versions anew; a renewal that runs goes on. */
  const dropIdleKeepers = (instanceId: number): void => {
    for (const principal of ['user', 'company'] as const)
      keepers.deleteIdle(keeperName(instanceId, principal))
  }

  const openRow = async (row: InstanceRow): Promise<OpenInstance> => {
    const { organizationId, instanceId, configuration, disabled } = row
    const grants = await need.store.grants.ofInstance(organizationId, instanceId)
    const element = await need.catalogue.elementOf(row)
    const mapped = await need.store.transformations.ofInstance(organizationId, row, element.key)
    const whole = withDefaults(element, { ...configuration, ...openSecrets(need, row) })
    const site = siteOf(element, whole)
    const shown = { ...splitSecrets(element, withDefaults(element, {})).plain, ...configuration }
    dropKeepers(instanceId, grants)
    const held = grants.map((grant): [Principal, GrantKeeper] => {
      const auth = authOfRow(element, grant)
      const by = loginContext(need, element, whole, auth, () => undefined)
      const { client, configured } = by
      const grantOwner = { organizationId, instanceId, element, auth, site: by.site, client, configured }
      return [grant.principal, keeperFor(grantOwner, grant)]
    })
    return {
      organizationId,
      instanceId,
      element,
      site,
      configuration: shown,
      ...readableBy(element, shown, whole, site.apiUrl),
      disabled,
      owner: { accountId: row.accountId, userId: row.userId, name: row.name, tags: row.tags },
      takesEvents: hasEvents(whole),
      callback: callbackSettings(whole),
      generation: authOf(element, whole).generation,
      transformations: transformationsOf(mapped),
      keepers: Object.fromEntries(held),
    }
  }

  const load = async (hash: string): Promise<OpenInstance | null> => {
    const found = await need.store.directory.find('element', hash)
    if (found === undefined) return null
    const row = await need.store.instances.find(found.organizationId, found.subjectId)
    return row === undefined ? null : openRow(row)
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

  const openById = (organizationId: number, instanceId: number): Later<OpenInstance | null> => {
    const cached = openedById.get(instanceId)
    if (cached === undefined) return loadById(organizationId, instanceId)
    return cached.organizationId === organizationId ? cached : null
  }

  const loadById = async (organizationId: number, instanceId: number): Promise<OpenInstance | null> => {
    const changesBefore = changes
    const row = await need.store.instances.find(organizationId, instanceId)
    if (row === undefined) return null
    const instance = await openRow(row)
    if (changes === changesBefore) openedById.set(instanceId, instance, openForMs)
    return instance
  }

  const forget = (instanceId: number): void => {
    changes += 1
    openedById.delete(instanceId)
    opened.deleteWhere((_hash, instance) => instance === null || instance.instanceId === instanceId)
  }

  /** Mappings of an organization or account are seen by many instances; those of another organization stay. */
  const forgetOrganization = (organizationId: number): void => {
    changes += 1
    openedById.deleteWhere((_id, instance) => instance.organizationId === organizationId)
    opened.deleteWhere((_hash, instance) => instance === null || instance.organizationId === organizationId)
  }

  /** Elements first: what is opened from here on is opened by the new ones. */
  const forgetElements = (organizationId: number): void => {
    need.catalogue.forget(organizationId)
    forgetOrganization(organizationId)
  }

  return {
    /**
     * The connection of an Element token. A disabled one opens only with `allowDisabled`, for calls that
     * ask the vendor nothing.
     * @throws AppError `bad-credentials` when it is unknown or another organization's,
     * `instance-disabled`.
     */
    open: (
      token: string,
      caller: Caller,
      options: { readonly allowDisabled?: boolean } = {},
    ): Later<OpenInstance> => {
      const hash = hashSecret(token)
      const known = opened.get(hash)
      return andThen(known === undefined ? loadOnce(hash) : known, (instance) =>
        checked(instance, caller, options.allowDisabled === true),
      )
    },
    /** The connection of a row, as calls would use it; it is not kept open. */
    openRow,
    /** The connection of an id, disabled or not; null: there is none. */
    openById,
    forget,
    /** A removed instance leaves nothing in memory. */
    drop: (instanceId: number): void => {
      forget(instanceId)
      dropKeepers(instanceId)
    },
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
        dropIdleKeepers(instanceId)
      }
    },
    forgetOrganization,
    /**
     * Runs a transaction that changes what instances are seen through: one instance, or any of an organization. Other
     * processes hear of it when it commits. Grants are no part of it.
     */
    changeMappings: async <T>(
      { organizationId, level, ownerId }: LevelOwner,
      run: (inside: Tables) => Promise<T>,
    ): Promise<T> => {
      const one = level === 'instance'
      try {
        return await need.store.transaction(async (inside) => {
          const made = await run(inside)
          const payload = one ? instanceChanged(need, ownerId) : mappingsChanged(need, organizationId)
          await inside.instances.announce(instanceChannel, payload)
          return made
        })
      } finally {
        if (one) forget(ownerId)
        else forgetOrganization(organizationId)
      }
    },
    forgetElements,
    /**
     * Runs a transaction that changes elements of an organization, one after the other. Other processes hear of it
     * when it commits; its instances are opened anew.
     */
    changeElements: async <T>(organizationId: number, run: (inside: Tables) => Promise<T>): Promise<T> => {
      try {
        return await need.store.transaction(async (inside) => {
          await inside.elements.beginChange(organizationId)
          const made = await run(inside)
          await inside.instances.announce(instanceChannel, elementsChanged(need, organizationId))
          return made
        })
      } finally {
        forgetElements(organizationId)
      }
    },
    settle: keepers.settle,
    forgetAll: (): void => {
      changes += 1
      opened.clear()
      openedById.clear()
    },
  }
}
