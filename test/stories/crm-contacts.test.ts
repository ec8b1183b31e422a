import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callsOf, swaggerFaults } from '../support/api-document.ts'
import { bulkOf, linesOf } from '../support/bulk.ts'
import { ask, platform } from '../support/client.ts'
import { connectCrm, crmControls, crmHub } from '../support/crm.ts'
import { type EventWork, loopbackAllowed, openEventWork } from '../support/events.ts'
import { type Product, startProduct } from '../support/product.ts'
import { type Receiver, startReceiver } from '../support/receiver.ts'

let product: Product
let call: ReturnType<typeof crmHub>
let controls: ReturnType<typeof crmControls>
let work: EventWork
let receiver: Receiver

beforeAll(async () => {
  product = await startProduct({
    sandbox: { reports: 5 },
    crm: { contacts: 450, mostFound: 400 },
    environment: loopbackAllowed,
  })
  receiver = await startReceiver()
  work = await openEventWork(product)
  const made = await connectCrm(product, product.admin)
  expect(made.status, made.text).toBe(200)
  call = crmHub(product, product.admin, made.json.token)
  controls = crmControls(product)
})
afterAll(async () => {
  await work?.close()
  await receiver?.close()
  await product?.close()
})

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

  it('are filtered here by what HubSpot cannot compare as CEQL does', async () => {
    const all = await walk({ pageSize: '5000' })
    const where = "lastname != 'Becker' and properties.jobtitle is not null"
    const reply = await call('/contacts', { query: { where, pageSize: '5000' } })
    const wanted = all.filter(
      ({ properties }) => properties.lastname !== 'Becker' && properties.jobtitle !== undefined,
    )
    expect(wanted.length).toBeGreaterThan(5)
    expect(reply.json).toEqual(wanted)
    expect(reply.headers['elements-query-plan']).toMatch(/^provider: everything; local: /)
    const own = await list({ where: "properties.favourite_fruit = 'fig'", pageSize: '5000' })
    expect(own.length).toBeGreaterThan(3)
    expect(own.every(({ properties }) => properties.favourite_fruit === 'fig')).toBe(true)
  })

  it('are found by either of two conditions, in one search', async () => {
    const all = await walk({ pageSize: '5000' })
    const requests = await controls.during(async () => {
      const found = await list({ where: "city = 'Lyon' or lifecyclestage = 'customer'", pageSize: '5000' })
      expect(found).toEqual(
        all.filter(
          ({ properties }) => properties.city === 'Lyon' || properties.lifecyclestage === 'customer',
        ),
      )
    })
    expect(requests[0]?.body.filterGroups).toHaveLength(2)
  })

  it('are sorted, numbers as numbers, with what has no value behind', async () => {
    const rows = await list({ orderBy: 'numberofemployees desc', pageSize: '5000' }, 'accounts')
    const counts = rows.map(({ properties }) => properties.numberofemployees)
    const known = counts.filter((count) => count !== undefined)
    expect(known.map(Number)).toEqual(known.map(Number).sort((one, other) => other - one))
    expect(counts.length).toBeGreaterThan(known.length)
    // Descending turns everything around, absent values too.
    expect(counts.slice(counts.length - known.length)).toEqual(known)
    expect(await list({ pageSize: '1' }, 'companies')).toEqual(await list({ pageSize: '1' }, 'accounts'))
  })

  it('show what is empty where the instance keeps nulls', async () => {
    const made = await connectCrm(product, product.admin, { 'filter.response.nulls': 'false' })
    const [first] = (
      await crmHub(product, product.admin, made.json.token)('/contacts', { query: { pageSize: '1' } })
    ).json
    expect(first.properties).toMatchObject({ email: null, city: null })
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

describe('what HubSpot refuses', () => {
  it('is told in its words, with its id of the reply', async () => {
    const wrong = await call('/contacts', { body: { properties: { email: 'no address', shoe_size: '41' } } })
    expect(wrong.status, wrong.text).toBe(400)
    expect(wrong.json.providerMessage).toMatch(/INVALID_EMAIL.*PROPERTY_DOESNT_EXIST/)
    const taken = await call('/contacts', { body: { properties: { email: 'person1@mail1.example' } } })
    expect([taken.status, taken.json.providerMessage]).toEqual([
      409,
      'Contact already exists. Existing ID: 52',
    ])
    const none = await call('/contacts/999999')
    expect([none.status, none.json.providerMessage]).toEqual([
      404,
      expect.stringContaining('Object not found'),
    ])
    const nearest = await call('/contacts', { query: { where: "emial = 'x'" } })
    expect([nearest.status, nearest.json.message]).toEqual([400, expect.stringContaining('email')])
  })

  it('of a day is told at once, of ten seconds waited for', async () => {
    await controls.faults({ fault: 'rate-limit', operation: 'list', times: 1, value: 1 })
    expect((await call('/contacts', { query: { pageSize: '1' } })).status).toBe(200)
    await controls.faults({ fault: 'daily-limit', operation: 'list' })
    const requests = await controls.during(async () => {
      const refused = await call('/contacts', { query: { pageSize: '1' } })
      expect([refused.status, refused.json.providerMessage]).toEqual([429, expect.stringContaining('daily')])
    })
    expect(requests).toHaveLength(1)
    await controls.faults()
  })
})

describe('the connection', () => {
  it('outlives its access token, which ends after half an hour', async () => {
    await controls.addSeconds(1_900)
    const requests = await controls.during(async () => {
      expect((await call('/contacts', { query: { pageSize: '1' } })).status).toBe(200)
    })
    expect(requests.map(({ operation }) => operation)).toContain('oauth.token')
  })

  it('ends where HubSpot takes its refresh token no more, and says what to do', async () => {
    const made = await connectCrm(product, product.admin)
    const own = crmHub(product, product.admin, made.json.token)
    await controls.revoke()
    const ended = await own('/contacts', { query: { pageSize: '1' } })
    expect([ended.status, ended.json.code]).toEqual([401, 'needs-reconnect'])
    expect(ended.json.message).toContain('BAD_REFRESH_TOKEN')
    // The others of this file ended with it.
    const again = await connectCrm(product, product.admin)
    call = crmHub(product, product.admin, again.json.token)
  })
})

describe('what every element gives', () => {
  it('holds for contacts: a change is delivered', async () => {
    const made = await connectCrm(product, product.admin, {
      'event.notification.enabled': 'true',
      'event.notification.callback.url': `${receiver.url}/hook`,
      'event.objects': 'contacts',
    })
    expect(made.status, made.text).toBe(200)
    const instance = { id: made.json.id }
    const own = crmHub(product, product.admin, made.json.token)
    await work.poll(instance)
    const fresh = await own('/contacts', { body: { properties: { lastname: 'Polled' } } })
    await work.poll(instance)
    const [created] = await receiver.until(1)
    expect(created?.json.message.events).toEqual([
      expect.objectContaining({ objectId: fresh.json.id, eventType: 'CREATED', objectType: 'contacts' }),
    ])
  })

  it('holds for accounts: a bulk download has every row', async () => {
    const bulk = bulkOf({ call: (path, options) => call(path, options) } as Parameters<typeof bulkOf>[0])
    const id = await bulk.query("select * from accounts where city = 'Lyon'")
    expect(await bulk.ended(id)).toMatchObject({ status: 'COMPLETED', recordsFailedCount: 0 })
    const file = await bulk.call(`/${id}/accounts`, { headers: { accept: 'application/json' } })
    expect(linesOf(file.text)).toEqual(await list({ where: "city = 'Lyon'", pageSize: '5000' }, 'accounts'))
  })

  it('holds for documents and metadata', async () => {
    const headers = platform(product.admin)
    const document = (await ask(`${product.url}/elements/hubspotcrm/docs`, { headers })).json
    expect(swaggerFaults(document)).toEqual([])
    expect(callsOf(document).map(({ method, path }) => `${method} ${path}`)).toEqual(
      expect.arrayContaining(['get /contacts', 'patch /contacts/{id}', 'delete /accounts/{id}']),
    )
    expect(document.definitions.contacts.properties.properties.properties).toHaveProperty('email')
    const { fields } = (await call('/objects/contacts/metadata')).json
    expect(fields).toContainEqual(
      expect.objectContaining({ path: 'properties.email', vendorFilterable: true, updateable: true }),
    )
  })
})
