import { describe, expect, it } from 'vitest'
import { endOf, openGate, runs, secondsOf, waits } from '../../../test/support/gate.ts'
import type { Pass } from './gate.ts'

describe('the gate to a receiver that answers', () => {
  it('lets 64 calls run at once, and the next as soon as one ends', async () => {
    const { ask, call, gate } = openGate()
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
    const { ask } = openGate()
    const first = ask('one', 10)
    expect(runs(first)).toBe(8)
    for (const one of first.slice(0, 8)) endOf(one)(true)
    // Two of 16 are those that waited.
    expect(runs(ask('one', 64))).toBe(14)
  })

  it('sends away who would wait for longer than half a second, and tells when there is room', async () => {
    const { ask, call, gate, pass, rooms } = openGate()
    call('one', 60, 400)
    const running = ask('one', 64)
    expect(waits(ask('one', 100))).toBe(80)
    expect(secondsOf(gate.ask('one'))).toBeGreaterThan(0.5)
    rooms.length = 0
    pass(400)
    for (const one of running.slice(0, 48)) endOf(one)(true)
    expect(rooms).toEqual([])
    endOf(running[48])(true)
    expect(rooms).toHaveLength(1)
    expect(rooms[0]?.[1]).toBeGreaterThan(48)
    expect(gate.roomAt('one')).toBe(rooms[0]?.[1])
  })

  it('has no room for more than it made due already, until half of those ask, or half a second is over', () => {
    const { call, ask, gate, pass } = openGate()
    call('one', 60, 5)
    expect(gate.roomAt('one')).toBe(2_048)
    gate.expect('one', 2_048)
    expect(gate.roomAt('one')).toBe(0)
    ask('one', 64)
    expect(gate.roomAt('one')).toBe(0)
    gate.expect('two', 100)
    gate.expect('two', -95)
    call('two', 1, 5)
    expect(gate.roomAt('two')).toBe(2_044)
    gate.expect('two', 1_500)
    expect(gate.roomAt('two')).toBe(0)
    pass(501)
    expect(gate.roomAt('two')).toBe(2_048)
  })

  it('goes on while some of its calls hang', () => {
    const { call, ask, gate, pass } = openGate()
    call('one', 60, 5)
    const hanging = ask('one', 3)
    for (let at = 0; at < 20; at += 1) call('one', 1, 500)
    expect([runs(ask('one', 20)), gate.roomAt('one')]).toEqual([20, 64])
    pass(2_100)
    expect(runs(ask('one', 1))).toBe(0)
    endOf(hanging[0])(false)
  })

  it('has room beside one where many wait that is fast', () => {
    const { ask, call, gate } = openGate()
    call('other', 60, 100)
    call('fast', 60, 5)
    expect(waits(ask('fast', 1_064))).toBe(1_000)
    expect(gate.roomAt('other')).toBe(320)
    expect([runs(ask('other', 64)), waits(ask('other', 40))]).toEqual([64, 40])
  })

  it('counts as waiting only who waits for a fast one', () => {
    const { ask, call, gate, pass } = openGate()
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

it('lets through, or wait, whoever asks where it tells of room, whatever happens', () => {
  const { gate, pass } = openGate()
  let seed = 7
  const random = (below: number): number => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed % below
  }
  const kinds = ['well', 'slow', 'dead', 'failing'] as const
  const running: { name: string; end: (ok: boolean) => void }[] = []
  let told = 0
  const begin = (name: string, asked: Pass | Promise<Pass>): boolean => {
    if (asked instanceof Promise) {
      void asked.then((got) => begin(name, got))
      return true
    }
    if ('end' in asked) running.push({ name, end: asked.end })
    return 'end' in asked
  }
  for (let at = 0; at < 60_000; at += 1) {
    const name = `${kinds[random(4)]} ${random(250)}`
    const room = gate.roomAt(name)
    const went = begin(name, gate.ask(name, (['put off', 'failed'] as const)[random(9)]))
    if (room > 0) {
      told += 1
      expect([name, at, went]).toEqual([name, at, true])
    }
    if (random(3) > 0 || running.length > 3_000) {
      const [one] = running.splice(random(running.length), 1)
      const isHanging = one?.name.startsWith('dead') === true && random(40) > 0
      if (isHanging && one !== undefined) running.push(one)
      else one?.end(one.name.startsWith('well') || one.name.startsWith('slow'))
    }
    pass(random(20))
  }
  expect(told).toBeGreaterThan(1_000)
})
