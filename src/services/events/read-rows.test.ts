import { expect, it } from 'vitest'
import type { Resource } from '#src/element/index.ts'
import type { JsonObject } from '#src/lib/json.ts'
import { createStop } from '#src/lib/stop-signal.ts'
import type { OpenInstance } from '../instances/index.ts'
import type { HubCall, SearchInput } from '../objects/index.ts'
import type { PollerEntry } from '../pollers/index.ts'
import { readRows } from './read-rows.ts'
import { hashOf, type Seen } from './seen.ts'

const entry: PollerEntry = {
  resource: 'people',
  query: '',
  idField: 'id',
  byUpdated: true,
  toleranceSeconds: 60,
  pageSize: 100,
  delaySeconds: 0,
  deletes: false,
}
const dated: PollerEntry = { ...entry, updated: { path: 'at' } }

const person = (id: number, more: JsonObject = {}): JsonObject => ({ id, name: `Person ${id}`, ...more })

const reading = (before: Seen | null, pages: Iterable<JsonObject[]>, by = entry) => {
  let asked: SearchInput = {}
  let limits: HubCall['ownLimits']
  const replies = { count: 0 }
  const patience: (number | undefined)[] = []
  const each = async function* (call: HubCall, _resource: Resource, input: SearchInput) {
    asked = input
    limits = call.ownLimits
    for (const page of pages) {
      patience.push(limits?.callSeconds())
      call.onReplied?.({})
      yield page
    }
  }
  const done = readRows(
    { each },
    {
      ...{ entry: by, before, beganAt: 1_000_000, from: new Date() },
      instance: {} as OpenInstance,
      resource: { name: 'people', filters: [] } as unknown as Resource,
      signal: createStop().signal,
      onReply: () => {
        replies.count += 1
      },
    },
  )
  return { done, replies, patience, asked: () => asked, limits: () => limits }
}

it('keeps only the hash of rows that are as they were, and of those that a first look tells nothing of', async () => {
  const before: Seen = new Map([
    ['1', { at: null, hash: hashOf(person(1)) }],
    ['2', { at: null, hash: hashOf(person(2)) }],
  ])
  const { rows } = await reading(before, [[person(1), person(2, { name: 'Other' }), person(3)]]).done
  expect(rows.map(({ row }) => row)).toEqual([{}, person(2, { name: 'Other' }), person(3)])
  const first = await reading(null, [[person(1)]]).done
  expect(first.rows).toMatchObject([{ id: '1', hash: hashOf(person(1)), row: {} }])
  const at = { at: '2026-08-01T00:00:00Z' }
  expect((await reading(null, [[person(1, at)]], dated).done).rows[0]?.row).toEqual(person(1, at))
})

it('refuses more changes at once than there is room for, but no large listing without them', async () => {
  const pages = (ofPages: number) =>
    Array.from({ length: ofPages }, (_, page) =>
      Array.from({ length: 10_001 }, (_, place) => person(page * 10_001 + place)),
    )
  const many = pages(10)
  expect((await reading(null, many).done).rows).toHaveLength(100_010)
  await expect(reading(new Map(), many).done).rejects.toMatchObject({ code: 'query-too-broad' })
})

it('reads a listing without times in the largest pages, unless another size is configured', async () => {
  const sizeFor = async (by: PollerEntry) => {
    const { done, asked } = reading(null, [], by)
    await done
    return asked().pageSize
  }
  expect(await sizeFor(entry)).toBe(5_000)
  expect(await sizeFor({ ...entry, pageSize: 50 })).toBe(50)
  expect(await sizeFor(dated)).toBe(100)
})

it('has more time than a hub call, and gives up early a vendor that never answered', async () => {
  const { done, limits, patience, replies } = reading(null, [[person(1)], [person(2)]])
  await done
  expect(limits()?.startedAtMs).toBe(1_000_000)
  expect(limits()?.maxSeconds).toBeGreaterThan(1_000)
  expect(patience).toEqual([60, 150])
  expect(replies.count).toBe(2)
})
