import { expect, it } from 'vitest'
import { catalogueElements } from '#elements/index.ts'
import type { Element } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { createBudgets } from './budgets.ts'
import type { BudgetShares } from './shared-budget.ts'

const [anyElement] = catalogueElements({})
if (anyElement === undefined) throw new Error('no element')
const element: Element = {
  ...anyElement,
  vendor: {
    ...anyElement.vendor,
    services: [
      { key: 'free', paths: ['/free'] },
      {
        key: 'quick',
        paths: ['/quick/{user}'],
        limit: { calls: 2, seconds: 300, per: 'user', source: 'a page' },
      },
      { key: 'ten', paths: ['/ten'], limit: { calls: 10, seconds: 600, per: 'user', source: 'a page' } },
    ],
  },
}

/** Budgets on a clock of the test, and a count of two calls a key that never come back. */
const stage = () => {
  let clock = 1_000
  const taken = new Map<string, number>()
  const shares: BudgetShares = {
    take: ({ instanceId, service, about }, { calls, want }) => {
      const name = `${instanceId} ${service} ${about}`
      const granted = Math.min(want, calls - (taken.get(name) ?? 0))
      taken.set(name, (taken.get(name) ?? 0) + granted)
      return Promise.resolve({ granted, waitMs: granted === 0 ? 200_000 : 0 })
    },
    pause: () => Promise.resolve(),
  }
  const budgets = createBudgets(shares, () => clock)
  const turnOf = (path: string, { instanceId = 7, seconds = 60, background = false } = {}) =>
    budgets.turnOf(
      { organizationId: 2, instanceId, element, background, deadlineMs: Date.now() + seconds * 1_000 },
      { method: 'GET', path },
    )
  return {
    turnOf,
    pass: (ms: number): void => {
      clock += ms
    },
  }
}

const refusal = async (ask: () => number | Promise<number>): Promise<AppError> => {
  try {
    await ask()
  } catch (error) {
    if (error instanceof AppError) return error
  }
  throw new Error('it was not refused')
}

it('a service without a published limit is not slowed until a limit answer, and then alone', () => {
  const { turnOf, pass } = stage()
  for (let one = 0; one < 1_000; one += 1) expect(turnOf('/free/x').next()).toBe(0)
  turnOf('/free/x').limited(undefined)
  const [first, second] = [turnOf('/free/y'), turnOf('/free/y')]
  expect([first.next(), second.next()]).toEqual([0, 100])
  pass(60)
  expect(second.next()).toBe(40)
  pass(40)
  expect([second.next(), turnOf('/free/x').next()]).toEqual([0, 100])
  expect(turnOf('/else').next()).toBe(0)
  expect(turnOf('/free/x', { instanceId: 8 }).next()).toBe(0)
})

it('a slowed service is forgotten after ten minutes without a limit answer', () => {
  const { turnOf, pass } = stage()
  turnOf('/free').limited(undefined)
  pass(599_000)
  expect([turnOf('/free').next(), turnOf('/free').next()]).toEqual([0, 100])
  pass(2_000)
  expect([turnOf('/free').next(), turnOf('/free').next()]).toEqual([0, 0])
})

it('Retry-After holds for every call of the service, also for those that wait already', () => {
  const { turnOf, pass } = stage()
  turnOf('/free').limited(undefined)
  const [goes, waits] = [turnOf('/free'), turnOf('/free')]
  expect([goes.next(), waits.next()]).toEqual([0, 100])
  goes.limited(5)
  pass(100)
  expect(waits.next()).toBe(4_900)
  expect(turnOf('/free').next()).toBeGreaterThan(4_900)
  expect(turnOf('/else').next()).toBe(0)
  pass(4_900)
  expect(waits.next()).toBe(0)
})

it('a call whose turn comes after its deadline is refused at once, with the seconds until then', async () => {
  const { turnOf } = stage()
  turnOf('/free').limited(30)
  const error = await refusal(turnOf('/free', { seconds: 20 }).next)
  expect([error.code, error.details]).toEqual([
    'provider-rate-limited',
    { hop: 'amalgam', retryable: true, retryAfterSeconds: 30 },
  ])
  // It took nobody's place.
  expect(turnOf('/free', { seconds: 60 }).next()).toBe(30_000)
})

it('a published limit is counted by user, and names its numbers when it refuses', async () => {
  const { turnOf } = stage()
  for (const user of ['a', 'b']) {
    const asked = [1, 2].map(() => turnOf(`/quick/${user}/x`).next())
    expect(await Promise.all(asked)).toEqual([0, 0])
  }
  const error = await refusal(turnOf('/quick/a/x').next)
  expect(error.message).toBe(
    `${element.title} takes no more than 2 such calls in 300 seconds of one user. The next is free in about 200 seconds: send it again then.`,
  )
  expect(error.details.retryAfterSeconds).toBe(200)
  expect(await turnOf('/quick/a/x', { seconds: 500 }).next()).toBeGreaterThan(199_000)
  expect(await turnOf('/quick/a/x', { instanceId: 9 }).next()).toBe(0)
})

it('work in the background leaves a fifth of a published limit to calls that somebody waits for', async () => {
  const { turnOf } = stage()
  const free = async (background: boolean): Promise<number> => {
    for (let count = 0; ; count += 1) {
      try {
        if ((await turnOf('/ten', { background }).next()) !== 0) return count
      } catch {
        return count
      }
    }
  }
  expect(await free(true)).toBe(8)
  expect(await free(false)).toBe(2)
})
