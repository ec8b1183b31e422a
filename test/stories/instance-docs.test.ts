import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, connect, hub, platform } from '../support/client.ts'
import { type Product, startProduct } from '../support/product.ts'

let product: Product
let id: number
let token: string

beforeAll(async () => {
  product = await startProduct()
  const made = await connect(product, product.admin)
  id = made.json.id
  token = made.json.token
})
afterAll(() => product?.close())

const three = () => ({
  authorization: `User ${product.admin.user}, Organization ${product.admin.organization}, Element ${token}`,
})

describe('documents of an instance', () => {
  it('2/14 9/1 are its element’s, by id and by token, whole and by operation', async () => {
    const byId = await ask(`${product.url}/instances/${id}/docs`, { headers: platform(product.admin) })
    expect(byId.status, byId.text).toBe(200)
    expect(byId.json).toMatchObject({
      swagger: '2.0',
      basePath: '/elements/api-v2',
      host: expect.any(String),
    })
    expect(Object.keys(byId.json.paths)).toEqual(
      expect.arrayContaining(['/reports', '/reports/{id}', '/expenses', '/users']),
    )
    expect((await ask(`${product.url}/instances/docs`, { headers: three() })).json).toEqual(byId.json)

    const one = await ask(`${product.url}/instances/${id}/docs/GET-reports`, {
      headers: platform(product.admin),
    })
    expect(Object.keys(one.json.paths)).toEqual(['/reports'])
    expect((await ask(`${product.url}/instances/docs/GET-reports`, { headers: three() })).json).toEqual(
      one.json,
    )
    const definitions = await ask(`${product.url}/instances/docs/GET-reports/definitions`, {
      headers: three(),
    })
    expect(definitions.json).toEqual(one.json.definitions)
  })

  it('9/1 name the host of baseUrl, else this server’s', async () => {
    const path = `${product.url}/instances/${id}/docs`
    const plain = (await ask(path, { headers: platform(product.admin) })).json
    expect(plain.host).toBe(new URL(product.config.publicUrl).host)
    const asked = await ask(path, {
      headers: platform(product.admin),
      query: { baseUrl: 'https://api.acme.test' },
    })
    expect(asked.json.host).toBe('api.acme.test')
    expect(asked.json.schemes).toContain('https')
  })

  it('5/3 there is one of a single object', async () => {
    const headers = hub(product.admin, token)
    for (const path of ['/hubs/expense/objects/reports/docs', '/objects/reports/docs']) {
      const { json } = await ask(`${product.url}${path}`, {
        headers,
        query: { discovery: 'true', basic: 'true' },
      })
      expect(json.swagger).toBe('2.0')
      expect(Object.keys(json.paths)).toEqual([
        ...['/reports', '/reports/{id}'],
        ...['submit', 'approve', 'send-back', 'recall', 'image'].map((action) => `/reports/{id}/${action}`),
      ])
    }
    const inline = await ask(`${product.url}/objects/reports/docs`, {
      headers,
      query: { resolveReferences: 'true' },
    })
    expect(inline.text).not.toContain('$ref')
    expect((await ask(`${product.url}/objects/nothing/docs`, { headers })).status).toBe(404)
  })

  it('are not a stranger’s to read', async () => {
    const stranger = await product.addMember('Southwind', 'admin@southwind.example')
    expect((await ask(`${product.url}/instances/${id}/docs`, { headers: platform(stranger) })).status).toBe(
      404,
    )
  })

  it('1.2 docs stay the platform’s even with a dead Element token', async () => {
    const { user, organization } = product.admin
    const headers = { authorization: `User ${user}, Organization ${organization}, Element dead=` }
    expect((await ask(`${product.url}/docs/expense`, { headers })).status).toBe(200)
    expect((await ask(`${product.url}/organizations/me`, { headers })).status).toBe(200)
  })
})
