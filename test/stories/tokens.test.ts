import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ask, connect, hub, platform } from '../support/client.ts'
import { type Product, startProduct } from '../support/product.ts'

let product: Product

beforeAll(async () => {
  product = await startProduct()
})
afterAll(() => product?.close())
beforeEach(async () => {
  await ask(`${product.sandbox.url}/sandbox/faults`, { method: 'DELETE' })
})

const tokenCalls = async (): Promise<number> => {
  const { json } = await ask(`${product.sandbox.url}/sandbox/calls`)
  return json.operations['oauth.token'] ?? 0
}

const addSeconds = (seconds: number) =>
  ask(`${product.sandbox.url}/sandbox/clock`, { body: { addSeconds: seconds } })

const faults = (list: readonly object[]) =>
  ask(`${product.sandbox.url}/sandbox/faults`, { method: 'PUT', body: list })

const fresh = async () => {
  const made = await connect(product, product.admin)
  return { id: made.json.id as number, headers: hub(product.admin, made.json.token) }
}

describe('an access token that ended', () => {
  it.each(['reports', 'users'])('is renewed inside the call on %s, once', async (resource) => {
    const { headers } = await fresh()
    await addSeconds(3_700)
    const before = await tokenCalls()
    const reply = await ask(`${product.url}/hubs/expense/${resource}`, { headers, query: { pageSize: '1' } })
    expect(reply.status, reply.text).toBe(200)
    expect(await tokenCalls()).toBe(before + 1)
  })

  it('is renewed once for a hundred calls at once, none of which fails', async () => {
    const { headers } = await fresh()
    await addSeconds(3_700)
    const before = await tokenCalls()
    const replies = await Promise.all(
      Array.from({ length: 100 }, () => ask(`${product.url}/reports`, { headers, query: { pageSize: '1' } })),
    )
    expect(replies.map((reply) => reply.status)).toEqual(Array(100).fill(200))
    expect(await tokenCalls()).toBe(before + 1)
  })

  it('is renewed with the refresh token that the last renewal brought', async () => {
    await faults([{ fault: 'rotate-refresh', value: 'kill-old' }])
    const { headers } = await fresh()
    for (let round = 0; round < 3; round++) {
      await addSeconds(3_700)
      expect((await ask(`${product.url}/reports`, { headers, query: { pageSize: '1' } })).status).toBe(200)
    }
  })
})

describe('a revoked token', () => {
  it('answers 401 with the words of Concur and what to do, and the instance is not valid any more', async () => {
    const { id, headers } = await fresh()
    await ask(`${product.sandbox.url}/sandbox/revoke`, { body: {} })
    for (let round = 0; round < 2; round++) {
      const reply = await ask(`${product.url}/reports`, { headers })
      expect(reply.status).toBe(401)
      expect(reply.json).toMatchObject({ code: 'needs-reconnect', hop: 'provider', retryable: false })
      expect(reply.json.providerMessage).toContain('108')
      expect(reply.json.message).toContain('Connect the instance again')
    }
    const shown = await ask(`${product.url}/instances/${id}`, { headers: platform(product.admin) })
    expect(shown.json.valid).toBe(false)
  })
})

describe('a refusal that is about permission', () => {
  it('costs one renewal, not one a call', async () => {
    const made = await connect(product, product.admin, { login: await somebody() })
    const headers = hub(product.admin, made.json.token)
    const before = await tokenCalls()
    for (let round = 0; round < 3; round++) {
      const reply = await ask(`${product.url}/reports`, { headers, query: { where: "user='ALL'" } })
      expect(reply.status).toBe(403)
      expect(reply.json.code).toBe('provider-denied')
      expect(reply.json.message).toContain('Web Services Administrator')
    }
    expect(await tokenCalls()).toBe(before + 1)
  })
})

const somebody = async (): Promise<string> => {
  const { headers } = await fresh()
  const people = await ask(`${product.url}/users`, {
    headers,
    query: { where: "active='true'", pageSize: '5' },
  })
  return people.json.find((row: { LoginID: string }) => row.LoginID !== 'admin@sandbox.example').LoginID
}
