import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, type Json, openClient } from './test-client.ts'

describe('a fault of the sandbox', () => {
  let client: Client
  let token: string
  beforeAll(async () => {
    client = await openClient({ reports: 20 })
    token = await client.token()
  })
  afterAll(() => client.close())
  const list = () => client.get('/api/v3.0/expense/reports?limit=2&user=ALL', token)

  it('strikes by the luck of a seed, the same each time, other faults of that seed at other calls', async () => {
    const struck = async (...faults: Json[]): Promise<string> => {
      await client.faults(faults)
      const statuses: number[] = []
      for (let call = 0; call < 60; call += 1) statuses.push((await list()).status)
      return statuses.join(' ')
    }
    const limited = { fault: 'rate-limit', rate: 0.2, seed: 7 }
    const first = await struck(limited)
    expect(await struck(limited)).toBe(first)
    expect(await struck({ ...limited, seed: 8 })).not.toBe(first)
    expect(await struck({ ...limited, fault: 'server-error', value: 429 + 100 })).not.toBe(
      first.replaceAll('429', '529'),
    )
    const count = first.split('429').length - 1
    expect(count).toBeGreaterThan(4)
    expect(count).toBeLessThan(24)
  })

  it('tells a Retry-After as a date, when asked to', async () => {
    await client.faults([{ fault: 'rate-limit-date', times: 1, value: 3 }])
    const reply = await list()
    expect(reply.status).toBe(429)
    const [until, now] = ['retry-after', 'date'].map((name) => Date.parse(reply.headers.get(name) ?? ''))
    expect((until ?? 0) - (now ?? 0)).toBeGreaterThanOrEqual(3_000)
    expect((until ?? 0) - (now ?? 0)).toBeLessThanOrEqual(5_000)
    await client.faults([])
  })
})
