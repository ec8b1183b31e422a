import type { JsonObject } from '#src/lib/json.ts'
import type { Received } from '../../../support/receiver.ts'
import type { PollNoted, Stored } from './books.ts'
import { type Called, calledType } from './caller.ts'
import type { Version } from './ledger.ts'
import type { Arrived } from './receivers.ts'

/** All that is known in the end. */
export interface Played {
  readonly objects: ReadonlyMap<string, readonly Version[]>
  readonly polls: readonly PollNoted[]
  readonly arrived: readonly Arrived[]
  readonly calls: readonly Called[]
  readonly stored: readonly Stored[]
  readonly instanceIds: readonly number[]
  /** By what the pollers say. */
  readonly found: number
}

/** What the receivers came to. */
export interface Verdict {
  readonly failures: readonly string[]
  /** Changes that a poll could see, of all instances together. */
  readonly due: number
  /** Changes that were told. */
  readonly told: number
  /** Taken deliveries of an event that had been taken before. */
  readonly repeats: number
}

type Wrong = (words: string) => void

/** One change, as an event tells it. */
interface Told {
  readonly eventId: string
  readonly instanceId: number
  /** Such as `reports/1`. */
  readonly key: string
  /** Of the version, or of the vendor's call. */
  readonly number: number
}

interface Events {
  readonly first: ReadonlyMap<string, Received>
  readonly repeats: number
}

/** The first of each event that a receiver took; every one of an event must be the same. */
const readEvents = ({ arrived }: Played, wrong: Wrong): Events => {
  const bodies = new Map<string, string>()
  const first = new Map<string, Received>()
  let repeats = 0
  for (const { call, taken } of arrived) {
    const id = String(call.json?.message?.eventId)
    if (call.headers['webhook-id'] !== id) wrong(`${id} came under the id ${call.headers['webhook-id']}`)
    if ((bodies.get(id) ?? call.text) !== call.text) wrong(`${id} has two bodies`)
    bodies.set(id, call.text)
    if (!taken) continue
    if (first.has(id)) repeats += 1
    else first.set(id, call)
  }
  return { first, repeats }
}

/** The database and the receivers have the same events, and each is delivered. */
const checkStored = ({ stored }: Played, { first }: Events, wrong: Wrong): void => {
  const ids = new Set(stored.map(({ eventId }) => eventId))
  for (const id of first.keys()) if (!ids.has(id)) wrong(`${id} came and is not stored`)
  for (const { eventId, body, status } of stored) {
    const came = first.get(eventId)
    if (came === undefined) wrong(`lost: event ${eventId} is stored and never came`)
    else if (came.text !== body) wrong(`${eventId} is stored with another body than it came with`)
    if (status !== 'delivered') wrong(`${eventId} came and is stored as ${status}`)
  }
}

/** The changes that a poll's event tells; words for what never was. */
const readPolled = (played: Played, message: JsonObject, wrong: Wrong): Told[] => {
  const eventId = String(message['eventId'])
  const instanceId = Number(message['instanceId'])
  const raw = message['raw'] as JsonObject
  const rows = raw[String(raw['objectType'])] as readonly JsonObject[]
  const events = message['events'] as readonly JsonObject[]
  if (rows.length !== events.length || rows.length === 0 || rows.length > 10)
    wrong(`${eventId} has ${rows.length} rows and ${events.length} events`)
  return rows.flatMap((row, at): Told[] => {
    const event = events[at] ?? {}
    const key = `${String(raw['objectType'])}/${String(event['objectId'])}`
    const name = event['eventType'] === 'DELETED' ? null : row['Name']
    const version = played.objects.get(key)?.find((one) => one.name === name)
    if (version !== undefined) return [{ eventId, instanceId, key, number: version.number }]
    wrong(`${key} never was ${JSON.stringify(row)}`)
    return []
  })
}

const readCalled = ({ calls }: Played, message: JsonObject, wrong: Wrong): Told[] => {
  const eventId = String(message['eventId'])
  const instanceId = Number(message['instanceId'])
  const { number } = message['raw'] as { readonly number: number }
  const call = calls[number - 1]
  if (call?.instanceId === instanceId)
    return [{ eventId, instanceId, key: `${calledType}/${call.objectId}`, number }]
  wrong(`the vendor never called about ${JSON.stringify(message)}`)
  return []
}

/** Each object's changes come in their order, and none under two ids. */
const checkOrder = (told: readonly Told[], wrong: Wrong): void => {
  const newest = new Map<string, Told>()
  for (const one of told) {
    const place = `instance ${one.instanceId}, ${one.key}`
    const before = newest.get(place)
    if (before?.number === one.number)
      wrong(`${place} as of ${one.number} has two ids: ${before.eventId} and ${one.eventId}`)
    else if (before !== undefined && before.number > one.number)
      wrong(`${place} as of ${one.number} came after ${before.number}`)
    newest.set(place, one)
  }
}

/** How long a version was there to be seen. */
interface Span {
  readonly version: Version
  readonly fromMs: number
  readonly untilMs: number
}

const spansOf = (versions: readonly Version[]): readonly Span[] =>
  versions.map((version, at) => ({
    version,
    fromMs: version.madeAtMs,
    untilMs: versions[at + 1]?.askedAtMs ?? Number.POSITIVE_INFINITY,
  }))

/**
 * The versions of one object that these polls must have found: there from the beginning of a poll to its end; a removal
 * after a poll that saw the object there, from two polls on. Every one of them was made after the first poll.
 */
const mustBeTold = (versions: readonly Version[], polls: readonly PollNoted[]): readonly Version[] => {
  const due: Version[] = []
  for (const { version, fromMs, untilMs } of spansOf(versions)) {
    const isRemoval = version.name === null
    const looks = polls.filter(({ beganAtMs, endedAtMs }) => beganAtMs >= fromMs && endedAtMs <= untilMs)
    if (isRemoval ? looks.length >= 2 && due.length > 0 : looks.length > 0) due.push(version)
  }
  return due
}

/** What one instance must have been told of one object. */
const checkObject = (
  {
    instanceId,
    key,
    told,
  }: { readonly instanceId: number; readonly key: string; readonly told: Set<string> },
  versions: readonly Version[],
  polls: readonly PollNoted[],
  wrong: Wrong,
): number => {
  const due = mustBeTold(versions, polls)
  const last = versions.at(-1)
  if (last !== undefined && last.name !== null && !due.includes(last))
    wrong(`instance ${instanceId} was not polled after the last change of ${key}`)
  for (const { number } of due)
    if (!told.has(`${instanceId} ${key} ${number}`))
      wrong(`lost: instance ${instanceId}, ${key} as of ${number}`)
  return due.length
}

/** @returns how many changes had to be told. */
const checkChanges = (played: Played, all: readonly Told[], wrong: Wrong): number => {
  const told = new Set(all.map(({ instanceId, key, number }) => `${instanceId} ${key} ${number}`))
  let due = 0
  for (const instanceId of played.instanceIds)
    for (const type of ['reports', 'lists']) {
      const polls = played.polls.filter((poll) => poll.instanceId === instanceId && poll.type === type)
      for (const [key, versions] of played.objects)
        if (versions[0]?.type === type) due += checkObject({ instanceId, key, told }, versions, polls, wrong)
    }
  return due
}

const checkCalls = ({ calls }: Played, told: readonly Told[], wrong: Wrong): void => {
  const known = new Set(told.map(({ key, number }) => `${key} ${number}`))
  for (const { number, objectId, status } of calls) {
    if (status === 200 && !known.has(`${calledType}/${objectId} ${number}`))
      wrong(`lost: call ${number} of the vendor, which was answered by 200`)
    if (status !== undefined && status < 500 && status !== 200)
      wrong(`call ${number} of the vendor was answered by ${status}`)
  }
}

/** Holds what the receivers got against what the vendor was, and what the database has. */
export const verdictOn = (played: Played): Verdict => {
  const failures: string[] = []
  const wrong: Wrong = (words) => {
    failures.push(words)
  }
  const events = readEvents(played, wrong)
  const messages = [...events.first.values()].map(({ json }) => json.message as JsonObject)
  const isPolled = ({ raw }: JsonObject): boolean => (raw as JsonObject)['objectType'] !== undefined
  const polled = messages.filter(isPolled).flatMap((message) => readPolled(played, message, wrong))
  const called = messages
    .filter((message) => !isPolled(message))
    .flatMap((message) => readCalled(played, message, wrong))
  checkStored(played, events, wrong)
  checkOrder([...polled, ...called], wrong)
  checkCalls(played, called, wrong)
  const due = checkChanges(played, polled, wrong)
  if (played.found !== polled.length)
    wrong(`the pollers say that they found ${played.found} changes, and ${polled.length} came`)
  return { failures, due, told: polled.length + called.length, repeats: events.repeats }
}

/** The longest time between two polls that were stored, of any poller, in milliseconds. */
export const longestGap = (polls: readonly PollNoted[]): number => {
  const last = new Map<string, number>()
  let longest = 0
  for (const { instanceId, type, endedAtMs } of polls) {
    const key = `${instanceId} ${type}`
    longest = Math.max(longest, endedAtMs - (last.get(key) ?? endedAtMs))
    last.set(key, endedAtMs)
  }
  return Math.round(longest)
}
