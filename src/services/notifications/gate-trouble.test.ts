import { describe, expect, it } from 'vitest'
import { endOf, openGate, runs, secondsOf, sum, waits } from '../../../test/support/gate.ts'

describe('the gate to a receiver that does not', () => {
  it('lets 128 wait for the first answer and has the others come back when it shows', () => {
    const { ask, gate, pass } = openGate()
    pass(1_000)
    const asked = ask('dead', 200)
    expect([runs(asked), waits(asked)]).toEqual([8, 128])
    expect(secondsOf(asked[199])).toBeGreaterThan(20)
    expect(secondsOf(asked[199])).toBeLessThan(20.1)
    expect(gate.roomAt('dead')).toBe(0)
    expect(runs(ask('alive', 8))).toBe(8)
  })

  it('lets no more than 512 wait at all of those together', () => {
    const { ask } = openGate()
    const asked = Array.from({ length: 10 }, (_, at) => waits(ask(`dead ${at}`, 200)))
    expect(asked).toEqual([128, 128, 128, 128, 0, 0, 0, 0, 0, 0])
  })

  it('leaves one that hangs two calls, and others all of theirs', () => {
    const { ask, call, pass } = openGate()
    const hanging = ask('dead', 8)
    pass(15_000)
    for (const one of hanging) endOf(one)(false)
    const next = ask('dead', 4)
    expect(runs(next)).toBe(2)
    expect(secondsOf(next[3])).toBeGreaterThan(secondsOf(next[2]) + 1)
    call('alive', 60, 5)
    expect(runs(ask('alive', 64))).toBe(64)
  })

  it('leaves room for others where hundreds hang that are new, and for those that are new too', () => {
    const { ask, call } = openGate()
    call('alive', 60, 5)
    const first = Array.from({ length: 1_000 }, (_, at) => ask(`dead ${at}`, 12))
    // 16 with 8 calls each, then one each.
    expect(first.map(runs).slice(14, 18)).toEqual([8, 8, 1, 1])
    expect(sum(first.slice(0, 900).map(runs))).toBe(16 * 8 + 884)
    expect(sum(first.map(runs))).toBe(1_024)
    expect(secondsOf(first[950]?.[0])).toBeCloseTo(2.25, 1)
    expect(secondsOf(first[950]?.[4])).toBeCloseTo(3.25, 1)
    expect(runs(ask('alive', 64))).toBe(64)
  })

  it('leaves them room where hundreds hang that are known', () => {
    const { ask, call, pass } = openGate()
    call('alive', 60, 5)
    const names = Array.from({ length: 500 }, (_, at) => `dead ${at}`)
    for (const name of names) call(name, 1, 15_000, false)
    expect(names.map((name) => runs(ask(name, 4))).slice(62, 66)).toEqual([2, 2, 1, 1])
    pass(3_000)
    expect(runs(ask('new', 9))).toBe(8)
    expect(runs(ask('alive', 64))).toBe(64)
  })

  it('counts those with the failing of which it hears first by what was put off or failed', () => {
    const { gate, ask } = openGate()
    const names = Array.from({ length: 600 }, (_, at) => `dead ${at}`)
    expect(sum(names.map((name) => runs([gate.ask(name, 'put off')])))).toBe(512)
    expect(runs(ask('new', 9))).toBe(8)
  })

  it('gives those that are well their share where many may begin to hang together', () => {
    const { ask, call } = openGate()
    const names = Array.from({ length: 100 }, (_, at) => `one ${at}`)
    for (const name of names) call(name, 60, 5)
    const counts = names.map((name) => runs(ask(name, 64)))
    expect(counts.slice(0, 16)).toEqual(counts.slice(0, 16).map(() => 64))
    expect(sum(counts)).toBeGreaterThan(2_048)
    expect(sum(counts)).toBeLessThan(2_300)
    expect(Math.min(...counts)).toBe(1)
  })

  it('learns nothing of a call that was not made', () => {
    const { ask, gate, call } = openGate()
    call('one', 60, 5)
    for (const one of ask('one', 10)) endOf(one)(undefined)
    expect([runs(ask('one', 10)), gate.roomAt('one')]).toEqual([10, 2_048])
  })

  it('takes one call that times out among good ones for no sign of the receiver', () => {
    const { ask, gate, call, pass } = openGate()
    call('one', 60, 5)
    const [hanging] = ask('one', 1)
    for (let at = 0; at < 30; at += 1) call('one', 1, 500)
    for (let at = 0; at < 60; at += 1) call('one', 1, 5)
    endOf(hanging)(false)
    call('one', 1, 5)
    expect(gate.roomAt('one')).toBe(2_048)
    pass(1)
  })

  it('trusts one that failed for long with its first good answer', () => {
    const { call, gate } = openGate()
    call('one', 5, 15_000, false)
    expect(gate.roomAt('one')).toBe(0)
    call('one', 1, 5)
    expect(gate.roomAt('one')).toBe(2_048)
  })

  it('tells of room for two after a failure or two, and for none after more', () => {
    const { call, rooms } = openGate()
    call('one', 60, 5)
    rooms.length = 0
    call('one', 3, 5, false)
    expect(rooms).toEqual([
      ['one', 2],
      ['one', 2],
    ])
  })

  it('asks one that answers slowly for 16 calls at a time, and learns so that it is slow no more', () => {
    const { ask, call, gate, rooms } = openGate()
    call('slow', 1, 3_000)
    expect(gate.roomAt('slow')).toBe(16)
    const asked = ask('slow', 20)
    expect([runs(asked), gate.roomAt('slow')]).toEqual([16, 0])
    for (const one of asked.slice(0, 16)) endOf(one)(true)
    expect(rooms.at(-1)?.[1]).toBeGreaterThan(8)
  })

  it('lets those that failed before go first, each in its turn, and the others when none of them waits', () => {
    const { gate, ask, call, pass } = openGate()
    call('dead', 3, 15_000, false)
    const running = ask('dead', 2)
    const retries = [gate.ask('dead', 'failed'), gate.ask('dead', 'failed')]
    expect(retries.map(secondsOf)).toEqual([8, 15.5])
    pass(8_000)
    endOf(running[0])(false)
    expect(secondsOf(gate.ask('dead'))).toBeGreaterThan(1)
    const retry = gate.ask('dead', 'failed')
    expect(runs([retry])).toBe(1)
    pass(7_000)
    endOf(running[1])(false)
    endOf(retry)(false)
    expect(runs(ask('dead', 1))).toBe(0)
    pass(9_000)
    expect(runs(ask('dead', 3))).toBe(2)
  })

  it('sends away who waits when it begins to fail, all within five minutes', async () => {
    const { ask, gate } = openGate()
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
    const { ask, call, gate, pass, rooms } = openGate()
    call('one', 3, 5, false)
    rooms.length = 0
    const two = ask('one', 1_000).slice(0, 2)
    expect([rooms, gate.roomAt('one')]).toEqual([[], 0])
    for (const one of two) endOf(one)(true)
    expect(rooms).toEqual([
      ['one', 2_048],
      ['one', 2_048],
    ])
    ask('one', 10)
    pass(60)
    const asked = ask('one', 1_000)
    expect(waits(asked)).toBe(512)
    expect(secondsOf(asked[999])).toBeLessThan(3)
  })
})
