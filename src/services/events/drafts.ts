import type { Json, JsonObject } from '#src/lib/json.ts'
import type { OpenInstance } from '../instances/index.ts'
import { type Draft, eventTopic, newEventId } from '../notifications/index.ts'
import type { Change } from './diff.ts'

/** The most events of one poll in one notification (spec/contract.md 6.2). */
const atOnce = 10

const isoSeconds = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`

/** What every event says of the instance that it is of (spec/contract.md 6.2). */
const aboutInstance = (
  { organizationId, instanceId, element, owner }: OpenInstance,
  eventId: string,
): JsonObject => ({
  elementKey: element.key,
  accountId: owner.accountId,
  eventId,
  companyId: organizationId,
  instanceId,
  instance_id: instanceId,
  instanceName: owner.name,
  instanceTags: [...owner.tags],
  userId: owner.userId,
})

/** A draft of an event of an instance. */
export const eventDraft = (
  instance: OpenInstance,
  kind: Draft['kind'],
  raw: Json,
  events: readonly JsonObject[],
  more: Pick<Draft, 'objectType' | 'objects'>,
): Draft => {
  const eventId = newEventId()
  const { organizationId, instanceId, element, owner } = instance
  return {
    kind,
    organizationId,
    accountId: owner.accountId,
    userId: owner.userId,
    instanceId,
    eventId,
    topic: eventTopic(instanceId, element.key),
    ...more,
    message: { ...aboutInstance(instance, eventId), raw, events },
  }
}

const eventOf = (
  { element }: OpenInstance,
  objectType: string,
  pollDate: number,
  { id, type, at }: Change,
): JsonObject => ({
  elementKey: element.key,
  hubKey: element.hub,
  objectType,
  objectId: id,
  eventType: type,
  date: isoSeconds(at ?? pollDate),
  pollDate: isoSeconds(pollDate),
})

/** The notifications of what one poll found: one object type, at most ten records each (spec/contract.md 6.2). */
export const pollDrafts = (
  instance: OpenInstance,
  objectType: string,
  pollDate: number,
  changes: readonly Change[],
): readonly Draft[] =>
  Array.from({ length: Math.ceil(changes.length / atOnce) }, (_none, at) => {
    const some = changes.slice(at * atOnce, (at + 1) * atOnce)
    const raw = { [objectType]: some.map(({ row }) => row), objectType, pollDate }
    const events = some.map((change) => eventOf(instance, objectType, pollDate, change))
    return eventDraft(instance, 'poll', raw, events, {
      objectType,
      objects: some.map(({ id }) => `${objectType}/${id}`),
    })
  })
