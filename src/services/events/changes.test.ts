import { describe, expect, it } from 'vitest'
import { type DiffRules, diff, type ReadRow } from './diff.ts'
import { forgetBefore, printSeen, readSeen, type Seen } from './seen.ts'

const rules: DiffRules = {
  dated: true,
  floor: 100,
  from: Number.NEGATIVE_INFINITY,
  toleranceMs: 60_000,
  createdOnly: false,
  deletes: false,
}
const row = (id: string, at: number | null, hash: string, createdAt: number | null = null): ReadRow => ({
  id,
  at,
  createdAt,
  hash,
  row: { id, hash },
})
const told = (seen: Seen | null, rows: readonly ReadRow[], more: Partial<DiffRules> = {}) =>
  diff(seen, rows, { ...rules, ...more }).changes.map(({ type, id }) => `${type} ${id}`)
const seen = (...rows: ReadRow[]): Seen => new Map(rows.map(({ id, at, hash }) => [id, { at, hash }]))

describe('what is an event', () => {
  it('is a row that changed after the start, new within the tolerance', () => {
    expect(told(null, [row('a', 99, '1'), row('b', 101, '1', 101), row('c', 90_000, '1', 101)])).toEqual([
      'CREATED b',
      'UPDATED c',
    ])
  })
  it('is a row of another content, even with the same or an earlier time', () => {
    const before = seen(row('a', 500, '1'), row('b', 500, '1'))
    expect(told(before, [row('a', 500, '2'), row('b', 400, '2')])).toEqual(['UPDATED b', 'UPDATED a'])
  })
  it('is a row that became visible late with the time of others', () => {
    expect(told(seen(row('a', 500, '1')), [row('a', 500, '1'), row('b', 500, '1', 500)])).toEqual([
      'CREATED b',
    ])
  })
  it('is not a row that was told, nor the second time that it stands on a page', () => {
    expect(told(seen(row('a', 500, '1')), [row('a', 500, '1')])).toEqual([])
    expect(told(null, [row('a', 500, '1'), row('a', 500, '1')])).toHaveLength(1)
  })
  it('is what was created alone, where that is asked', () => {
    const before = seen(row('a', 500, '1'))
    expect(told(before, [row('a', 500, '2'), row('b', 600, '1', 600)], { createdOnly: true })).toEqual([
      'CREATED b',
    ])
  })
  it('is, of a listing without times, what differs from the one before', () => {
    const listing = { dated: false, deletes: true }
    expect(told(null, [row('a', null, '1')], listing)).toEqual([])
    const before = seen(row('a', null, '1'), row('b', null, '1'))
    expect(told(before, [row('a', null, '2'), row('c', null, '1')], listing)).toEqual([
      'UPDATED a',
      'CREATED c',
    ])
    expect(told(before, [row('a', null, '1')], { dated: false })).toEqual([])
  })
  it('is not a row that was not known and changed before what is read', () => {
    const read = [row('old', 5_000, '1'), row('new', 5_001.5, '1', 5_001.5), row('known', 4_000, '2')]
    expect(told(seen(row('known', 4_000, '1')), read, { from: 6_000 })).toEqual(['UPDATED known'])
    expect(told(null, read, { from: 5_001 })).toEqual(['UPDATED old', 'CREATED new'])
  })
  it('is a row of a day as long as that day is read', () => {
    const day = 86_400_000
    expect(told(null, [row('a', day, '1', day)], { from: 2 * day - 1 })).toEqual(['CREATED a'])
    expect(told(null, [row('a', day, '1', day)], { from: 2 * day })).toEqual([])
  })
})

describe('a row that a whole listing does not have', () => {
  const listing = { ...rules, dated: false, deletes: true }
  const [a, b] = [row('a', null, '1'), row('b', null, '1')]
  const lastOf = (...readings: ReadRow[][]) =>
    readings.reduce<ReturnType<typeof diff>>(
      (before, rows) => diff(readSeen(printSeen(before.seen)), rows, listing),
      diff(null, [a, b], listing),
    )

  it('is gone when the next one lacks it as well, and told once', () => {
    expect(lastOf([a]).changes).toEqual([])
    expect(lastOf([a], [a]).changes).toEqual([{ type: 'DELETED', id: 'b', at: null, row: { id: 'b' } }])
    expect(lastOf([a], [a], [a]).changes).toEqual([])
  })
  it('is nothing new when it is there again', () => {
    expect(lastOf([a], [a, b]).changes).toEqual([])
    expect(lastOf([a], [a, b], [a]).changes).toEqual([])
    expect(lastOf([], [a, b], [b], [a, b]).changes).toEqual([])
  })
  it('is of no matter where deletes are not told', () => {
    const known = seen({ ...a, hash: '1' })
    expect(diff(known, [], { ...listing, deletes: false }).seen).toEqual(known)
  })
})

describe('what is remembered', () => {
  it('reads as it was printed', () => {
    const rows = seen(row('a', 1, 'x'), row('b', null, 'y'))
    expect(readSeen(printSeen(rows))).toEqual(rows)
    expect(readSeen(null)).toBeNull()
    const missing: Seen = new Map([['a', { at: null, hash: 'x', isMissing: true }]])
    expect(readSeen(printSeen(missing))).toEqual(missing)
    expect(readSeen('[["a",1,"x"]]')).toEqual(seen(row('a', 1, 'x')))
  })
  it('loses what is old but for the newest 200 of it', () => {
    const many = seen(
      ...Array.from({ length: 500 }, (_none, at) => row(`r${at}`, at + 1, 'x')),
      row('z', null, 'x'),
    )
    const kept = forgetBefore(many, 451)
    expect([...kept.keys()].filter((id) => id !== 'z')).toHaveLength(250)
    expect(kept.has('z')).toBe(true)
    expect(kept.has('r250')).toBe(true)
  })
})
