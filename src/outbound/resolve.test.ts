import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AppError } from '#src/lib/errors.ts'
import { type Resolve, type SharedResolveOptions, sharedResolve, suspectsAtOnce } from './resolve.ts'

const address = { address: '192.0.2.1', family: 4 }
const failed = (code: string): NodeJS.ErrnoException => Object.assign(new Error(code), { code })

/** A resolver that answers when it is told to, on a clock that goes when it is told to. */
const open = (options: Partial<SharedResolveOptions> = {}) => {
  let nowMs = 0
  const asked: string[] = []
  const waiting = new Map<string, Parameters<Resolve>[1]>()
  const told: string[] = []
  const resolve = sharedResolve(
    (name, done) => {
      asked.push(name)
      waiting.set(name, done)
    },
    { now: () => nowMs, suspects: 8, ...options },
  )
  /** Answers a question that is on its way, so long after now. */
  const answer = (name: string, error: NodeJS.ErrnoException | null = null, afterMs = 0): void => {
    nowMs += afterMs
    const done = waiting.get(name)
    if (done === undefined) throw new Error(`${name} is not asked for`)
    waiting.delete(name)
    done(error, error === null ? [address] : [])
  }
  const ask = (...names: readonly string[]): void => {
    for (const name of names)
      resolve(name, (error, addresses) => told.push(`${name} ${error?.code ?? addresses.length}`))
  }
  return {
    ...{ asked, told, waiting, answer, ask, resolve },
    pass: (ms: number): void => {
      nowMs += ms
    },
    /** Makes names known as well. */
    greet: (...names: readonly string[]): void => {
      for (const name of names) {
        ask(name)
        answer(name)
      }
      asked.length = 0
      told.length = 0
    },
  }
}

/** Names of as many owners. */
const dead = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, at) => `a.dead${at}.example`)

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

describe('names that are looked up', () => {
  it('are asked for at once when they answered well, however many dead ones there are', () => {
    const { greet, ask, asked, answer, told } = open()
    const good = Array.from({ length: 20 }, (_, at) => `good${at}.example`)
    greet(...good)
    ask(...dead(100), ...good)
    expect(asked).toEqual([...dead(8), ...good])
    for (const name of good) answer(name)
    expect(told).toEqual(good.map((name) => `${name} 1`))
  })

  it('are asked for 8 at a time while nothing is known of them, the others in turn', () => {
    const { ask, asked, answer } = open()
    ask(...dead(12))
    expect(asked).toEqual(dead(8))
    answer('a.dead3.example', failed('EAI_AGAIN'))
    answer('a.dead0.example')
    expect(asked).toEqual(dead(10))
  })

  it('of one domain have half of the turns, so that a thousand of them leave room for unknown ones', () => {
    const { ask, asked, answer } = open()
    const tarpit = Array.from({ length: 1000 }, (_, at) => `${at}.tarpit.example`)
    ask(...tarpit)
    expect(asked).toEqual(tarpit.slice(0, 4))
    ask('new.vendor.example', 'other.example.', 'a.other.example')
    expect(asked.slice(4)).toEqual(['new.vendor.example', 'other.example.', 'a.other.example'])
    answer('0.tarpit.example', failed('EAI_AGAIN'))
    expect(asked.slice(7)).toEqual(['4.tarpit.example'])
  })

  it.each([
    ['failed', failed('ENOTFOUND'), 0],
    ['took more than two seconds', null, 2_001],
  ])('are suspects again once one %s', (_title, error, afterMs) => {
    const { greet, ask, asked, answer } = open()
    greet('once.good.example')
    ask('once.good.example')
    answer('once.good.example', error, afterMs)
    ask(...dead(8), 'once.good.example')
    expect(asked).toEqual(['once.good.example', ...dead(8)])
    answer('a.dead0.example')
    expect(asked.at(-1)).toBe('once.good.example')
  })

  it('stay well where this machine had no open file left for the question', () => {
    const { greet, ask, asked, answer, told } = open()
    greet('good.example')
    ask('good.example')
    answer('good.example', failed('EMFILE'), 6_000)
    ask(...dead(8), 'good.example')
    answer('good.example')
    expect([told, asked.at(-1)]).toEqual([['good.example EMFILE', 'good.example 1'], 'good.example'])
  })

  it('are asked for once, in line and on the way, and again by whoever comes later', () => {
    const { ask, asked, answer, told } = open({ suspects: 1 })
    ask('a.example', 'b.example', 'a.example', 'b.example')
    expect(asked).toEqual(['a.example'])
    answer('a.example')
    ask('b.example')
    answer('b.example')
    ask('a.example')
    answer('a.example')
    expect(asked).toEqual(['a.example', 'b.example', 'a.example'])
    expect(vi.getTimerCount()).toBe(0)
    const twice = (name: string) => [name, name]
    expect(told).toEqual([...twice('a.example 1'), ...twice('b.example 1'), 'b.example 1', 'a.example 1'])
  })

  it('are asked for anew after a quick failure, and for half a minute not after a slow one', async () => {
    const { ask, asked, answer, told, pass } = open()
    ask('quick.example', 'slow.example')
    answer('quick.example', failed('ENOTFOUND'), 5_000)
    answer('slow.example', failed('EAI_AGAIN'), 1)
    ask('quick.example', 'slow.example', 'slow.example')
    expect(asked).toEqual(['quick.example', 'slow.example', 'quick.example'])
    expect(told).toEqual(['quick.example ENOTFOUND', 'slow.example EAI_AGAIN'])
    await Promise.resolve()
    expect(told.slice(2)).toEqual(['slow.example EAI_AGAIN', 'slow.example EAI_AGAIN'])
    pass(29_999)
    ask('slow.example')
    await Promise.resolve()
    expect([asked.length, told.length]).toEqual([3, 5])
    pass(1)
    ask('slow.example')
    expect(asked.slice(3)).toEqual(['slow.example'])
  })

  it('are given up after 8 seconds in line, as nobody else, and all askers told once', () => {
    const { resolve, ask, asked, answer, told } = open({ suspects: 1 })
    ask('dead.example')
    const errors: (NodeJS.ErrnoException | null)[] = []
    resolve('late.example', (error) => errors.push(error))
    ask('late.example')
    vi.advanceTimersByTime(7_999)
    expect(errors).toEqual([])
    vi.advanceTimersByTime(1)
    const [error] = errors
    expect(error).toBeInstanceOf(AppError)
    expect(error?.message).toMatch(/^late\.example was not looked up/)
    expect(error).toMatchObject({ details: { hop: 'amalgam', retryable: true } })
    expect(told).toEqual(['late.example too-many-requests'])
    answer('dead.example', failed('EAI_AGAIN'))
    expect(asked).toEqual(['dead.example'])
    ask('late.example')
    vi.advanceTimersByTime(8_000)
    answer('late.example')
    expect([errors.length, told.slice(1)]).toEqual([1, ['dead.example EAI_AGAIN', 'late.example 1']])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('are answered once, by a resolver that answers twice too, and give their turn back once', () => {
    const { ask, asked, answer, waiting, told } = open({ suspects: 1 })
    ask('a.example')
    const again = waiting.get('a.example')
    answer('a.example')
    ask('b.example', 'c.example')
    again?.(null, [address])
    expect([asked, told]).toEqual([['a.example', 'b.example'], ['a.example 1']])
  })
})

it('suspects take at most half of what the pool of libuv gives to such slow work, and one turn at least', () => {
  const sizes = [undefined, '32', '64', '16', '8', '4', '1', '', 'many', '-1', '5000']
  expect(sizes.map((size) => suspectsAtOnce(size))).toEqual([1, 8, 8, 4, 2, 1, 1, 1, 1, 8, 8])
})
