// Instances: customers' connections, made, shown, opened for calls, and kept alive.
// No HTTP in, no vendor's name; tokens never leave it in clear but to their owner.
import { AppError } from '#src/lib/errors.ts'
import type { InstanceRow } from '#src/store/index.ts'
import type { Caller } from '../accounts/index.ts'
import { createInstance, type NewInstanceInput } from './create-instance.ts'
import { changedElsewhere, type InstancesNeed, instanceChannel, type Record, sealContext } from './need.ts'
import { createOpener } from './open-instance.ts'
import { type InstanceView, instanceView } from './view.ts'

export type { NewInstanceInput } from './create-instance.ts'
export type { OpenInstance } from './open-instance.ts'
export type { InstanceView } from './view.ts'

export interface ListInput {
  readonly tags: readonly string[]
  readonly searchText: string | undefined
  readonly element: string | undefined
}

export type Instances = ReturnType<typeof createInstances>

const listedAtOnce = 5000

export const createInstances = (need: InstancesNeed) => {
  const { store, vault, catalogue, accounts } = need
  const opener = createOpener(need)
  const create = createInstance(need)

  const show = async (row: InstanceRow): Promise<InstanceView> => {
    const { organizationId, instanceId } = row
    const [user, grants] = await Promise.all([
      accounts.user(organizationId, row.userId),
      store.grants.ofInstance(organizationId, instanceId),
    ])
    const secrets =
      row.secretsSealed === null
        ? '{}'
        : vault.open(row.secretsSealed, sealContext('secrets', organizationId, instanceId))
    return instanceView(catalogue, {
      row,
      element: catalogue.find(row.elementKey),
      token: vault.open(row.tokenSealed, sealContext('token', organizationId, instanceId)),
      secretKeys: Object.keys(JSON.parse(secrets) as object),
      user,
      valid: grants.length > 0 && grants.every((grant) => grant.state === 'ok'),
    })
  }

  const own = async (caller: Caller, instanceId: number): Promise<InstanceRow> => {
    const row = await store.instances.find(caller.organizationId, instanceId)
    if (row !== undefined && row.userId === caller.userId) return row
    throw new AppError('not-found', `No instance found with id ${instanceId}`)
  }

  return {
    open: opener.open,
    /** Listens for changes made by other processes; the result stops it. */
    watch: (): Promise<() => Promise<void>> =>
      store.listen(
        instanceChannel,
        (payload) => {
          const instanceId = changedElsewhere(payload)
          if (instanceId !== null) opener.forget(instanceId)
        },
        () => opener.forgetAll(),
      ),
    create: async (caller: Caller, input: NewInstanceInput, record: Record): Promise<InstanceView> => {
      const made = await create(caller, input, record)
      await opener.changed(made.row.instanceId)
      return show(made.row)
    },
    /** @throws AppError `not-found`. */
    get: async (caller: Caller, instanceId: number): Promise<InstanceView> =>
      show(await own(caller, instanceId)),
    /** The caller's own instances. @throws AppError `not-found` when none matches (spec/behaviour.md 2). */
    list: async (caller: Caller, input: ListInput): Promise<readonly InstanceView[]> => {
      const rows = await store.instances.list(caller.organizationId, {
        userId: caller.userId,
        tags: input.tags,
        searchText: input.searchText ?? null,
        elementKey: input.element === undefined ? null : catalogue.find(input.element).key,
        afterId: 0,
        limit: listedAtOnce,
      })
      if (rows.length === 0) throw new AppError('not-found', 'No instances found')
      return Promise.all(rows.map(show))
    },
    /** Removes an instance; its token is refused from then on. @throws AppError `not-found`. */
    remove: async (caller: Caller, instanceId: number): Promise<void> => {
      const { organizationId } = await own(caller, instanceId)
      await store.transaction(async (inside) => {
        await inside.directory.removeSubject('element', organizationId, instanceId)
        await inside.grants.removeOf(organizationId, instanceId)
        await inside.instances.remove(organizationId, instanceId)
      })
      await opener.changed(instanceId)
    },
  }
}
