import { type Element, resourceIn } from '#src/element/index.ts'
import type { PollerSetting, Tables } from '#src/store/index.ts'
import { finderOf, printFinder } from './finder.ts'
import { type EventSettings, readEventSettings } from './settings.ts'

/** Whose events they are. */
export interface EventOwner {
  readonly organizationId: number
  readonly accountId: number
  readonly userId: number
  readonly instanceId: number
}

/** The topic of an instance's events (spec/contract.md 6.2). */
export const eventTopic = (instanceId: number, elementKey: string): string =>
  `instance-${instanceId}-${elementKey}-events`

/** The first poll comes soon, but not of all instances at once. */
const firstWithinSeconds = 30

const toSetting =
  ({ intervalSeconds }: EventSettings) =>
  ({ objectType, entry }: EventSettings['pollers'][number]): PollerSetting => ({
    objectType,
    entry,
    intervalSeconds,
    firstAfterSeconds: Math.random() * Math.min(firstWithinSeconds, intervalSeconds),
  })

/**
 * Makes what polls an instance and who is told of it follow its configuration, inside the transaction that stores it.
 * @throws AppError `bad-request` as `readEventSettings`.
 */
export const storeEventSettings = async (
  inside: Tables,
  owner: EventOwner,
  element: Element,
  configuration: Readonly<Record<string, string | null>>,
): Promise<void> => {
  const settings = readEventSettings(element, configuration, (name) => resourceIn(element, name))
  const { organizationId, accountId, userId, instanceId } = owner
  await inside.pollers.set(organizationId, instanceId, settings.pollers.map(toSetting(settings)))
  await inside.directory.removeSubject('finder', organizationId, instanceId)
  const finder = settings.enabled ? finderOf(configuration) : undefined
  if (finder !== undefined) {
    const key = printFinder(element.key, instanceId, finder)
    await inside.directory.add('finder', key, organizationId, instanceId)
  }
  if (settings.callbackUrl === undefined) {
    // What is on its way stays: it is what a queue is for.
    await inside.subscriptions.mute(organizationId, instanceId)
    return
  }
  await inside.subscriptions.put({
    organizationId,
    accountId,
    userId,
    instanceId,
    channel: 'webhook',
    topics: [eventTopic(instanceId, element.key)],
    config: { url: settings.callbackUrl },
  })
}
