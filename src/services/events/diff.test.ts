import { describe, expect, it } from 'vitest'
import { type DiffRules, diff, type ReadRow } from './diff.ts'
import { forgetBefore, printSeen, readSeen, type Seen } from './seen.ts'
import { floorOf, readFrom, skewFrom } from './window.ts'

const rules: DiffRules = {
  dated: true,
  floor: 100,
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
    expect(told(null, [row('a', 100, '1'), row('b', 101, '1', 101), row('c', 90_000, '1', 101)])).toEqual([
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
      'DELETED b',
    ])
    expect(told(before, [row('a', null, '1')], { dated: false })).toEqual([])
  })
})

describe('what is remembered', () => {
  it('reads as it was printed', () => {
    const rows = seen(row('a', 1, 'x'), row('b', null, 'y'))
    expect(readSeen(printSeen(rows))).toEqual(rows)
    expect(readSeen(null)).toBeNull()
  })
  it('loses what is old but for the newest 200 of it', () => {
    const many = seen(
      ...Array.from({ length: 500 }, (_none, at) => row(`r${at}`, at, 'x')),
      row('z', null, 'x'),
    )
    const kept = forgetBefore(many, 450)
    expect([...kept.keys()].filter((id) => id !== 'z')).toHaveLength(250)
    expect(kept.has('z')).toBe(true)
    expect(kept.has('r250')).toBe(true)
  })
})

describe('the time to read from', () => {
  const standing = { startedAt: 10_000_000, polledAt: 20_000_000, skewMs: 0, newestAt: null }

  it('lies before the last poll, by the earlier of the two settings of the vendor’s clock', () => {
    expect(readFrom(standing, 0, 0)).toBe(19_880_000)
    expect(readFrom(standing, -3_600_000, 0)).toBe(16_280_000)
    expect(readFrom({ ...standing, skewMs: -3_600_000 }, 0, 0)).toBe(16_280_000)
    expect(readFrom(standing, 0, 30_000)).toBe(19_850_000)
  })
  it('lies before the newest change that was seen, so that a clock which the header does not tell loses nothing', () => {
    expect(readFrom({ ...standing, newestAt: 15_000_000 }, 0, 0)).toBe(14_880_000)
  })
  it('begins at the start, a little before', () => {
    expect(readFrom({ ...standing, polledAt: null, skewMs: null }, null, 0)).toBe(9_880_000)
    expect(floorOf(standing, 5_000, null)).toBe(10_004_000)
    expect(floorOf(standing, 3_000, 10_004_000)).toBe(10_004_000)
    expect(floorOf(standing, -60_000, 10_004_000)).toBe(9_939_000)
  })
  it('follows the Date header', () => {
    expect(
      skewFrom('Thu, 26 Nov 2026 12:00:00 GMT', Date.UTC(2026, 10, 26, 11), Date.UTC(2026, 10, 26, 11)),
    ).toBe(3_600_500)
    expect(skewFrom(undefined, 1, 2)).toBeNull()
    expect(skewFrom('now', 1, 2)).toBeNull()
  })
})
