import { describe, expect, it } from 'vitest'
import { dueAfterRenewal, endOf, stateOf, whatIsDue } from './grant-times.ts'

const now = new Date('2026-06-01T00:00:00Z')
const minutes = 60_000
const days = 24 * 60 * minutes

const at = (ms: number | null): Date | null => (ms === null ? null : new Date(now.getTime() + ms))
const inMs = (date: Date | null): number | null => (date === null ? null : date.getTime() - now.getTime())

interface Given {
  /** All from now, in milliseconds. */
  readonly renewed: number
  readonly used?: number
  readonly expires: number
  readonly refreshEnds: number | null
}

const rowOf = ({ renewed, used, expires, refreshEnds }: Given) => ({
  renewedAt: at(renewed) as Date,
  usedAt: at(used ?? null),
  expiresAt: at(expires) as Date,
  refreshExpiresAt: at(refreshEnds),
})

/** A grant of an hour whose refresh token lives 180 days, renewed so long ago. */
const hourly = (ago: number, used?: number): Given => ({
  renewed: -ago,
  expires: 60 * minutes - ago,
  refreshEnds: 180 * days - ago,
  ...(used === undefined ? {} : { used }),
})

/** One of a year that tells no end of its refresh token. */
const yearly = (ago: number, used?: number): Given => ({
  renewed: -ago,
  expires: 365 * days - ago,
  refreshEnds: null,
  ...(used === undefined ? {} : { used }),
})

describe('a grant that can be renewed', () => {
  it.each([
    ['fresh and idle', hourly(0), false, false, 30 * days],
    ['fresh and in use', hourly(1 * minutes, 0), false, false, 30 * days - 1 * minutes],
    ['at three quarters, in use', hourly(45 * minutes, -20 * minutes), true, false, null],
    ['just before that, in use', hourly(44 * minutes, -20 * minutes), false, false, null],
    ['at three quarters, idle', hourly(45 * minutes), false, false, 30 * days - 45 * minutes],
    ['ended, idle', hourly(5 * days), false, false, 25 * days],
    ['ended, used late', hourly(5 * days, -1 * days), true, false, null],
    ['idle for a sixth of half a year', hourly(30 * days), true, false, null],
    ['idle until fourteen days before its end', hourly(166 * days), true, true, null],
    ['idle beyond its end', hourly(200 * days), true, false, null],
    ['of a year, idle', yearly(0), false, false, 292 * days],
    ['of a year, idle for 292 days', yearly(292 * days), true, false, null],
    ['of a year, in use for 200 days', yearly(200 * days, -1), false, false, 92 * days],
    ['of a year, in use for 274 days', yearly(274 * days, -1), true, false, null],
    [
      'of an hour that tells no end of its refresh token',
      { renewed: 0, expires: 60 * minutes, refreshEnds: null },
      false,
      false,
      30 * days,
    ],
  ] as const)('%s: renew %s', (_title, given, renew, expiring, next) => {
    const due = whatIsDue(rowOf(given), true, now)
    expect({ renew: due.renew, expiring: due.expiring, ended: due.ended }).toEqual({
      renew,
      expiring,
      ended: false,
    })
    if (next !== null) expect(inMs(due.next)).toBe(next)
  })

  it('is due a little before four fifths of its life, and not all at once', () => {
    const grant = { refreshToken: 'r', expiresAt: at(60 * minutes) as Date, refreshExpiresAt: at(180 * days) }
    const dues = Array.from({ length: 200 }, () => inMs(dueAfterRenewal(grant, now)) ?? 0)
    for (const due of dues) {
      expect(due).toBeGreaterThanOrEqual(45 * minutes)
      expect(due).toBeLessThanOrEqual(48 * minutes)
    }
    expect(new Set(dues).size).toBeGreaterThan(20)
  })

  it('when it is looked at after that, in use, is always renewed', () => {
    for (let round = 0; round < 200; round++) {
      const given = hourly(0)
      const due = dueAfterRenewal({ refreshToken: 'r', ...rowOf(given) }, now) as Date
      expect(whatIsDue({ ...rowOf(given), usedAt: now }, true, due).renew).toBe(true)
    }
  })
})

describe('a grant that nothing renews', () => {
  const alone = (ago: number): Given => yearly(ago)
  it.each([
    ['fresh', alone(0), false, false, 351 * days],
    ['fourteen days before its end', alone(351 * days), true, false, 14 * days],
    ['ended', alone(365 * days), false, true, 0],
  ] as const)('%s', (_title, given, expiring, ended, next) => {
    const due = whatIsDue({ ...rowOf(given), usedAt: now }, false, now)
    expect({ ...due, next: inMs(due.next) }).toEqual({ renew: false, expiring, ended, next })
  })

  it.each([
    ['of a year is due fourteen days before its end', 365 * days, 351 * days],
    ['of an hour is due at once', 60 * minutes, 0],
  ])('%s', (_title, expires, due) => {
    const grant = { refreshToken: null, expiresAt: at(expires) as Date, refreshExpiresAt: null }
    expect(inMs(dueAfterRenewal(grant, now))).toBe(due)
  })
})

describe('how a grant stands', () => {
  it.each([
    ['ok', hourly(0), true, 'ok', 'ok'],
    ['ok, its token ended', hourly(2 * days), true, 'ok', 'ok'],
    ['expiring', hourly(167 * days), true, 'ok', 'expiring'],
    ['lapsed', hourly(180 * days), true, 'ok', 'needs-reconnect'],
    ['broken', hourly(0), true, 'needs-reconnect', 'needs-reconnect'],
    ['of no known end', yearly(400 * days), true, 'ok', 'ok'],
    ['not to be renewed', yearly(0), false, 'ok', 'ok'],
    ['not to be renewed, near its end', yearly(352 * days), false, 'ok', 'expiring'],
    ['not to be renewed, over', yearly(365 * days), false, 'ok', 'needs-reconnect'],
  ] as const)('%s', (_title, given, hasRefreshToken, state, shown) => {
    expect(stateOf({ ...rowOf(given), state }, hasRefreshToken, now)).toBe(shown)
  })

  it('ends with its refresh token, where it has one', () => {
    expect(inMs(endOf(rowOf(hourly(0)), true))).toBe(180 * days)
    expect(inMs(endOf(rowOf(hourly(0)), false))).toBe(60 * minutes)
    expect(endOf(rowOf(yearly(0)), true)).toBeNull()
  })
})
