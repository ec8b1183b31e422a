import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, hub, platform } from '../support/client.ts'
import { create, three } from '../support/instances.ts'
import { type Product, startProduct } from '../support/product.ts'

let product: Product
let headers: Record<string, string>
let id: number
let token: string

beforeAll(async () => {
  product = await startProduct()
  headers = platform(product.admin)
  const made = await create(product, product.admin)
  id = made.json.id
  token = made.json.token
})
afterAll(() => product?.close())

describe('what holds for every call on instances', () => {
  it('0/2 an Element token beside the two secrets is tolerated, and the name of the header has no case', async () => {
    const { authorization = '' } = three(product.admin, token)
    const reply = await ask(`${product.url}/instances/${id}`, { headers: { AUTHORIZATION: authorization } })
    expect(reply.json.id).toBe(id)
    const list = await ask(`${product.url}/instances`, { headers: { authorization } })
    expect(list.json.map((one: { id: number }) => one.id)).toEqual([id])
    expect((await ask(`${product.url}/reports`, { headers })).status).toBe(401)
    const dead = hub(product.admin, 'dead')
    expect((await ask(`${product.url}/reports`, { headers: dead })).status).toBe(401)
  })

  it.each([
    ['with secrets', () => headers, 200],
    ['without any', () => ({}), 401],
  ])('0/7 with an Origin the headers that it may read are told, %s', async (_title, secrets, status) => {
    const reply = await ask(`${product.url}/instances/${id}`, {
      headers: { ...secrets(), origin: 'https://app.example' },
    })
    expect(reply.status).toBe(status)
    expect(reply.headers['access-control-expose-headers']).toBe(
      'Elements-Returned-Count, Elements-Total-Count, Elements-Request-Id, Elements-Next-Page-Token, Elements-Trace-Id, Elements-Error, Content-Disposition',
    )
  })

  it('0/8 a hub call names its request, its instance, its count and the next page', async () => {
    const reply = await ask(`${product.url}/reports?pageSize=2&returnCount=true`, {
      headers: hub(product.admin, token),
    })
    const requestId = String(reply.headers['elements-request-id'])
    expect(requestId).toMatch(/^[0-9a-f]{24}$/)
    expect(reply.headers['elements-element-instance-id']).toBe(String(id))
    expect(reply.headers['elements-returned-count']).toBe('2')
    expect(reply.headers['elements-total-count']).toMatch(/^\d+$/)
    expect(reply.headers['elements-next-page-token']).toEqual(expect.any(String))
    await expect
      .poll(async () => (await ask(`${product.url}/usage/${requestId}`, { headers })).status, {
        timeout: 10_000,
      })
      .toBe(200)
  })
})
