import { revokeGrant } from '#src/engine/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { GrantRow, InstanceRow } from '#src/store/index.ts'
import { authOfRow, type HeldGrant, openGrant } from './grant-record.ts'
import type { InstancesRoom, Record } from './need.ts'
import type { Opener, OpenInstance } from './open-instance.ts'
import { wholeConfiguration } from './sealed.ts'

/** The configuration key that keeps the vendor's consent when an instance is deleted. */
const revokeKey = 'oauth.revoke.on.delete'

/** What a removal left undone at the vendor, in words; undefined: nothing. */
export type RemovalNotice = string | undefined

/**
 * Removes instances. Before, the vendor is asked to forget the person's consent, unless that is switched off,
 * the client brought the tokens itself, or another instance stands on the same consent: vendors drop all tokens
 * of a person for an application at once. That the vendor cannot be asked keeps nothing from being removed.
 */
export const createRemoval = (room: InstancesRoom, opener: Opener) => {
  const { store } = room

  const clientOf = async ({ organizationId, instanceId }: GrantRow): Promise<string | null | undefined> => {
    const instance = await store.instances.find(organizationId, instanceId)
    return instance === undefined ? undefined : wholeConfiguration(room, instance)['oauth.api.key']
  }

  /**
   * Whether another grant of the organization came from the same person for the same application; one of an
   * unknown person may.
   */
  const isShared = async (instance: OpenInstance, row: GrantRow, { grant }: HeldGrant): Promise<boolean> => {
    const client = instance.keepers[row.principal]?.owner().client.apiKey
    const mayBeSame = (other: GrantRow): boolean => {
      if (other.instanceId === row.instanceId || other.principal !== row.principal || other.state !== 'ok')
        return false
      const { subject } = openGrant(room, other).grant
      return subject === null || grant.subject === null || subject === grant.subject
    }
    for (const other of await store.grants.ofOrganization(row.organizationId))
      if (mayBeSame(other) && (await clientOf(other)) === client) return true
    return false
  }

  const revokeOne = async (instance: OpenInstance, row: GrantRow, record: Record): Promise<RemovalNotice> => {
    const keeper = instance.keepers[row.principal]
    const auth = authOfRow(instance.element, row)
    const canRevoke = auth.kind === 'coded' || auth.revoke !== undefined
    if (keeper === undefined || row.state !== 'ok' || !canRevoke) return undefined
    const held = openGrant(room, row)
    // A coded login drops the one token that is named.
    if (auth.kind !== 'coded' && (await isShared(instance, row, held))) return undefined
    const { element, site, client } = keeper.owner()
    try {
      const { grant } = await keeper.current(record)
      await revokeGrant({ outbound: room.outbound, element, auth, site, client, record }, grant)
      return undefined
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      return `removed, but not revoked at the provider: ${error.message}`
    }
  }

  const revokeAll = async (row: InstanceRow, record: Record): Promise<RemovalNotice> => {
    const grants = await store.grants.ofInstance(row.organizationId, row.instanceId)
    const instance = await opener.openRow(row)
    const notices: RemovalNotice[] = []
    for (const grant of grants) notices.push(await revokeOne(instance, grant, record))
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
      await inside.directory.removeSubject('element', organizationId, instanceId)
      await inside.grantNotices.removeOf(organizationId, instanceId)
      await inside.grants.removeOf(organizationId, instanceId)
      await inside.instances.remove(organizationId, instanceId)
    })
    opener.drop(instanceId)
    return notice
  }
}
