import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, platform } from '../support/client.ts'
import { app, refreshTokenOf } from '../support/instances.ts'
import { type Product, startProduct } from '../support/product.ts'

let product: Product

beforeAll(async () => {
  product = await startProduct()
})
afterAll(() => product?.close())

describe('a refresh token that somebody brings', () => {
  it.each([
    ['a foreign host', { fault: 'hostile-geolocation', value: 'https://evil.example', times: 1 }, 400],
    ['a wrong secret', { fault: 'oauth-error', value: 64, times: 1 }, 400],
    ['an ended token', { fault: 'oauth-error', value: 108, times: 1 }, 401],
  ])('connects nothing when the vendor answers with %s', async (_title, fault, status) => {
    const refreshToken = await refreshTokenOf(product)
    await ask(`${product.sandbox.url}/sandbox/faults`, { method: 'PUT', body: [fault] })
    const reply = await ask(`${product.url}/instances`, {
      headers: platform(product.admin),
      body: {
        name: 'Brought',
        element: { key: 'concur' },
        externalAuthentication: 'initial',
        configuration: {
          'oauth.user.refresh_token': refreshToken,
          'oauth.api.key': app.key,
          'oauth.api.secret': app.secret,
        },
      },
    })
    expect(reply.status, reply.text).toBe(status)
    expect(reply.json).toMatchObject({ hop: 'provider', retryable: false })
    expect(reply.text).not.toContain(refreshToken)
  })
})
