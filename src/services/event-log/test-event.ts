import { AppError } from '#src/lib/errors.ts'
import type { Caller } from '../accounts/index.ts'
import type { InstanceView } from '../instances/index.ts'
import { type Draft, eventTopic, newEventId } from '../notifications/index.ts'
import type { EventLogNeed } from './need.ts'
import { type EventSettings, eventSettings } from './settings.ts'

const requireReceiver = (instanceId: number, { enabled, callbackUrl }: EventSettings): void => {
  if (!enabled) {
    throw new AppError(
      'bad-request',
      `event.notification.enabled: the events of instance ${instanceId} are off. Set it to true with PATCH /instances/${instanceId}, together with event.notification.callback.url.`,
    )
  }
  if (callbackUrl !== undefined) return
  throw new AppError(
    'bad-request',
    `event.notification.callback.url: instance ${instanceId} has none, so nobody would get the event. Set it with PATCH /instances/${instanceId}.`,
  )
}

/** The envelope's message as a poll makes it (spec/contract.md 6.2), about an object that is nowhere. */
const draftOf = (caller: Caller, instance: InstanceView, now: Date): Draft => {
  const { organizationId, accountId, userId } = caller
  const eventId = newEventId()
  const date = `${now.toISOString().slice(0, 19)}Z`
  return {
    kind: 'test',
    organizationId,
    accountId,
    userId,
    instanceId: instance.id,
    eventId,
    topic: eventTopic(instance.id, instance.element.key),
    objectType: 'test',
    message: {
      elementKey: instance.element.key,
      accountId,
      eventId,
      companyId: organizationId,
      instanceId: instance.id,
      instance_id: instance.id,
      instanceName: instance.name,
      instanceTags: instance.tags,
      userId,
      raw: {
        test: [{ id: eventId, text: 'A test event. Nothing changed.' }],
        objectType: 'test',
        pollDate: now.getTime(),
      },
      events: [
        {
          elementKey: instance.element.key,
          hubKey: instance.element.hub,
          objectType: 'test',
          objectId: eventId,
          eventType: 'CREATED',
          date,
          pollDate: date,
        },
      ],
    },
  }
}

/**
 * Sends an event about nothing to the receiver of the caller's own instance, the way of every other event.
 * @returns its id, once it is stored.
 * @throws AppError `not-found`; `bad-request` when the instance's events are off or lead nowhere.
 */
export const createTestEvent =
  ({ store, instances, notifications }: EventLogNeed) =>
  async (caller: Caller, instanceId: number): Promise<{ readonly eventId: string }> => {
    const instance = await instances.get(caller, instanceId)
    requireReceiver(instanceId, eventSettings(await instances.wholeConfiguration(caller, instanceId)))
    const draft = draftOf(caller, instance, new Date())
    await store.transaction((inside) => notifications.tell(inside, [draft]))
    return { eventId: draft.eventId ?? '' }
  }
