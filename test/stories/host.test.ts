import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask } from '../support/client.ts'
import { type Product, startProduct } from '../support/product.ts'

let product: Product
let host: string

beforeAll(async () => {
  product = await startProduct()
  host = new URL(product.url).origin
})
afterAll(() => product?.close())

describe('paths of the host beside the API', () => {
  it('0/7 the sign-in page must not be framed, the way to the documents may be', async () => {
    const login = await ask(`${host}/elements/jsp/login.jsp`)
    expect(login.status).toBe(200)
    expect(login.headers['x-frame-options']).toBe('DENY')
    const docs = await ask(`${host}/elements/api-docs`)
    expect(docs.status).toBe(200)
    expect(docs.headers['x-frame-options']).toBeUndefined()
    expect(docs.json.swagger).toBe('/elements/api-v2/docs/all')
  })

  it('others say where the API is', async () => {
    const { status, json } = await ask(`${host}/nowhere`)
    expect(status).toBe(404)
    expect(json.message).toContain('/elements/api-v2')
  })
})
