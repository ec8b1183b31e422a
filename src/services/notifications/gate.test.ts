import { describe, expect, it } from 'vitest'
import { createGate, type Pass } from './gate.ts'

const open = () => {
  let nowMs = 1_000
  const gate = createGate(() => nowMs)
  return {
    gate,
    pass: (ms: number): void => {
      nowMs += ms
    },
    ask: (name: string, count: number): readonly (Pass | Promise<Pass>)[] =>
      Array.from({ length: count }, () => gate.ask(name)),
  }
}

const endOf = (pass: Pass): ((ok: boolean) => void) => {
  if ('end' in pass) return pass.end
  throw new Error(`sent away for ${pass.afterSeconds} s`)
}

describe('the gate to receivers', () => {
  it('lets 64 calls run at once, and the next as soon as one ends', async () => {
    const { ask, gate } = open()
    const running = await Promise.all(ask('one', 64))
    const waiting = gate.ask('one')
    expect(waiting).toBeInstanceOf(Promise)
    endOf(running[0] as Pass)(true)
    endOf(await waiting)(true)
  })

  it('sends away who would wait for longer than half a second, each later than the one before', () => {
    const { ask, pass, gate } = open()
    ask('one', 64)
    pass(1_000)
    const waits = ask('one', 32)
    expect(waits.every((one) => one instanceof Promise)).toBe(true)
    const sent = [gate.ask('one'), gate.ask('one')] as { afterSeconds: number }[]
    expect(sent[0]?.afterSeconds).toBeGreaterThan(0.5)
    expect(sent[1]?.afterSeconds).toBeGreaterThan(sent[0]?.afterSeconds ?? 9)
  })

  it('leaves a receiver that hangs two calls, and others all of theirs', async () => {
    const { ask, pass, gate } = open()
    const hanging = await Promise.all(ask('dead', 64))
    pass(15_000)
    for (const one of hanging) endOf(one)(false)
    expect(gate.ask('dead')).toHaveProperty('end')
    expect(gate.ask('dead')).toHaveProperty('end')
    expect(gate.ask('dead')).toHaveProperty('afterSeconds')
    expect(ask('alive', 64).every((one) => 'end' in one)).toBe(true)
  })

  it('sends away who waits when the receiver begins to fail', async () => {
    const { ask, gate } = open()
    const running = await Promise.all(ask('one', 64))
    const waiting = [gate.ask('one'), gate.ask('one'), gate.ask('one'), gate.ask('one')]
    for (const one of running.slice(0, 3)) endOf(one)(false)
    const passes = await Promise.all(waiting)
    expect(passes.filter((one) => 'end' in one)).toHaveLength(2)
    expect(passes.filter((one) => 'afterSeconds' in one)).toHaveLength(2)
  })
})
