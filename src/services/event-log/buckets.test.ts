import { describe, expect, it } from 'vitest'
import { bucketStarts } from './buckets.ts'

/** A day by minute, and more. */
const mostBuckets = 2_000

const starts = (unit: Parameters<typeof bucketStarts>[0], from: string, to: string) =>
  bucketStarts(unit, new Date(from), new Date(to)).map((ms) => new Date(ms).toISOString())

describe('buckets', () => {
  it('touch both ends of a span', () => {
    const byMinute = starts('minute', '2026-03-01T10:00:00Z', '2026-03-01T11:00:00Z')
    expect([byMinute.length, byMinute[0], byMinute[60]]).toEqual([
      61,
      '2026-03-01T10:00:00.000Z',
      '2026-03-01T11:00:00.000Z',
    ])
    expect(starts('hour', '2026-03-01T10:59:59.999Z', '2026-03-01T10:59:59.999Z')).toEqual([
      '2026-03-01T10:00:00.000Z',
    ])
  })

  it('of weeks begin on Monday, of months on the first, also before 1970', () => {
    expect(starts('week', '2026-03-01T00:00:00Z', '2026-03-02T00:00:00Z')).toEqual([
      '2026-02-23T00:00:00.000Z',
      '2026-03-02T00:00:00.000Z',
    ])
    expect(starts('month', '1969-12-31T23:00:00Z', '1970-02-01T00:00:00Z')).toEqual([
      '1969-12-01T00:00:00.000Z',
      '1970-01-01T00:00:00.000Z',
      '1970-02-01T00:00:00.000Z',
    ])
    expect(starts('day', '1969-12-31T23:00:00Z', '1970-01-01T01:00:00Z')).toHaveLength(2)
  })

  it('are refused where they would be too many, and not one earlier', () => {
    const from = Date.parse('2026-03-01T00:00:00Z')
    const last = new Date(from + (mostBuckets - 1) * 60_000)
    expect(bucketStarts('minute', new Date(from), last)).toHaveLength(mostBuckets)
    const beyond = new Date(from + mostBuckets * 60_000)
    expect(() => bucketStarts('minute', new Date(from), beyond)).toThrow(/^interval: by minute/)
  })
})
