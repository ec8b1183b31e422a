import { isDeepStrictEqual } from 'node:util'
import type { JsonObject } from '#src/lib/json.ts'
import type { Received } from '../../support/receiver.ts'
import type { Orchard, Version } from './orchard.ts'
import type { Asking } from './script.ts'

/** A poll that was whole, as the vendor saw it; true times. */
export interface PollSeen {
  readonly beganAtMs: number
  readonly endedAtMs: number
  /** By how much the vendor's clock was ahead, the least that its replies told. */
  readonly offsetMs: number
  readonly before: ReadonlyMap<string, Version>
  readonly after: ReadonlyMap<string, Version>
}

/** All that is known of one script in the end. */
export interface Played {
  readonly orchard: Orchard
  readonly asking: Asking
  readonly startedAtMs: number
  readonly polls: readonly PollSeen[]
  readonly received: readonly { readonly call: Received; readonly ok: boolean }[]
}

/** How far a poll looks back before the one before it, less than the product's by what clocks cannot tell. */
const overlapMs = 117_000

interface Told {
  readonly eventId: string
  readonly type: string
  readonly id: string
  /** Undefined: it was removed. */
  readonly version: Version | undefined
}

/** Whether everybody saw it from the beginning of a poll to its end. */
const stayed = ({ before, after }: PollSeen, version: Version): boolean =>
  before.get(version.id)?.number === version.number && after.get(version.id)?.number === version.number

/** The rows that each poll is the first to see from its beginning to its end; of a row once, or of each version. */
const firstSeen = (polls: readonly PollSeen[], once: boolean): readonly (readonly Version[])[] => {
  const looked = new Set<Version | string>()
  const keyOf = (version: Version): Version | string => (once ? version.id : version)
  return polls.map((poll) => {
    const some = [...poll.before.values()].filter(
      (version) => stayed(poll, version) && !looked.has(keyOf(version)),
    )
    for (const version of some) looked.add(keyOf(version))
    return some
  })
}

/**
 * The changes that a poll could see: they were there all the while, and no set-back clock hid them. A listing without
 * times can tell those after its first poll only.
 */
const mustBeTold = ({ orchard, asking, startedAtMs, polls }: Played): readonly Version[] => {
  const { kind, resolutionMs } = orchard.style
  if (kind === 'listing') {
    const firstEndedAtMs = polls[0]?.endedAtMs ?? 0
    return firstSeen(polls, false)
      .flat()
      .filter(({ visibleAtMs }) => visibleAtMs >= firstEndedAtMs)
  }
  /** What is asked for by the moment is not shown where its time is cut to one before. */
  const cutMs = asking.reads === 'moment' ? 0 : resolutionMs
  const madeOf = (version: Version): Version =>
    (asking.createdOnly ? orchard.versions().get(version.id)?.[0] : undefined) ?? version
  return firstSeen(polls, asking.createdOnly).flatMap((some, at) => {
    const offsets = polls.slice(0, at + 1).map(({ offsetMs }) => offsetMs)
    const last = polls[at - 1]?.beganAtMs ?? startedAtMs
    const readFromMs = last + Math.min(...offsets.slice(-2)) - overlapMs
    const floorMs = startedAtMs + Math.min(...offsets) - resolutionMs
    return some.filter((version) => {
      const { madeAtMs, dateMs } = madeOf(version)
      const firstMs = Math.min(dateMs, version.dateMs)
      return madeAtMs > startedAtMs && firstMs + cutMs >= readFromMs && dateMs > floorMs
    })
  })
}

/** Rows of a listing that a poll saw, and two later ones in a row did not see from their beginning to their end. */
const mustBeGone = ({ orchard, polls }: Played): readonly string[] => {
  if (orchard.style.kind === 'dated') return []
  /** How many polls in a row have not seen it. */
  const known = new Map<string, number>()
  const gone: string[] = []
  for (const poll of polls) {
    const missing = [...known.keys()].filter((id) => !poll.before.has(id) && !poll.after.has(id))
    for (const id of missing) known.set(id, (known.get(id) ?? 0) + 1)
    const twice = missing.filter((id) => known.get(id) === 2)
    for (const id of twice) known.delete(id)
    gone.push(...twice)
    for (const version of poll.before.values()) if (stayed(poll, version)) known.set(version.id, 0)
  }
  return gone
}

const wasRemoved = (orchard: Orchard, id: string): boolean =>
  (orchard.versions().get(id) ?? []).some(({ record }) => record === null)

/** The events of a call, each with the version that it tells; words for what it invents. */
const readCall = (orchard: Orchard, { json, headers }: Received, wrong: Wrong): Told[] => {
  const { eventId, raw, events } = json.message
  if (headers['webhook-id'] !== eventId) wrong(`${eventId} came under the id ${headers['webhook-id']}`)
  const rows = raw[raw.objectType] as readonly JsonObject[]
  if (rows.length !== events.length || rows.length === 0 || rows.length > 10)
    wrong(`${eventId} has ${rows.length} rows and ${events.length} events`)
  return rows.map((row, at): Told => {
    const { objectId: id, eventType: type } = events[at]
    if (type === 'DELETED') {
      if (!wasRemoved(orchard, id)) wrong(`${id} is told as removed`)
      return { eventId, type, id, version: undefined }
    }
    const { id: _added, ...record } = row
    const version = orchard
      .versions()
      .get(id)
      ?.find((one) => isDeepStrictEqual(one.record, record))
    if (version === undefined) wrong(`${id} never was ${JSON.stringify(row)}`)
    return { eventId, type, id, version }
  })
}

type Wrong = (words: string) => void

/** The first of each event that the receiver took; each must be the same however often it came. */
const firstTaken = ({ received }: Played, wrong: Wrong): readonly Received[] => {
  const bodies = new Map<string, string>()
  const taken = new Map<string, Received>()
  for (const { call, ok } of received) {
    const id = call.json.message.eventId as string
    if ((bodies.get(id) ?? call.text) !== call.text) wrong(`${id} has two bodies`)
    bodies.set(id, call.text)
    if (ok && !taken.has(id)) taken.set(id, call)
  }
  return [...taken.values()]
}

/** Where only what was created is told, each row is, once. */
const checkCreated = (told: readonly Told[], doublesAreFine: boolean, wrong: Wrong): void => {
  const ids = new Set<string>()
  for (const { type, id } of told) {
    if (type !== 'CREATED') wrong(`${id} is told as ${type}`)
    if (ids.has(id) && !doublesAreFine) wrong(`${id} is told as created twice`)
    ids.add(id)
  }
}

/** Each object's events come in the order of its changes, and none twice. */
const checkOrder = (told: readonly Told[], doublesAreFine: boolean, wrong: Wrong): void => {
  const newest = new Map<string, number>()
  for (const { id, version } of told) {
    if (version === undefined) continue
    const before = newest.get(id) ?? 0
    if (version.number < before) wrong(`${id}: ${version.number} came after ${before}`)
    if (version.number === before && !doublesAreFine) wrong(`${id} as of ${before} was told twice`)
    newest.set(id, version.number)
  }
}

const checkRemovals = (played: Played, told: readonly Told[], wrong: Wrong): void => {
  const removals = told.filter(({ type }) => type === 'DELETED').map(({ id }) => id)
  for (const id of mustBeGone(played)) {
    const at = removals.indexOf(id)
    if (at < 0) wrong(`lost: the removal of ${id}`)
    else removals.splice(at, 1)
  }
}

/** What is wrong with what the receiver got; nothing: all is well. */
export const verdictOn = (played: Played, doublesAreFine: boolean): readonly string[] => {
  const failures: string[] = []
  const wrong = (words: string): void => {
    failures.push(words)
  }
  const told = firstTaken(played, wrong).flatMap((call) => readCall(played.orchard, call, wrong))
  const createdOnly = played.asking.createdOnly && played.orchard.style.kind === 'dated'
  const tells = (one: Told, version: Version): boolean =>
    createdOnly ? one.id === version.id : one.version === version
  for (const version of mustBeTold(played))
    if (!told.some((one) => tells(one, version))) wrong(`lost: ${version.id} as of ${version.number}`)
  if (createdOnly) checkCreated(told, doublesAreFine, wrong)
  checkRemovals(played, told, wrong)
  checkOrder(told, doublesAreFine, wrong)
  return failures
}
