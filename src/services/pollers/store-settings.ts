import { type Element, resourceIn } from '#src/element/index.ts'
import type { PollerSetting, Tables } from '#src/store/index.ts'
import { compileMapping, transformationsOf } from '../mapping/index.ts'
import type { Pollable } from './entry.ts'
import { finderOf, inboundName, printFinder } from './finder.ts'
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

/** Lets an instance be polled soon, however long it had failed: it was connected anew, enabled, or changed. */
export const hastenPollers = async (
  inside: Tables,
  { organizationId, instanceId }: Pick<EventOwner, 'organizationId' | 'instanceId'>,
): Promise<void> => {
  await inside.pollers.hasten(organizationId, instanceId, firstWithinSeconds)
}

/** What the names of an instance stand for, as it will answer by them. */
const namesOf = async (
  inside: Tables,
  { organizationId, accountId, instanceId }: EventOwner,
  element: Element,
): Promise<(name: string) => Pollable | undefined> => {
  const rows = await inside.transformations.ofInstance(organizationId, { accountId, instanceId }, element.key)
  const transformations = transformationsOf(rows)
  return (name) => {
    const mapped = transformations.get(name)
    const resource = resourceIn(element, mapped?.row.vendorName ?? name)
    if (resource === undefined) return undefined
    return mapped === undefined ? { resource } : { resource, plan: compileMapping(mapped, resource) }
  }
}

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
  const settings = readEventSettings(element, configuration, await namesOf(inside, owner, element))
  const { organizationId, accountId, userId, instanceId } = owner
  await inside.pollers.set(organizationId, instanceId, settings.pollers.map(toSetting(settings)))
  await inside.directory.removeSubject('finder', organizationId, instanceId)
  const finder = settings.enabled ? finderOf(configuration) : undefined
  if (finder !== undefined) {
    const key = printFinder(inboundName(element), instanceId, finder)
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
