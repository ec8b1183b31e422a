import { isStandard } from '#src/element/index.ts'
import { type Grant, revokeGrant } from '#src/engine/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { GrantRow, InstanceRow } from '#src/store/index.ts'
import { authOfRow, consentOf, type GrantOwner, grantKey } from './grant-record.ts'
import type { InstancesRoom, Record } from './need.ts'
import type { Opener, OpenInstance } from './open-instance.ts'

/** The configuration key that keeps the vendor's consent when an instance is deleted. */
const revokeKey = 'oauth.revoke.on.delete'

/** What a removal left undone at the vendor, in words; undefined: nothing. */
export type RemovalNotice = string | undefined

/** @throws what is no failure of the vendor or the connection. */
const notRevoked = (error: unknown): string => {
  if (!(error instanceof AppError)) throw error
  return `removed, but not revoked at the provider: ${error.message}`
}

/**
 * Removes instances. Before, the vendor is asked to forget the person's consent, unless that is switched off,
 * the client brought the tokens itself, or another instance stands on the same consent: vendors drop all tokens
 * of a person for an application at once. That the vendor cannot be asked keeps nothing from being removed.
 */
export const createRemoval = (room: InstancesRoom, opener: Opener) => {
  const { store } = room

  /** Whether another instance stands, or may stand, on the same person's consent. */
  const isShared = (owner: GrantOwner, row: GrantRow, { subject }: Grant): Promise<boolean> => {
    const { applicationHash, subjectHash } = consentOf(owner, subject)
    return store.grants.isShared(grantKey(row, row.principal), applicationHash, subjectHash)
  }

  const revokeOne = async (instance: OpenInstance, row: GrantRow, record: Record): Promise<RemovalNotice> => {
    const keeper = instance.keepers[row.principal]
    const auth = authOfRow(instance.element, row)
    const canRevoke = auth.kind === 'coded' || (isStandard(auth) && auth.revoke !== undefined)
    if (keeper === undefined || row.state !== 'ok' || !canRevoke) return undefined
    const owner = keeper.owner()
    const { element, site, client, configured } = owner
    try {
      const { grant } = await keeper.current(record)
      // A coded login drops the one token that is named.
      if (auth.kind !== 'coded' && (await isShared(owner, row, grant))) return undefined
      await revokeGrant({ outbound: room.outbound, element, auth, site, client, configured, record }, grant)
      return undefined
    } catch (error) {
      return notRevoked(error)
    }
  }

  const revokeAll = async (row: InstanceRow, record: Record): Promise<RemovalNotice> => {
    const grants = await store.grants.ofInstance(row.organizationId, row.instanceId)
    const notices: RemovalNotice[] = []
    try {
      const instance = await opener.openRow(row)
      for (const grant of grants) notices.push(await revokeOne(instance, grant, record))
    } catch (error) {
      // Say, its data centre is none any more: that is no reason to keep it.
      notices.push(notRevoked(error))
    }
    return notices.find((notice) => notice !== undefined)
  }

  /**
   * @param revoke false keeps the vendor's consent, whatever the configuration says.
   * @returns what could not be done at the vendor.
   */
  return async (row: InstanceRow, revoke: boolean, record: Record): Promise<RemovalNotice> => {
    const { organizationId, instanceId } = row
    const wanted =
      revoke && row.configuration[revokeKey] !== 'false' && row.externalAuthentication !== 'initial'
    const notice = wanted ? await revokeAll(row, record) : undefined
    await opener.change(instanceId, async (inside) => {
      // First the row, as changes do: whoever takes the grants first could wait for a change for ever.
      if ((await inside.instances.lock(organizationId, instanceId)) === undefined) return
      for (const kind of ['element', 'instance', 'finder'] as const)
        await inside.directory.removeSubject(kind, organizationId, instanceId)
      await inside.pollers.removeOf(organizationId, instanceId)
      const subscription = await inside.subscriptions.ofInstance(organizationId, instanceId)
      if (subscription !== undefined) {
        await inside.subscriptions.lock(organizationId, [subscription.subscriptionId])
        await inside.deliveries.removeOpenOf(organizationId, subscription.subscriptionId)
      }
      await inside.subscriptions.removeOf(organizationId, instanceId)
      await inside.transformations.removeOf(organizationId, instanceId)
      await inside.grantNotices.removeOf(organizationId, instanceId)
      await inside.grants.removeOf(organizationId, instanceId)
      await inside.instances.remove(organizationId, instanceId)
    })
    opener.drop(instanceId)
    return notice
  }
}
