import { describe, expect, it } from 'vitest'
import { floorOf, leastSkew, reachesBack, readFrom, type Standing, skewFrom, stepOf } from './window.ts'

const hour = 3_600_000
const now = Date.parse('2026-03-01T12:00:00Z')
const fresh: Standing = { startedAt: now, polledAt: null, skewMs: null, newestAt: null }

describe('the window of a poll', () => {
  it('begins two minutes and five seconds before the start, later before the last poll, and the delay before that', () => {
    expect(readFrom(fresh, null, 0)).toBe(now - 125_000)
    expect(readFrom({ ...fresh, polledAt: now + hour }, 0, 30_000)).toBe(now + hour - 155_000)
  })

  it('goes by the vendor clock, whichever of its settings then and now is behind', () => {
    const polled = { ...fresh, polledAt: now, skewMs: hour }
    expect(readFrom(polled, hour, 0)).toBe(now + hour - 125_000)
    expect(readFrom(polled, -hour, 0)).toBe(now - hour - 125_000)
    expect(readFrom(polled, 2 * hour, 0)).toBe(now + hour - 125_000)
    expect(leastSkew(null, null)).toBeNull()
    expect(leastSkew(null, 7)).toBe(7)
  })

  it('reaches back to the newest change that was seen', () => {
    const polled = { ...fresh, polledAt: now, skewMs: 0, newestAt: now - hour }
    expect(readFrom(polled, 0, 0)).toBe(now - hour - 125_000)
  })

  it('is wide enough when one clock tells a little less than at the last poll, and not when it went back', () => {
    const polled = { ...fresh, polledAt: now, skewMs: -10 }
    const from = readFrom(polled, -10, 0)
    expect(reachesBack(from, readFrom(polled, -999, 0))).toBe(true)
    expect(reachesBack(from, readFrom(polled, -6_000, 0))).toBe(false)
    // Rows may be late by two minutes even then.
    expect(now - 999 - from).toBeGreaterThanOrEqual(120_000)
  })

  it('takes the Date header for the least that the clock can be ahead', () => {
    expect(skewFrom('Sun, 01 Mar 2026 12:00:10 GMT', now)).toBe(10_000)
    expect(skewFrom('Sun, 01 Mar 2026 12:00:00 GMT', now + 999)).toBe(-999)
    expect(skewFrom('yesterday', now)).toBeNull()
    expect(skewFrom(undefined, now)).toBeNull()
  })

  it('has a floor a little before the start that falls with the clock and never rises', () => {
    const floor = floorOf(fresh, 0, null)
    expect(floor).toBe(now - 5_000)
    expect(floorOf(fresh, -4_000, floor)).toBe(floor)
    expect(floorOf(fresh, -hour, floor)).toBe(floor - hour)
    expect(floorOf(fresh, hour, floor)).toBe(floor)
  })

  it('knows how coarse a time is by its zeros', () => {
    const at = (text: string): number => stepOf(Date.parse(text))
    expect(at('2026-03-01T12:13:14.015Z')).toBe(1)
    expect(at('2026-03-01T12:13:14Z')).toBe(1_000)
    expect(at('2026-03-01T12:13Z')).toBe(60_000)
    expect(at('2026-03-01T00:00+05:45')).toBe(86_400_000)
  })
})
