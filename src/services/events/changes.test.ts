import { describe, expect, it } from 'vitest'
import { type DiffRules, diff, type ReadRow } from './diff.ts'
import { forgetBefore, printSeen, readSeen, type Seen } from './seen.ts'

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
