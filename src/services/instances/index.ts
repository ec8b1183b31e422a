// Instances: customers' connections, made, shown, changed, opened for calls, and kept alive.
// No HTTP in, no vendor's name; tokens never leave it in clear but to their owner.
import { randomUUID } from 'node:crypto'
import type { Json } from '#src/lib/json.ts'
import { hashSecret } from '#src/lib/secret.ts'
import type { InstanceRow, Tables } from '#src/store/index.ts'
import type { Caller } from '../accounts/index.ts'
import { hastenPollers } from '../pollers/index.ts'
import { callbackSettings } from './callback.ts'
import { createChanges } from './changes.ts'
import type { Configuration } from './configuration.ts'
import { type ConfigurationItem, configurationItems, itemWithId } from './configuration-items.ts'
import { createInstance, type NewInstanceInput } from './create-instance.ts'
import { createGrantCare } from './keep-grant.ts'
import { createLists } from './list-instances.ts'
import { type MigrationInput, migrateInstance } from './migrate-instance.ts'
import {
  changedElsewhere,
  elementsChangedElsewhere,
  type InstancesNeed,
  type InstancesRoom,
  instanceChannel,
  mappingsChangedElsewhere,
  noInstance,
  type Record,
} from './need.ts'
import { createOpener, unknownToken } from './open-instance.ts'
import { type ConsentOf, codeChallenge, codeVerifier } from './pkce.ts'
import { createRemoval, type RemovalNotice } from './remove-instance.ts'
import { askRequestToken } from './request-token.ts'
import { openToken, wholeConfiguration } from './sealed.ts'
import { createShow } from './show.ts'
import { type ChangeInput, updateInstance } from './update-instance.ts'
import { createUses } from './uses.ts'
import type { InstanceView } from './view.ts'

export type { CallbackSettings } from './callback.ts'
/** What this server needs to make calls on an instance in its user's name, and to tell their results. */
export interface OwnAccess {
  readonly elementKey: string
  /** The Element token, in clear. */
  readonly token: string
  /** Where its events go; undefined: nowhere. */
  readonly callbackUrl: string | undefined
}

export type { ConfigurationItem } from './configuration-items.ts'
export { type GrantKeeper, noGrant } from './grants.ts'
export { largestPage } from './list-instances.ts'
export { mask, sealContext } from './need.ts'
export type { OpenInstance } from './open-instance.ts'
export { codeChallenge } from './pkce.ts'
export type { ChangeInput } from './update-instance.ts'
export type { InstanceView } from './view.ts'

export type Instances = ReturnType<typeof createInstances>

export const createInstances = (need: InstancesNeed) => {
  const changes = createChanges()
  const uses = createUses(need.store)
  const room: InstancesRoom = { ...need, sender: randomUUID(), changes, uses }
  const { store, catalogue } = room
  const opener = createOpener(room)
  const remove = createRemoval(room, opener)
  const migrate = migrateInstance(room, opener)
  const show = createShow(room)
  const create = createInstance(room)
  const update = updateInstance(room, opener)

  /** The caller's own: another user's is not found. @throws AppError `not-found`. */
  const own = async (caller: Caller, instanceId: number, elementKeyOrId?: string): Promise<InstanceRow> => {
    const key = elementKeyOrId === undefined ? undefined : (await catalogue.find(caller, elementKeyOrId)).key
    const row = await store.instances.find(caller.organizationId, instanceId)
    if (row === undefined || row.userId !== caller.userId) throw noInstance(instanceId)
    if (key !== undefined && row.elementKey !== key) throw noInstance(instanceId)
    return row
  }

  /** Changes columns of the caller's own instance that nothing else hangs on. */
  const set = async (
    caller: Caller,
    instanceId: number,
    run: (inside: Tables, organizationId: number) => Promise<InstanceRow[]>,
  ): Promise<InstanceView> => {
    const { organizationId } = await own(caller, instanceId)
    const [row] = await opener.change(instanceId, (inside) => run(inside, organizationId))
    if (row === undefined) throw noInstance(instanceId)
    return show.one(row)
  }

  const itemsOf = async (row: InstanceRow): Promise<readonly ConfigurationItem[]> => {
    const element = await catalogue.elementOf(row)
    return configurationItems(element, row.instanceId, wholeConfiguration(room, row))
  }

  return {
    ...createLists(room, show),
    open: opener.open,
    /** For work in the background: the connection of an id, disabled or not; null: there is none. */
    openById: opener.openById,
    /** Listens for changes made by other processes; the result stops it. */
    watch: (): Promise<() => Promise<void>> =>
      store.listen(
        instanceChannel,
        (payload) => {
          const ofElements = elementsChangedElsewhere(room, payload)
          if (ofElements !== null) opener.forgetElements(ofElements)
          const organizationId = mappingsChangedElsewhere(room, payload)
          if (organizationId !== null) opener.forgetOrganization(organizationId)
          const instanceId = changedElsewhere(room, payload)
          if (instanceId === null) return
          opener.forget(instanceId)
          changes.tell(instanceId)
        },
        () => {
          catalogue.forgetAll()
          opener.forgetAll()
          changes.tellAll()
        },
      ),
    /** Runs a transaction that changes what an instance, or an organization's, is seen through. */
    changeMappings: opener.changeMappings,
    /** Runs a transaction that changes elements of an organization. */
    changeElements: opener.changeElements,
    /** Looks after one grant that is due. */
    keepGrant: createGrantCare(room, opener),
    /** Before a stop: lets renewals come to their end, for at most so long. */
    settle: (withinMs: number): Promise<void> => opener.settle(withinMs),
    /** Stores what is known of grants in use. */
    flushUses: (): Promise<void> => uses.flush(),
    /** The challenge of a consent whose code comes back to POST /instances (RFC 7636 4.2). */
    codeChallenge: (caller: Caller, of: Omit<ConsentOf, 'organizationId'>): string =>
      codeChallenge(codeVerifier(room, { ...of, organizationId: caller.organizationId })),
    /** Begins a consent of OAuth 1.0. @throws AppError as `askRequestToken`. */
    requestToken: askRequestToken(room),
    /** Moves an instance off a login that the vendor gives up. @throws AppError as `migrateInstance`. */
    migrate: async (
      caller: Caller,
      instanceId: number,
      input: MigrationInput,
      record: Record,
    ): Promise<InstanceView> => show.one(await migrate(await own(caller, instanceId), input, record)),
    create: async (caller: Caller, input: NewInstanceInput, record: Record): Promise<InstanceView> => {
      const { row } = await create(caller, input, record)
      opener.forget(row.instanceId)
      return show.one(row)
    },
    /** The instance of an Element token. @throws AppError `bad-credentials`, `not-found` for another user's. */
    idOfToken: async (caller: Caller, token: string): Promise<number> => {
      const found = await store.directory.find('element', hashSecret(token))
      if (found === undefined || found.organizationId !== caller.organizationId) throw unknownToken()
      return (await own(caller, found.subjectId)).instanceId
    },
    /** @throws AppError `not-found`. */
    get: async (caller: Caller, instanceId: number, elementKeyOrId?: string): Promise<InstanceView> =>
      show.one(await own(caller, instanceId, elementKeyOrId)),
    /** Changes what is sent, and connects again when a code is. @throws AppError as `updateInstance`. */
    change: async (
      caller: Caller,
      instanceId: number,
      input: ChangeInput,
      record: Record,
      elementKeyOrId?: string,
    ): Promise<InstanceView> =>
      show.one(await update(caller, await own(caller, instanceId, elementKeyOrId), input, record)),
    /**
     * Removes an instance; its token is refused from then on. @throws AppError `not-found`.
     * @param revoke false keeps the vendor's consent.
     * @returns what could not be done at the vendor.
     */
    remove: async (
      caller: Caller,
      instanceId: number,
      revoke: boolean,
      record: Record,
      elementKeyOrId?: string,
    ): Promise<RemovalNotice> => remove(await own(caller, instanceId, elementKeyOrId), revoke, record),
    /** A disabled instance refuses calls to its vendor, and keeps everything. @throws AppError `not-found`. */
    setEnabled: (caller: Caller, instanceId: number, enabled: boolean): Promise<InstanceView> =>
      set(caller, instanceId, async (inside, organizationId) => {
        const rows = await inside.instances.setDisabled(organizationId, instanceId, !enabled)
        if (enabled) await hastenPollers(inside, { organizationId, instanceId })
        return rows
      }),
    /** @param until null ends it. @throws AppError `not-found`. */
    setTracing: (caller: Caller, instanceId: number, until: Date | null): Promise<InstanceView> =>
      set(caller, instanceId, (inside, organizationId) =>
        inside.instances.setTraceUntil(organizationId, instanceId, until),
      ),
    /** With the secrets in clear: for this server's own use, never for a reply. @throws AppError `not-found`. */
    wholeConfiguration: async (caller: Caller, instanceId: number): Promise<Configuration> =>
      wholeConfiguration(room, await own(caller, instanceId)),
    /** For this server's own calls, whoever's it is; undefined: there is none. @throws AppError `key-missing`. */
    ownAccess: async (organizationId: number, instanceId: number): Promise<OwnAccess | undefined> => {
      const row = await store.instances.find(organizationId, instanceId)
      if (row === undefined) return undefined
      return {
        elementKey: row.elementKey,
        token: openToken(room, row),
        callbackUrl: callbackSettings(wholeConfiguration(room, row)).url,
      }
    },
    /** @throws AppError `not-found`. */
    configuration: async (caller: Caller, instanceId: number): Promise<readonly ConfigurationItem[]> =>
      itemsOf(await own(caller, instanceId)),
    /** @throws AppError `not-found`. */
    configurationItem: async (
      caller: Caller,
      instanceId: number,
      itemId: string,
    ): Promise<ConfigurationItem> => itemWithId(await itemsOf(await own(caller, instanceId)), itemId),
    /** Sets one value; a mask leaves it. @throws AppError `not-found`, `bad-request`. */
    setConfigurationItem: async (
      caller: Caller,
      instanceId: number,
      itemId: string,
      value: Json,
      record: Record,
    ): Promise<ConfigurationItem> => {
      const row = await own(caller, instanceId)
      const { key } = itemWithId(await itemsOf(row), itemId)
      const changed = await update(caller, row, { configuration: { [key]: value }, deep: false }, record)
      return itemWithId(await itemsOf(changed), itemId)
    },
  }
}
