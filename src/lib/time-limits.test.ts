import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createTimeLimits } from './time-limits.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

describe('time limits', () => {
  it('end waits in their order, long ones within a tenth of a second, short ones at once', () => {
    const limits = createTimeLimits()
    const over: string[] = []
    for (const ms of [60_000, 5_000, 300]) limits.watch(ms, { over: () => over.push(String(ms)) })
    vi.advanceTimersByTime(299)
    expect(over).toEqual([])
    vi.advanceTimersByTime(1)
    expect(over).toEqual(['300'])
    vi.advanceTimersByTime(4_699)
    expect(over).toEqual(['300'])
    vi.advanceTimersByTime(101)
    expect(over).toEqual(['300', '5000'])
    vi.advanceTimersByTime(60_000)
    expect(over).toEqual(['300', '5000', '60000'])
  })

  it('forget a wait that ended, and leave no timer behind', () => {
    const limits = createTimeLimits()
    const over: string[] = []
    const ends = [5_000, 300].map((ms) => limits.watch(ms, { over: () => over.push(String(ms)) }))
    expect(vi.getTimerCount()).toBe(2)
    for (const end of ends) limits.end(end)
    vi.advanceTimersByTime(200)
    expect(vi.getTimerCount()).toBe(0)
    vi.advanceTimersByTime(10_000)
    expect(over).toEqual([])
  })

  it('use one timer for many waits', () => {
    const limits = createTimeLimits()
    for (let at = 0; at < 100; at += 1) limits.watch(10_000 + at, { over: () => undefined })
    expect(vi.getTimerCount()).toBe(1)
  })
})
