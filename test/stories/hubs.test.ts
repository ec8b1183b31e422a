import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { HubReply } from '#src/contract/index.ts'
import { ask, platform } from '../support/client.ts'
import { type Product, startProduct } from '../support/product.ts'

let product: Product
let headers: Record<string, string>

beforeAll(async () => {
  product = await startProduct()
  headers = platform(product.admin)
})
afterAll(() => product?.close())

const call = (path: string, query: Record<string, string> = {}) =>
  ask(`${product.url}${path}`, { headers, query })

const get = async (path: string, query: Record<string, string> = {}) => {
  const reply = await call(path, query)
  expect(reply.status, reply.text).toBe(200)
  return reply.json
}

const fits = (schema: z.ZodType, value: unknown) =>
  expect(schema.safeParse(value).error?.issues ?? []).toEqual([])

describe('hubs', () => {
  it('12/3 are listed, with resources when hydrated, and read by key', async () => {
    const list = await get('/hubs')
    fits(HubReply.array().min(1), list)
    expect(await get('/hubs/keys')).toEqual(['expense', 'crm', 'documents'])
    expect(await get('/hubs/expense')).toEqual(list[0])
    expect(list[0]).not.toHaveProperty('resources')
    const [hydrated] = await get('/hubs', { hydrate: 'true' })
    fits(HubReply, hydrated)
    expect(hydrated.resources).toContainEqual({
      name: 'reports',
      path: '/hubs/expense/reports',
      methods: ['GET', 'POST', 'PATCH', 'PUT'],
      elements: ['concur'],
    })
    expect(await get('/hubs/expense', { hydrate: 'true' })).toEqual(hydrated)
    for (const path of ['/hubs/nothing', '/hubs/nothing/elements']) {
      const reply = await call(path)
      expect(reply.status).toBe(404)
      expect(reply.json.message).toMatch(/^No hub found with key nothing/)
    }
  })

  it('12/3 list their elements like the catalogue does', async () => {
    const reply = await call('/hubs/expense/elements')
    expect(reply.json).toEqual([await get('/elements/concur')])
    expect(reply.headers['elements-returned-count']).toBe('1')
    expect(await get('/hubs/expense/elements', { where: "key='b'" })).toEqual([])
    expect((await get('/hubs/expense/elements', { abridged: 'true' }))[0]).not.toHaveProperty('resources')
  })
})
