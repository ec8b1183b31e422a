import { describe, expect, it } from 'vitest'
import { AppError } from '#src/lib/errors.ts'
import { cronOfInterval, parseQuartz } from './quartz.ts'

/** A Thursday. */
const start = new Date('2026-01-15T10:07:30.500Z')

const times = (text: string, count: number, after = start): readonly string[] => {
  const schedule = parseQuartz(text, 'cron')
  const found: string[] = []
  for (let at = schedule.next(after); at !== null && found.length < count; at = schedule.next(at))
    found.push(at.toISOString().replace(/:00\.000Z$/, ''))
  return found
}

/** Expression, what it means, and its next times. */
const table: readonly (readonly [cron: string, means: string, next: readonly string[]])[] = [
  ['0 0/15 * 1/1 * ? *', 'each quarter', ['2026-01-15T10:15', '2026-01-15T10:30', '2026-01-15T10:45']],
  ['0 0/15 * * * ?', 'each quarter, six fields', ['2026-01-15T10:15', '2026-01-15T10:30']],
  ['0 */20 * * * ?', 'each third of an hour', ['2026-01-15T10:20', '2026-01-15T10:40', '2026-01-15T11:00']],
  ['0 /30 * * * ?', 'a step without a start', ['2026-01-15T10:30', '2026-01-15T11:00']],
  ['0 5/25 * * * ?', 'from the fifth minute', ['2026-01-15T10:30', '2026-01-15T10:55', '2026-01-15T11:05']],
  ['0 10-20/5 9 * * ?', 'a range in steps', ['2026-01-16T09:10', '2026-01-16T09:15', '2026-01-16T09:20']],
  ['30 7 10 * * ?', 'within this minute', ['2026-01-16T10:07:30.000Z']],
  ['59 * * * * ?', 'each minute', ['2026-01-15T10:07:59.000Z', '2026-01-15T10:08:59.000Z']],
  ['0 0 12 * * ?', 'noon', ['2026-01-15T12:00', '2026-01-16T12:00']],
  ['0 0 22-2 * * ?', 'hours over midnight', ['2026-01-15T22:00', '2026-01-15T23:00', '2026-01-16T00:00']],
  ['0 0 22-2/2 * * ?', 'in steps of two', ['2026-01-15T22:00', '2026-01-16T00:00', '2026-01-16T02:00']],
  ['0 0 12 ? * 1', 'Sunday is 1', ['2026-01-18T12:00', '2026-01-25T12:00']],
  ['0 0 12 ? * 7', 'Saturday is 7', ['2026-01-17T12:00', '2026-01-24T12:00']],
  ['0 0 12 ? * L', 'so is L', ['2026-01-17T12:00', '2026-01-24T12:00']],
  ['0 0 12 ? * 2-6', 'Monday to Friday', ['2026-01-15T12:00', '2026-01-16T12:00', '2026-01-19T12:00']],
  ['0 0 12 ? * mon-fri', 'in words', ['2026-01-15T12:00', '2026-01-16T12:00', '2026-01-19T12:00']],
  ['0 0 12 ? * FRI-MON', 'over the end', ['2026-01-16T12:00', '2026-01-17T12:00', '2026-01-18T12:00']],
  ['0 0 12 ? * 2/2', 'each second from Monday', ['2026-01-16T12:00', '2026-01-19T12:00']],
  ['0 0 12 ? * SUN,WED', 'two days', ['2026-01-18T12:00', '2026-01-21T12:00']],
  ['0 0 12 * * MON', 'a star beside a weekday', ['2026-01-19T12:00', '2026-01-26T12:00']],
  ['0 0 12 ? * 6L', 'the last Friday', ['2026-01-30T12:00', '2026-02-27T12:00']],
  ['0 0 12 ? * FRIL', 'in words', ['2026-01-30T12:00', '2026-02-27T12:00']],
  ['0 0 12 ? * 2#1', 'the first Monday', ['2026-02-02T12:00', '2026-03-02T12:00']],
  ['0 0 12 ? * MON#5', 'the fifth Monday', ['2026-03-30T12:00', '2026-06-29T12:00']],
  ['0 0 12 L * ?', 'the last day', ['2026-01-31T12:00', '2026-02-28T12:00']],
  ['0 0 12 LW * ?', 'the last working day', ['2026-01-30T12:00', '2026-02-27T12:00']],
  ['0 0 12 15W * ?', 'the working day nearest', ['2026-01-15T12:00', '2026-02-16T12:00']],
  ['0 0 12 1,L * ?', 'first and last', ['2026-01-31T12:00', '2026-02-01T12:00']],
  ['0 0 0 1 JAN,JUL ?', 'two months', ['2026-07-01T00:00', '2027-01-01T00:00']],
  ['0 0 0 1 11-2 ?', 'months over the end', ['2026-02-01T00:00', '2026-11-01T00:00', '2026-12-01T00:00']],
  ['0 0 0 29 2 ?', 'leap days', ['2028-02-29T00:00', '2032-02-29T00:00']],
  ['0 0 0 1 1 ? 2027-2031/2', 'years', ['2027-01-01T00:00', '2029-01-01T00:00', '2031-01-01T00:00']],
  ['0 0 0 1 1 ? 2020', 'a year that is over', []],
  ['0 0 0 30 2 ?', 'a day that never is', []],
]

describe('a Quartz cron expression', () => {
  it.each(table)('%s: %s', (cron, _means, next) => {
    expect(times(cron, Math.max(1, next.length))).toEqual(next)
  })

  it('gives each time once, in UTC, through the days when clocks change', () => {
    expect(times('0 0 1-3 * * ?', 4, new Date('2026-03-29T00:30:00Z'))).toEqual([
      ...['2026-03-29T01:00', '2026-03-29T02:00', '2026-03-29T03:00', '2026-03-30T01:00'],
    ])
  })

  it.each([
    ['', /^cron: 1 fields instead of 6 or 7\. Send a Quartz cron expression/],
    ['*/5 * * * *', /5 fields/],
    ['0 0 12 * * ? * *', /8 fields/],
    ['@daily', /1 fields/],
    ['0 0 12 ? * ?', /cannot both be \?/],
    ['0 0 12 1 * MON', /one of day of month and day of week must be \?/],
    ['0 0 12 1/1 * MON', /one of day of month/],
    ['* * * * * ?', /once a minute at most/],
    ['0,30 * * * * ?', /once a minute at most/],
    ['0/30 * * * * ?', /once a minute at most/],
    ['60 * * * * ?', /seconds cannot be 60/],
    ['0 60 * * * ?', /minutes cannot be 60/],
    ['0 ? * * * ?', /minutes cannot be \?/],
    ['0 0/0 * * * ?', /minutes cannot be 0\/0/],
    ['0 0/61 * * * ?', /minutes cannot be 0\/61/],
    ['0 1-2-3 * * * ?', /minutes cannot/],
    ['0 1,,2 * * * ?', /minutes cannot/],
    ['0 *-5 * * * ?', /minutes cannot/],
    ['0 0 24 * * ?', /hours cannot be 24/],
    ['0 0 0 0 * ?', /day of month cannot be 0/],
    ['0 0 0 32 * ?', /day of month cannot be 32/],
    ['0 0 0 L-3 * ?', /day of month cannot be L-3/],
    ['0 0 0 1 13 ?', /month cannot be 13/],
    ['0 0 0 1 JAM ?', /month cannot be JAM/],
    ['0 0 0 ? * 0', /day of week cannot be 0/],
    ['0 0 0 ? * 8', /day of week cannot be 8/],
    ['0 0 0 ? * 2#6', /day of week cannot be 2#6/],
    ['0 0 0 ? * +MON', /day of week cannot be/],
    ['0 0 0 1 1 ? 1969', /year cannot be 1969/],
    ['0 0 0 1 1 ? 2030-2028', /year cannot be 2030-2028/],
    [`0 0 0 1 1 ? ${'2030,'.repeat(50)}2031`, /longer than 200/],
  ])('%s is refused, with the field and the form', (cron, message) => {
    expect(() => parseQuartz(cron, 'cron')).toThrow(message)
    expect(() => parseQuartz(cron, 'cron')).toThrow(AppError)
  })
})

describe('an interval', () => {
  it.each([
    [60, '0 0/1 * 1/1 * ? *'],
    [15 * 60, '0 0/15 * 1/1 * ? *'],
    [3_600, '0 0 0/1 1/1 * ? *'],
    [90 * 60, '0 0 0/2 1/1 * ? *'],
    [86_400, '0 0 0 1/1 * ? *'],
    [7 * 86_400, '0 0 0 1/7 * ? *'],
  ])('of %s s is %s, which can be read', (seconds, cron) => {
    expect(cronOfInterval(seconds)).toBe(cron)
    expect(times(cron, 1)).toHaveLength(1)
  })
})
