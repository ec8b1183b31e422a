import { createGate, type Gate, type Pass } from '#src/services/notifications/gate.ts'

/** @throws Error when it waits or was sent away. */
export const endOf = (pass: Pass | Promise<Pass> | undefined): ((ok: boolean | undefined) => void) => {
  if (pass === undefined || pass instanceof Promise) throw new Error('it waits')
  if ('end' in pass) return pass.end
  throw new Error(`sent away for ${pass.afterSeconds} s`)
}

/** For how long it was sent away. @throws Error when it was not. */
export const secondsOf = (pass: Pass | Promise<Pass> | undefined): number => {
  if (pass === undefined || pass instanceof Promise) throw new Error('it waits')
  if ('end' in pass) throw new Error('it runs')
  return pass.afterSeconds
}

/** A gate on a clock that the test moves, and what it told of room. */
export const openGate = () => {
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

/** How many may call. */
export const runs = (passes: readonly (Pass | Promise<Pass>)[]): number =>
  passes.filter((one) => !(one instanceof Promise) && 'end' in one).length

export const sum = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0)

/** How many wait. */
export const waits = (passes: readonly (Pass | Promise<Pass>)[]): number =>
  passes.filter((one) => one instanceof Promise).length
