import { expect, it } from 'vitest'
import { createPace } from './pace.ts'

it('begins with the first limit answer, ten calls a second, evenly', () => {
  const pace = createPace()
  pace.slow(0, -1, 0)
  expect(pace.rate()).toBe(10)
  expect([pace.take(0), pace.take(0), pace.take(0), pace.freeAt(0)]).toEqual([0, 100, 200, 300])
  // What was not used is not saved up.
  expect([pace.take(5_000), pace.take(5_000)]).toEqual([5_000, 5_100])
})

it('halves with a limit answer to a call from after the last halving, down to one a second', () => {
  const pace = createPace()
  pace.slow(1_000, 900, 0)
  pace.slow(1_001, 950, 0)
  pace.slow(1_002, 1_000, 0)
  expect(pace.rate()).toBe(10)
  const rates = [1_100, 1_200, 1_300, 1_400, 1_500].map((at) => {
    pace.slow(at, at - 1, 0)
    return pace.rate()
  })
  expect(rates).toEqual([5, 2.5, 1.25, 1, 1])
})

it('lets nobody go before the time that the vendor asked for', () => {
  const pace = createPace()
  pace.slow(0, -1, 7_000)
  expect(pace.pausedUntil()).toBe(7_000)
  expect([pace.take(0), pace.take(1_000)]).toEqual([7_000, 7_100])
  // A shorter wish does not shorten it, and each wish is heard, also one about an older call.
  pace.slow(2_000, -1, 1_000)
  expect(pace.pausedUntil()).toBe(7_000)
  pace.slow(2_000, -1, 9_000)
  expect(pace.take(2_000)).toBe(11_000)
})

it('grows by a tenth each second in which calls had to wait and none was refused', () => {
  const pace = createPace()
  pace.slow(0, -1, 0)
  for (let atMs = 0; atMs < 10_000; atMs += 50) pace.take(atMs)
  expect(pace.rate()).toBeCloseTo(10 * 1.1 ** 9, 5)
  const busy = pace.rate()
  // Nobody waits: nothing says that it could be faster.
  for (let atMs = 100_000; atMs < 110_000; atMs += 1_000) pace.take(atMs)
  expect(pace.rate()).toBe(busy)
})

it('finds the limit of a vendor that takes so many calls a second, and stays near it', () => {
  const pace = createPace()
  let [refused, done] = [0, 0]
  const sentAt: number[] = []
  // Somebody always waits; the vendor counts 25 calls in each second that slides.
  for (let atMs = 0; atMs < 120_000; ) {
    const inWindow = sentAt.filter((one) => one > atMs - 1_000).length
    if (inWindow < 25) {
      sentAt.push(atMs)
      done += 1
    } else {
      refused += 1
      pace.slow(atMs, atMs, 0)
    }
    atMs = Math.max(atMs + 0.01, pace.take(atMs))
    sentAt.splice(
      0,
      sentAt.findIndex((one) => one > atMs - 1_000),
    )
  }
  expect(refused / (refused + done)).toBeLessThan(0.05)
  expect(done / 120).toBeGreaterThan(12)
})
