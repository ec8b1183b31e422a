import { expect, it } from 'vitest'
import { createSlowHosts, hostOf, type Pass } from './slow-hosts.ts'

const opened = () => {
  let nowMs = 1_000_000
  const hosts = createSlowHosts(() => nowMs)
  return {
    pass: (ms: number): void => {
      nowMs += ms
    },
    /** Those that may run, of so many that ask. */
    begin: (name: string, count: number): Pass[] =>
      Array.from({ length: count }, () => hosts.begin(name)).filter((one) => 'end' in one),
    waitOf: (name: string): number => {
      const asked = hosts.begin(name)
      return 'afterSeconds' in asked ? asked.afterSeconds : 0
    },
  }
}

const endAll = (passes: readonly Pass[]): void => {
  for (const one of passes) one.end()
}

it('lets a quick host have every place, however many it has', () => {
  const { pass, begin } = opened()
  for (let round = 0; round < 20; round += 1) {
    const passes = begin('https://quick.example', 256)
    expect(passes).toHaveLength(256)
    pass(1_000)
    for (const one of passes) one.heard()
    endAll(passes)
  }
})

it('keeps a host that hangs to few places, and leaves the others alone', () => {
  const { pass, begin } = opened()
  const hanging: Pass[] = []
  for (let second = 0; second < 60; second += 1) {
    hanging.push(...begin('https://hangs.example', 10))
    pass(1_000)
  }
  expect(hanging.length).toBeGreaterThanOrEqual(64)
  expect(hanging.length).toBeLessThan(130)
  expect(begin('https://quick.example', 150)).toHaveLength(150)
})

it('gives a host that hung no more places at once than that, until it has answered quickly', () => {
  const { pass, begin } = opened()
  const first = begin('https://hangs.example', 256)
  pass(6_000)
  expect(begin('https://hangs.example', 10)).toHaveLength(0)
  pass(54_000)
  endAll(first)
  const second = begin('https://hangs.example', 256)
  expect(second).toHaveLength(64)
  pass(100)
  for (const one of second) one.heard()
  endAll(second)
  const third = begin('https://hangs.example', 256)
  expect(third).toHaveLength(128)
  for (const one of third) one.heard()
  endAll(third)
  expect(begin('https://hangs.example', 300)).toHaveLength(300)
})

it('does not call a long listing slow whose pages come', () => {
  const { pass, begin } = opened()
  const long = begin('https://large.example', 100)
  for (let second = 0; second < 60; second += 1) {
    pass(1_000)
    for (const one of long) one.heard()
  }
  expect(begin('https://large.example', 100)).toHaveLength(100)
})

it('spreads those that find no room over longer, the more of them there are', () => {
  const { pass, begin, waitOf } = opened()
  begin('https://hangs.example', 100)
  pass(6_000)
  const early = Array.from({ length: 100 }, () => waitOf('https://hangs.example'))
  expect(Math.min(...early)).toBeGreaterThanOrEqual(2)
  expect(Math.max(...early)).toBeLessThan(7)
  for (let more = 0; more < 10_000; more += 1) waitOf('https://hangs.example')
  const late = Array.from({ length: 1_000 }, () => waitOf('https://hangs.example'))
  expect(Math.max(...late)).toBeGreaterThan(40)
  expect(Math.max(...late)).toBeLessThanOrEqual(62)
})

it('tells hosts apart by scheme, name and port', () => {
  expect(hostOf('https://api.example:8443/v1/x?y')).toBe('https://api.example:8443')
  expect(hostOf('')).toBe('')
})
