import { describe, expect, it } from 'vitest'
import { createGate, type Gate, type Pass } from './gate.ts'

const endOf = (pass: Pass | Promise<Pass> | undefined): ((ok: boolean) => void) => {
  if (pass === undefined || pass instanceof Promise) throw new Error('it waits')
  if ('end' in pass) return pass.end
  throw new Error(`sent away for ${pass.afterSeconds} s`)
}

const secondsOf = (pass: Pass | Promise<Pass> | undefined): number => {
  if (pass === undefined || pass instanceof Promise) throw new Error('it waits')
  if ('end' in pass) throw new Error('it runs')
  return pass.afterSeconds
}

const open = () => {
  let nowMs = 1_000
  const rooms: [name: string, room: number][] = []
  const gate: Gate = createGate(
    (name) => void rooms.push([name, gate.roomAt(name)]),
    () => nowMs,
  )
  const pass = (ms: number): void => {
    nowMs += ms
  }
  const ask = (name: string, count: number): readonly (Pass | Promise<Pass>)[] =>
    Array.from({ length: count }, () => gate.ask(name))
  return {
    gate,
    rooms,
    pass,
    ask,
    /** So many calls, one after the other, each of so long. */
    call: (name: string, count: number, ms: number, ok = true): void => {
      for (let at = 0; at < count; at += 1) {
        const end = endOf(gate.ask(name))
        pass(ms)
        end(ok)
      }
    },
  }
}

const runs = (passes: readonly (Pass | Promise<Pass>)[]): number =>
  passes.filter((one) => !(one instanceof Promise) && 'end' in one).length

const waits = (passes: readonly (Pass | Promise<Pass>)[]): number =>
  passes.filter((one) => one instanceof Promise).length

describe('the gate to a receiver that answers', () => {
  it('lets 64 calls run at once, and the next as soon as one ends', async () => {
    const { ask, call, gate } = open()
    call('one', 60, 5)
    const running = ask('one', 64)
    expect(runs(running)).toBe(64)
    const waiting = gate.ask('one')
    expect(waiting).toBeInstanceOf(Promise)
    expect(gate.waiting()).toBe(1)
    endOf(running[0])(true)
    endOf(await waiting)(true)
    expect(gate.waiting()).toBe(0)
  })

  it('begins with 8, and lets one more run with each that goes well', () => {
    const { ask } = open()
    const first = ask('one', 10)
    expect(runs(first)).toBe(8)
    for (const one of first.slice(0, 8)) endOf(one)(true)
    // Two of 16 are those that waited.
    expect(runs(ask('one', 64))).toBe(14)
  })

  it('sends away who would wait for longer than half a second, and tells when there is room', async () => {
    const { ask, call, gate, rooms } = open()
    call('one', 60, 400)
    const running = ask('one', 64)
    expect(waits(ask('one', 100))).toBe(80)
    expect(secondsOf(gate.ask('one'))).toBeGreaterThan(0.5)
    rooms.length = 0
    for (const one of running.slice(0, 48)) endOf(one)(true)
    expect(rooms).toEqual([])
    endOf(running[48])(true)
    expect(rooms).toHaveLength(1)
    expect(rooms[0]?.[1]).toBeGreaterThan(48)
    expect(gate.roomAt('one')).toBe(rooms[0]?.[1])
  })

  it('has no room for more than it made due already, until those ask, or two seconds are over', () => {
    const { call, ask, gate, pass } = open()
    call('one', 60, 5)
    expect(gate.roomAt('one')).toBe(512)
    gate.expect('one', 500)
    expect(gate.roomAt('one')).toBe(0)
    ask('one', 64)
    expect(gate.roomAt('one')).toBe(0)
    ask('one', 430)
    expect(gate.roomAt('one')).toBe(0)
    gate.expect('two', 100)
    gate.expect('two', -95)
    call('two', 1, 5)
    expect(gate.roomAt('two')).toBe(508)
    gate.expect('two', 500)
    expect(gate.roomAt('two')).toBe(0)
    pass(2_001)
    expect(gate.roomAt('two')).toBe(512)
  })

  it('goes on while some of its calls hang', () => {
    const { call, ask, gate, pass } = open()
    call('one', 60, 5)
    const hanging = ask('one', 3)
    for (let at = 0; at < 20; at += 1) call('one', 1, 500)
    expect([runs(ask('one', 20)), gate.roomAt('one')]).toEqual([20, 64])
    pass(2_100)
    expect(runs(ask('one', 1))).toBe(0)
    endOf(hanging[0])(false)
  })

  it('counts as waiting only who waits for a fast one', () => {
    const { ask, call, gate, pass } = open()
    call('slow', 60, 400)
    ask('slow', 100)
    ask('new', 100)
    expect(gate.waiting()).toBe(0)
    call('fast', 60, 5)
    ask('fast', 74)
    expect(gate.waiting()).toBe(10)
    pass(60)
    expect(gate.waiting()).toBe(0)
  })
})

describe('the gate to a receiver that does not', () => {
  it('lets 128 wait for the first answer and has the others come back when it shows', () => {
    const { ask, gate, pass } = open()
    pass(1_000)
    const asked = ask('dead', 200)
    expect([runs(asked), waits(asked)]).toEqual([8, 128])
    expect(secondsOf(asked[199])).toBeGreaterThan(20)
    expect(secondsOf(asked[199])).toBeLessThan(20.1)
    expect(gate.roomAt('dead')).toBe(0)
    expect(runs(ask('alive', 8))).toBe(8)
  })

  it('lets no more than 512 wait at all of those together', () => {
    const { ask } = open()
    const asked = Array.from({ length: 10 }, (_, at) => waits(ask(`dead ${at}`, 200)))
    expect(asked).toEqual([128, 128, 128, 128, 0, 0, 0, 0, 0, 0])
  })

  it('leaves one that hangs two calls, and others all of theirs', () => {
    const { ask, call, pass } = open()
    const hanging = ask('dead', 8)
    pass(15_000)
    for (const one of hanging) endOf(one)(false)
    const next = ask('dead', 4)
    expect(runs(next)).toBe(2)
    expect(secondsOf(next[3])).toBeGreaterThan(secondsOf(next[2]) + 1)
    call('alive', 60, 5)
    expect(runs(ask('alive', 64))).toBe(64)
  })

  it('leaves room for others where hundreds hang, known or new', () => {
    const { ask, call, pass } = open()
    call('alive', 60, 5)
    const first = Array.from({ length: 500 }, (_, at) => ask(`dead ${at}`, 12))
    // 16 with 8 calls each, then one each.
    expect(first.map(runs).slice(14, 18)).toEqual([8, 8, 1, 1])
    expect(first.reduce((sum, asked) => sum + runs(asked), 0)).toBe(512)
    expect(secondsOf(first[450]?.[0])).toBeCloseTo(2, 1)
    expect(runs(ask('alive', 64))).toBe(64)
    pass(15_000)
    for (const asked of first) for (const one of asked.slice(0, runs(asked))) endOf(one)(false)
    const again = Array.from({ length: 500 }, (_, at) => runs(ask(`dead ${at}`, 4)))
    expect(again.slice(0, 400).reduce((sum, count) => sum + count, 0)).toBe(2 * 64 + 336)
    expect(again.slice(62, 66)).toEqual([2, 2, 1, 1])
    expect(runs(ask('other', 8))).toBe(1)
  })

  it('tells of room for two after a failure or two, and for none after more', () => {
    const { call, rooms } = open()
    call('one', 60, 5)
    rooms.length = 0
    call('one', 3, 5, false)
    expect(rooms).toEqual([
      ['one', 2],
      ['one', 2],
    ])
  })

  it('asks one that is slow for two calls at a time, and learns so that it is so no more', () => {
    const { ask, call, gate, rooms } = open()
    call('slow', 1, 3_000)
    expect(gate.roomAt('slow')).toBe(2)
    const two = ask('slow', 3)
    expect([runs(two), gate.roomAt('slow')]).toEqual([2, 0])
    for (const one of two.slice(0, 2)) endOf(one)(true)
    expect(rooms.at(-1)?.[1]).toBeGreaterThan(8)
  })

  it('sends away who waits when it begins to fail, all within five minutes', async () => {
    const { ask, gate } = open()
    const running = ask('one', 8)
    const waiting = ask('one', 4)
    for (const one of running.slice(0, 3)) endOf(one)(false)
    const passes = await Promise.all(waiting)
    expect(passes.filter((one) => 'end' in one)).toHaveLength(2)
    const away = ask('one', 10_000)
    expect(secondsOf(away[1])).toBeCloseTo(secondsOf(away[0]) + 0.05)
    expect(secondsOf(away[9_999])).toBe(300)
    expect(gate.roomAt('one')).toBe(0)
  })

  it('tells when it is well again, and sends nobody far away from then on', () => {
    const { ask, call, gate, pass, rooms } = open()
    call('one', 3, 5, false)
    rooms.length = 0
    const two = ask('one', 1_000).slice(0, 2)
    expect([rooms, gate.roomAt('one')]).toEqual([[], 0])
    for (const one of two) endOf(one)(true)
    expect(rooms).toEqual([
      ['one', 512],
      ['one', 512],
    ])
    ask('one', 10)
    pass(60)
    const asked = ask('one', 1_000)
    expect(waits(asked)).toBe(512)
    expect(secondsOf(asked[999])).toBeLessThan(3)
  })
})
