import { describe, expect, it } from 'vitest'
import { type DiffRules, diff, type ReadRow } from './diff.ts'
import { forgetBefore, hashOf, printSeen, readSeen } from './seen.ts'

const at = (text: string): number => Date.parse(`2026-03-01T${text}Z`)

const read = (id: string, time: string | null, name = 'x', created = time): ReadRow => ({
  id,
  at: time === null ? null : at(time),
  createdAt: created === null ? null : at(created),
  hash: hashOf({ id, name }),
  row: { id, name },
})

const rules: DiffRules = {
  dated: true,
  floor: at('12:00:00.500'),
  from: Number.NEGATIVE_INFINITY,
  toleranceMs: 60_000,
  createdOnly: false,
  deletes: false,
}

const told = (seen: Parameters<typeof diff>[0], rows: readonly ReadRow[], more: Partial<DiffRules> = {}) =>
  diff(seen, rows, { ...rules, ...more }).changes.map(({ type, id }) => `${type} ${id}`)

describe('the difference between what is remembered and what was read', () => {
  it('tells what changed after the floor, also where times have no seconds', () => {
    expect(told(null, [read('before', '11:59:59.007'), read('after', '12:00:01.007')])).toEqual([
      'CREATED after',
    ])
    expect(told(null, [read('second', '12:00:00')])).toEqual(['CREATED second'])
    expect(told(null, [read('minute', '12:00'), read('old', '11:58')])).toEqual(['CREATED minute'])
    expect(told(null, [read('day', '00:00')])).toEqual(['CREATED day'])
  })

  it('tells each content once, and another content with the same time too', () => {
    const first = diff(null, [read('a', '12:01:02.003', 'one')], rules)
    expect(told(first.seen, [read('a', '12:01:02.003', 'one')])).toEqual([])
    expect(told(first.seen, [read('a', '12:01:02.003', 'two')])).toEqual(['UPDATED a'])
    expect(told(first.seen, [read('b', '12:01:02.003', 'one')])).toEqual(['CREATED b'])
  })

  it('calls a row new within the tolerance between its two times', () => {
    expect(told(null, [read('a', '12:05:00.001', 'x', '12:04:01')])).toEqual(['CREATED a'])
    expect(told(null, [read('a', '12:05:02.001', 'x', '12:04:01')])).toEqual(['UPDATED a'])
  })

  it('takes a listing without times as it stands at first, then tells what comes, changes and goes', () => {
    const listing = { dated: false, deletes: true }
    const first = diff(null, [read('a', null), read('b', null)], { ...rules, ...listing })
    expect(first.changes).toEqual([])
    const next = [read('b', null, 'y'), read('c', null)]
    expect(told(first.seen, next, listing)).toEqual(['UPDATED b', 'CREATED c'])
    expect(told(diff(first.seen, next, { ...rules, ...listing }).seen, next, listing)).toEqual(['DELETED a'])
    expect(told(first.seen, next, { dated: false })).toEqual(['UPDATED b', 'CREATED c'])
  })

  it('takes the last of two looks at a row within one reading', () => {
    const { changes } = diff(
      null,
      [read('a', '12:01:00.001', 'one'), read('a', '12:02:00.001', 'two')],
      rules,
    )
    expect(changes.map(({ row }) => row['name'])).toEqual(['two'])
  })
})

describe('what is remembered', () => {
  it('is what will be read again, and the newest 200 before', () => {
    const time = (n: number): string => `11:${10 + Math.floor(n / 60)}:${10 + (n % 50)}.${100 + n}`
    const rows = Array.from({ length: 300 }, (_, n) => read(`r${n}`, time(n)))
    const { seen } = diff(null, rows, rules)
    expect(forgetBefore(seen, at('11:00:00')).size).toBe(300)
    const kept = forgetBefore(seen, at('12:00:00'))
    expect(kept.size).toBe(200)
    const times = [...kept.values()].map((row) => row.at ?? 0)
    const gone = [...seen].filter(([id]) => !kept.has(id)).map(([, row]) => row.at ?? 0)
    expect(Math.min(...times)).toBeGreaterThan(Math.max(...gone))
    expect(readSeen(printSeen(kept))).toEqual(kept)
  })

  it('keeps a row of a day as long as the day may still be read', () => {
    const rows = Array.from({ length: 300 }, (_, n) => read(`r${n}`, '00:00'))
    const { seen } = diff(null, rows, rules)
    expect(forgetBefore(seen, at('23:59')).size).toBe(300)
  })

  it('is also a row that may be a day younger than it tells, behind however many that may not', () => {
    const rows = [read('quarter', '11:15'), ...Array.from({ length: 300 }, (_, n) => read(`r${n}`, '11:31'))]
    const { seen } = diff(null, rows, rules)
    const from = at('12:00')
    const kept = forgetBefore(seen, from)
    expect(kept.has('quarter')).toBe(true)
    expect(diff(kept, rows, { ...rules, from }).changes).toEqual([])
  })

  it('hashes content in whatever order its fields come', () => {
    expect(hashOf({ a: 1, b: { c: 2, d: [3] } })).toBe(hashOf({ b: { d: [3], c: 2 }, a: 1 }))
    expect(hashOf({ a: [1, 2] })).not.toBe(hashOf({ a: [2, 1] }))
  })

  it('hashes content whether nulls are shown or not', () => {
    expect(hashOf({ a: null, b: { c: null, d: [{ e: null }] } })).toBe(hashOf({ b: { d: [{}] } }))
    expect(hashOf({ b: 1 })).toBe('7mCT8n6gALm4N_Sp')
  })
})
