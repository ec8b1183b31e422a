import type { JsonObject } from '#src/lib/json.ts'
import type { StoredGrantNotice, Transaction } from '#src/store/index.ts'
import type { OpenInstance } from '../instances/index.ts'
import { eventDraft } from './drafts.ts'
import type { EventsNeed } from './need.ts'

const atOnce = 100
const objectType = 'authentication'

/** The state of a grant as GET /instances/{id} shows it under `authentication`. */
const rawOf = ({ principal, kind, endsAt, reason, createdAt }: StoredGrantNotice): JsonObject => ({
  [objectType]: [
    {
      principal,
      state: kind,
      ...(endsAt === null ? {} : { endsAt: endsAt.toISOString() }),
      ...(reason === null ? {} : { reason }),
    },
  ],
  objectType,
  pollDate: createdAt.getTime(),
})

const eventOf = (
  { element }: OpenInstance,
  { principal, kind, createdAt }: StoredGrantNotice,
): JsonObject => ({
  elementKey: element.key,
  hubKey: element.hub,
  objectType,
  objectId: principal,
  eventType: kind === 'expiring' ? 'EXPIRING' : 'NEEDS_RECONNECT',
  date: `${createdAt.toISOString().slice(0, 19)}Z`,
})

/** Makes events of what instances are told about their grants: once each, in the transaction that marks it as told. */
export const createTellNotices = (need: EventsNeed) => {
  const tellOne = async (inside: Transaction, notice: StoredGrantNotice): Promise<void> => {
    const instance = await need.instances.openById(notice.organizationId, notice.instanceId)
    if (instance === null) return
    const draft = eventDraft(instance, 'authentication', rawOf(notice), [eventOf(instance, notice)], {
      objectType,
      objects: [`${objectType}/${notice.principal}`],
    })
    await need.notifications.tell(inside, [{ ...draft, severity: 'high' }])
  }

  /**
   * Each in a transaction of its own, which locks subscriptions once, in their order: two that lock them in several steps
   * may wait for each other.
   */
  const tellNext = (): Promise<boolean> =>
    need.store.transaction(
      async (inside) => {
        const [notice] = await inside.grantNotices.takeUntold(1)
        if (notice === undefined) return false
        await tellOne(inside, notice)
        return true
      },
      { repeats: true },
    )

  /** @returns how many. */
  return async (): Promise<number> => {
    let told = 0
    while (told < atOnce && (await tellNext())) told += 1
    return told
  }
}
