import { AppError } from '#src/lib/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '#src/lib/json.ts'
import { hashSecret } from '#src/lib/secret.ts'
import type { OpenInstance } from '../instances/index.ts'
import { finderStart, inboundName, parseFinder } from '../pollers/index.ts'
import { eventDraft } from './drafts.ts'
import type { EventsNeed } from './need.ts'
import { valueAt } from './value-at.ts'

/** A call of a vendor about one or several instances (spec/contract.md 6.4). */
export interface InboundCall {
  /** As the path names it; whose element it is, the instance tells. */
  readonly elementKeyOrId: string
  /** From the path: an instance's id, plain or in base64. */
  readonly pathId: string | undefined
  /** The header `Element-Instances`: ids, joined by commas. */
  readonly headerIds: string | undefined
  readonly payload: Json
  readonly query: JsonObject
}

/** So many a header may name. */
const mostNamed = 100

const plainId = /^\d{1,15}$/

/** An id as it is, or in base64: `NTEyMA==` is 5120. */
const idIn = (text: string): string | undefined => {
  if (plainId.test(text)) return text
  const decoded = Buffer.from(text, 'base64').toString('latin1')
  return plainId.test(decoded) ? decoded : undefined
}

const idsInPayload = (payload: Json): readonly string[] => {
  if (!isJsonObject(payload)) return []
  const id = payload['instance_id']
  return typeof id === 'number' || (typeof id === 'string' && plainId.test(id)) ? [String(id)] : []
}

/** @throws AppError `bad-request` for too many: those left out would never hear of it. */
const idsInHeader = (text: string): readonly string[] => {
  const ids = text.split(',').map((id) => id.trim())
  if (ids.length > mostNamed)
    throw new AppError(
      'bad-request',
      `Element-Instances: at most ${mostNamed} instances. Send several calls.`,
    )
  return ids.filter((id) => plainId.test(id))
}

/** Undefined: neither the path nor a header names any. */
const addressedIds = ({ pathId, headerIds }: InboundCall): readonly string[] | undefined => {
  if (pathId !== undefined) return [idIn(pathId) ?? ''].filter((id) => id !== '')
  return headerIds === undefined ? undefined : idsInHeader(headerIds)
}

const textOr = (value: Json | undefined, other: string): string =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : other

/** One event that the payload names, under our names or the vendor's script's (spec/contract.md 6.4). */
const eventOf = ({ element }: OpenInstance, given: JsonObject, now: string): JsonObject => ({
  ...given,
  elementKey: element.key,
  hubKey: element.hub,
  objectType: textOr(given['objectType'] ?? given['event_object_type'], 'unknown'),
  objectId: textOr(given['objectId'] ?? given['event_object_id'], ''),
  eventType: textOr(given['eventType'] ?? given['event_type'], 'UNKNOWN'),
  date: textOr(given['date'] ?? given['event_date'], now),
})

const eventsIn = (instance: OpenInstance, payload: Json): readonly JsonObject[] => {
  const now = `${new Date().toISOString().slice(0, 19)}Z`
  const given = isJsonObject(payload) && Array.isArray(payload['events']) ? payload['events'] : []
  const events = given.filter(isJsonObject).map((one) => eventOf(instance, one, now))
  return events.length > 0 ? events : [eventOf(instance, {}, now)]
}

const objectsOf = (events: readonly JsonObject[]): readonly string[] => [
  ...new Set(
    events
      .filter(({ objectId }) => objectId !== '')
      .map(({ objectType, objectId }) => `${objectType}/${objectId}`),
  ),
]

/** Takes in the calls of vendors: each is stored as one event of each instance that it is about, then answered. */
export const createInbound = (need: EventsNeed) => {
  const { store, catalogue } = need

  /** An element of the catalogue by its own key; a posted one, which may be any organization's, as it is called. */
  const nameOf = (keyOrId: string): string => catalogue.system.get(keyOrId)?.key ?? keyOrId.toLowerCase()

  const byFinder = async (name: string, { payload, query }: InboundCall): Promise<readonly string[]> => {
    const call: JsonObject = { ...(isJsonObject(payload) ? payload : {}), body: payload, query }
    const known = await store.directory.beginningWith('finder', finderStart(name))
    return known
      .filter(({ key }) => {
        const { path, valueHash } = parseFinder(key)
        const value = valueAt(call, path)
        return (
          (typeof value === 'string' || typeof value === 'number') && hashSecret(String(value)) === valueHash
        )
      })
      .map(({ subjectId }) => String(subjectId))
  }

  const open = async (name: string, id: string): Promise<OpenInstance | undefined> => {
    const found = await store.directory.find('instance', id)
    if (found === undefined) return undefined
    const instance = await need.instances.openById(found.organizationId, found.subjectId)
    if (instance === null || !instance.takesEvents) return undefined
    const names = [instance.element.key.toLowerCase(), inboundName(instance.element).toLowerCase()]
    return names.includes(name.toLowerCase()) ? instance : undefined
  }

  const openAll = async (name: string, ids: readonly string[]): Promise<readonly OpenInstance[]> => {
    const opened = await Promise.all([...new Set(ids)].map((id) => open(name, id)))
    return opened.filter((one) => one !== undefined)
  }

  /** A number in a payload may mean something of the vendor's own: where it opens nothing, the finder is asked. */
  const instancesOf = async (name: string, call: InboundCall): Promise<readonly OpenInstance[]> => {
    const addressed = addressedIds(call)
    if (addressed !== undefined) return openAll(name, addressed)
    const named = [...idsInPayload(call.payload), ...idsInPayload(call.query)]
    const opened = await openAll(name, named.slice(0, 1))
    return opened.length > 0 ? opened : openAll(name, await byFinder(name, call))
  }

  const keep = async (instance: OpenInstance, payload: Json): Promise<string> => {
    const events = eventsIn(instance, payload)
    const [first] = events
    const draft = eventDraft(instance, 'inbound', payload, events, {
      objectType: String(first?.['objectType'] ?? 'unknown'),
      objects: objectsOf(events),
    })
    await store.transaction((inside) => need.notifications.tell(inside, [draft]))
    return draft.eventId ?? ''
  }

  /**
   * @returns the ids of the events that were stored, one an instance.
   * @throws AppError `not-found` where it is about no instance that takes events, `bad-request` where it names too many.
   */
  return async (call: InboundCall): Promise<readonly string[]> => {
    const name = nameOf(call.elementKeyOrId)
    const instances = await instancesOf(name, call)
    if (instances.length === 0) {
      throw new AppError(
        'not-found',
        `No instance of ${name.slice(0, 64)} with events found. Name it in the path /events/${name.slice(0, 64)}/{id}, in the header Element-Instances, as instance_id in the body, or by event.notification.instance.finder. By a finder an element that was posted is called by its id: /events/{element id}.`,
      )
    }
    const eventIds: string[] = []
    for (const instance of instances) eventIds.push(await keep(instance, call.payload))
    return eventIds
  }
}
