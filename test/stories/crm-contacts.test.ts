import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectCrm, crmControls, crmHub } from '../support/crm.ts'
import { type Product, startProduct } from '../support/product.ts'

let product: Product
let call: ReturnType<typeof crmHub>
let controls: ReturnType<typeof crmControls>

beforeAll(async () => {
  product = await startProduct({ sandbox: { reports: 5 }, crm: { contacts: 450, mostFound: 400 } })
  const made = await connectCrm(product, product.admin)
  expect(made.status, made.text).toBe(200)
  call = crmHub(product, product.admin, made.json.token)
  controls = crmControls(product)
})
afterAll(() => product?.close())

// biome-ignore lint/suspicious/noExplicitAny: rows are whatever JSON comes; tests say what they expect.
type Row = any

const list = async (query: Record<string, string> = {}, resource = 'contacts'): Promise<readonly Row[]> => {
  const reply = await call(`/${resource}`, { query })
  expect(reply.status, reply.text).toBe(200)
  return reply.json
}

/** Every page, by the token of the one before. */
const walk = async (query: Record<string, string>): Promise<readonly Row[]> => {
  const rows: Row[] = []
  for (let next: Record<string, string> | undefined = query; next !== undefined; ) {
    const page = await call('/contacts', { query: next })
    expect(page.status, page.text).toBe(200)
    rows.push(...page.json)
    const token = page.headers['elements-next-page-token']
    next = token === undefined ? undefined : { nextPage: String(token) }
  }
  return rows
}

describe('the contacts of a CRM', () => {
  it('are listed as HubSpot shows them, without what is empty', async () => {
    const [first] = await list({ pageSize: '1' })
    expect(first).toMatchObject({ id: '51', archived: false, properties: { hs_object_id: '51' } })
    expect(Object.keys(first.properties)).not.toContain('email')
    expect(Object.keys(first.properties)).toContain('firstname')
  })

  it('come once each, whatever the size of pages', async () => {
    const all = await walk({ pageSize: '5000' })
    expect(all).toHaveLength(450)
    const ids = all.map(({ id }) => id)
    expect(new Set(ids).size).toBe(450)
    expect((await walk({ pageSize: '130' })).map(({ id }) => id)).toEqual(ids)
  })

  it('are searched at HubSpot, and looked at again', async () => {
    const all = await walk({ pageSize: '5000' })
    const wanted = all.filter(
      ({ properties }) => properties.city === 'Berlin' && properties.jobtitle !== 'Owner',
    )
    let found: readonly Row[] = []
    const requests = await controls.during(async () => {
      found = await walk({ where: "city = 'Berlin' and properties.jobtitle != 'Owner'", pageSize: '5000' })
    })
    expect(found).toEqual(wanted)
    expect(requests.map(({ operation }) => operation)).toEqual(['search'])
    expect(requests[0]?.body.filterGroups).toEqual([
      { filters: [{ propertyName: 'city', operator: 'EQ', value: 'Berlin' }] },
    ])
  })

  it('are found beyond the results of one search, without a gap', async () => {
    const all = await walk({ pageSize: '5000' })
    const requests = await controls.during(async () => {
      const found = await walk({ where: 'hs_object_id > 50', pageSize: '5000' })
      expect(found.map(({ id }) => id)).toEqual(all.map(({ id }) => id))
    })
    expect(requests.map(({ operation, status }) => [operation, status])).toEqual(
      [1, 2, 3].map(() => ['search', 200]),
    )
  })

  it('are created, read, changed and deleted', async () => {
    const properties = { email: 'new@person.example', firstname: 'New', favourite_fruit: 'quince' }
    const made = await call('/contacts', { body: { properties: { ...properties, city: null } } })
    expect(made.status, made.text).toBe(200)
    expect(made.json.properties).toMatchObject(properties)
    const path = `/contacts/${made.json.id}`
    const got = await call(path, { query: { fields: 'id,email,properties.favourite_fruit' } })
    expect(got.json).toEqual({
      id: made.json.id,
      properties: { email: 'new@person.example', favourite_fruit: 'quince' },
    })
    const changed = await call(path, {
      method: 'PATCH',
      body: { properties: { firstname: null, city: 'Lyon' } },
    })
    expect(changed.json.properties).toMatchObject({ email: 'new@person.example', city: 'Lyon' })
    expect(changed.json.properties).not.toHaveProperty('firstname')
    expect((await call(path, { method: 'DELETE' })).status).toBe(200)
    expect((await call(path)).status).toBe(404)
  })
})
