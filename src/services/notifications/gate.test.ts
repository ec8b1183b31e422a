import { describe, expect, it } from 'vitest'
import { createGate, type Gate, type Pass } from './gate.ts'

const endOf = (pass: Pass | Promise<Pass> | undefined): ((ok: boolean | undefined) => void) => {
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

const sum = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0)

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
    const { ask, call, gate, pass, rooms } = open()
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
    const { call, ask, gate, pass } = open()
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

  it('leaves room for others where hundreds hang that are new, and for those that are new too', () => {
    const { ask, call } = open()
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
    const { ask, call, pass } = open()
    call('alive', 60, 5)
    const names = Array.from({ length: 500 }, (_, at) => `dead ${at}`)
    for (const name of names) call(name, 1, 15_000, false)
    expect(names.map((name) => runs(ask(name, 4))).slice(62, 66)).toEqual([2, 2, 1, 1])
    pass(3_000)
    expect(runs(ask('new', 9))).toBe(8)
    expect(runs(ask('alive', 64))).toBe(64)
  })

  it('counts those with the failing of which it hears first by what was put off or failed', () => {
    const { gate, ask } = open()
    const names = Array.from({ length: 600 }, (_, at) => `dead ${at}`)
    expect(sum(names.map((name) => runs([gate.ask(name, true)])))).toBe(512)
    expect(runs(ask('new', 9))).toBe(8)
  })

  it('gives those that are well their share where many may begin to hang together', () => {
    const { ask, call } = open()
    const names = Array.from({ length: 100 }, (_, at) => `one ${at}`)
    for (const name of names) call(name, 60, 5)
    const counts = names.map((name) => runs(ask(name, 64)))
    expect(counts.slice(0, 16)).toEqual(counts.slice(0, 16).map(() => 64))
    expect(sum(counts)).toBeGreaterThan(2_048)
    expect(sum(counts)).toBeLessThan(2_300)
    expect(Math.min(...counts)).toBe(1)
  })

  it('learns nothing of a call that was not made', () => {
    const { ask, gate, call } = open()
    call('one', 60, 5)
    for (const one of ask('one', 10)) endOf(one)(undefined)
    expect([runs(ask('one', 10)), gate.roomAt('one')]).toEqual([10, 2_048])
  })

  it('takes one call that times out among good ones for no sign of the receiver', () => {
    const { ask, gate, call, pass } = open()
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
    const { call, gate } = open()
    call('one', 5, 15_000, false)
    expect(gate.roomAt('one')).toBe(0)
    call('one', 1, 5)
    expect(gate.roomAt('one')).toBe(2_048)
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

it('lets through, or wait, whoever asks where it tells of room, whatever happens', () => {
  const { gate, pass } = open()
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
    const went = begin(name, gate.ask(name, random(9) === 0))
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
