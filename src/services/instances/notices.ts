import type { GrantBreak, GrantKey } from '#src/store/index.ts'
import type { InstancesNeed } from './need.ts'

/** What the notice of a break is about. */
const aboutVersion = (version: number): string => `version ${version}`

/** Takes the notice of a break back that was none: the renewal was only late to be stored. */
export const withdrawBreak = ({ store }: InstancesNeed, key: GrantKey, version: number): Promise<unknown> =>
  store.grantNotices.withdraw(key, aboutVersion(version))

/** Marks a grant as ended and stores the one notice of it, together; whoever renewed meanwhile wins. */
export const storeBreak = (
  { store }: InstancesNeed,
  key: GrantKey,
  version: number,
  broken: GrantBreak,
): Promise<void> =>
  store.transaction(async (inside) => {
    const ended = await inside.grants.markBroken(key, version, broken)
    if (!ended) return
    await inside.grantNotices.add({
      ...key,
      kind: 'needs-reconnect',
      about: aboutVersion(version),
      endsAt: null,
      reason: broken.reason,
    })
  })

/** Stores, once for each end, that a grant ends soon. */
export const storeExpiring = ({ store }: InstancesNeed, key: GrantKey, endsAt: Date): Promise<boolean> =>
  store.grantNotices.add({
    ...key,
    kind: 'expiring',
    about: `end ${endsAt.toISOString()}`,
    endsAt,
    reason: null,
  })
