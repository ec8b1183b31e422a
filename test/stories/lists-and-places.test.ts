import { beforeAll, describe, expect, it } from 'vitest'
import { ok, type Row, rowsOf } from '../support/answers.ts'
import { type Connected, codeFor, companyInstance, connected, post, userInstance } from '../support/grants.ts'
import { configuration } from '../support/instances.ts'
import type { Member, Product } from '../support/product.ts'
import type { Controls } from '../support/sandbox.ts'
import { onProduct } from '../support/stage.ts'

let product: Product
let member: Member
let sandbox: Controls
let current: Connected
let older: Connected
let person: Connected

onProduct((stage) => {
  ;({ product, member, sandbox } = stage)
})

beforeAll(async () => {
  current = await companyInstance(product, member)
  older = await companyInstance(product, member, { configuration: { 'concur.api.generation': 'v3' } })
  person = await userInstance(product, member, { login: 'amber.badger@sandbox.example' })
})

const both = [
  ['List v4', () => current],
  ['Lists v3', () => older],
] as const

describe.each(both)('lists and items on %s', (_title, of) => {
  it('give old clients what they ask for: create, get, PATCH and two pages of lists', async () => {
    const body = {
      Name: 'Rail cards',
      DisplayCodeFirst: false,
      IsVendorList: false,
      SearchCriteriaCode: 'TEXT',
    }
    const made = (await ok(of().call('/lists', { method: 'POST', body }))).json
    expect(made).toMatchObject({ ...body, id: made.ID })
    const path = `/lists/${encodeURIComponent(made.ID)}`
    expect((await ok(of().call(path))).json).toEqual(made)
    const changed = (await ok(of().call(path, { method: 'PATCH', body: { ...body, Name: 'Cards' } }))).json
    expect(changed).toEqual({ ...made, Name: 'Cards' })
    expect((await of().call(path, { method: 'DELETE' })).status).toBe(405)
    const first = await ok(of().call('/lists', { query: { pageSize: '2' } }))
    const nextPage = String(first.headers['elements-next-page-token'])
    const second = await ok(of().call('/lists', { query: { pageSize: '2', nextPage } }))
    expect([first.json.length, second.json.length]).toEqual([2, 2])
    const all = await rowsOf(of(), '/lists', { pageSize: '3' })
    expect(new Set(all.map(({ ID }) => ID)).size).toBe(all.length)
    expect(all).toContainEqual(changed)
    expect(all.filter(({ IsVendorList }) => IsVendorList === true)).toHaveLength(1)
  })

  it('create, read, find, change and take out items, below others too', async () => {
    const body = {
      Name: 'Cost centres',
      DisplayCodeFirst: true,
      IsVendorList: false,
      SearchCriteriaCode: 'CODE',
    }
    const list = (await ok(of().call('/lists', { method: 'POST', body }))).json
    const item = { ListID: list.ID, Name: 'Rail card', ParentID: null, Level1Code: 'RAIL-1' }
    const made = (await ok(of().call('/items', { method: 'POST', body: item }))).json
    expect(made).toMatchObject({ ListID: list.ID, Name: 'Rail card', Level1Code: 'RAIL-1' })
    const below = { ListID: list.ID, Name: 'Half fare', Level1Code: 'RAIL-1', Level2Code: 'HALF' }
    const child = (await ok(of().call('/items', { method: 'POST', body: below }))).json
    expect(child).toMatchObject({ ...below, ParentID: made.ID })
    const found = await rowsOf(of(), '/items', { where: `name='Rail card'` })
    expect(found.map(({ Name }) => Name)).toContain('Rail card')
    for (const row of found) expect(row.Name).toBe('Rail card')
    const inList = await rowsOf(of(), '/items', { where: `listId = '${list.ID}'`, pageSize: '1' })
    expect(inList.map(({ ID }) => ID)).toEqual([made.ID, child.ID])
    const byCodes = await rowsOf(of(), '/items', {
      where: `listId = '${list.ID}' and level1Code = 'RAIL-1' and level2Code = 'HALF'`,
    })
    expect(byCodes).toEqual([child])
    expect(await rowsOf(of(), '/items', { where: `parentId = '${made.ID}'` })).toEqual([child])
    const path = `/items/${encodeURIComponent(child.ID)}`
    expect((await ok(of().call(path))).json).toEqual(child)
    const change = { ListID: list.ID, Name: 'Half price', Code: 'HALFP' }
    const changed = (await ok(of().call(path, { method: 'PATCH', body: change }))).json
    expect(changed).toMatchObject({ Name: 'Half price', Level1Code: 'RAIL-1', Level2Code: 'HALFP' })
    const unnamed = await of().call(path, { method: 'DELETE' })
    expect(unnamed.status).toBe(400)
    expect(unnamed.json.message).toContain('listId')
    await ok(of().call(path, { method: 'DELETE', query: { listId: list.ID } }))
    expect((await of().call(path)).status).toBe(404)
  })

  it('page through the items of all lists, each once in each of its lists', async () => {
    const first = await ok(of().call('/items', { query: { pageSize: '150' } }))
    const nextPage = String(first.headers['elements-next-page-token'])
    const second = await ok(of().call('/items', { query: { pageSize: '150', nextPage } }))
    expect([first.json.length, second.json.length]).toEqual([150, 150])
    const all = await rowsOf(of(), '/items', { pageSize: '1000' })
    expect(new Set(all.map(({ ID, ListID }) => `${ID} ${ListID}`)).size).toBe(all.length)
    expect(all.length).toBeGreaterThan(1250)
    expect(all.some((row) => row.Level2Code !== undefined)).toBe(true)
    for (const row of [...first.json, ...second.json].slice(0, 300)) expect(row.ListID).not.toBe(undefined)
  })
})

describe('a vendor list', () => {
  it('is created by the category that another vendor list tells', async () => {
    const body = { Name: 'More vendors', IsVendorList: true }
    const made = (await ok(current.call('/lists', { method: 'POST', body }))).json
    expect(made).toMatchObject({ Name: 'More vendors', IsVendorList: true, category: { type: 'Vendor' } })
  })
})

describe('locations', () => {
  it('are found by text, country, state and region, and carry the id that expenses take', async () => {
    await sandbox.faults({ fault: 'ids', value: 'strict' })
    const rows = await rowsOf(current, '/locations', { where: `name = 'a' and country = 'US'` })
    expect(rows.length).toBeGreaterThan(1)
    for (const row of rows) expect(row).toMatchObject({ Country: 'US', ID: expect.any(String) })
    const [place] = rows
    const one = (await ok(current.call(`/locations/${place?.LocationNameId}`))).json
    expect(one).toEqual(place)
    const report = (await ok(person.call('/reports', { method: 'POST', body: { Name: 'There' } }))).json
    const [payment] = (await ok(person.call('/payment-types'))).json
    const made = await ok(
      person.call('/expenses', {
        method: 'POST',
        body: {
          ...{ ReportID: report.ID, ExpenseTypeCode: 'DINNR', PaymentTypeID: payment.PaymentTypeID },
          ...{ TransactionDate: '2026-01-01', TransactionAmount: 3, TransactionCurrencyCode: 'USD' },
          LocationID: place?.ID,
        },
      }),
    )
    expect(made.json).toMatchObject({ LocationID: place?.ID, LocationCountry: 'US' })
  })

  it('say what they need to be searched, and go without the old ids where these are no more', async () => {
    const bare = await current.call('/locations')
    expect(bare.status).toBe(400)
    expect(bare.json.message).toContain('name or city')
    const region = await current.call('/locations', {
      query: { where: `name = 'a' and administrativeRegion = 'Bavaria'` },
    })
    expect(region.status).toBe(400)
    expect(region.json.message).toContain('countrySubdivision')
    const fresh = await companyInstance(product, member)
    await sandbox.faults({ fault: 'refuse-deprecated' })
    const rows = await rowsOf(fresh, '/locations', { where: `city = 'Munich'` })
    expect(rows.length).toBeGreaterThan(0)
    for (const row of rows) expect(row.ID).toBe(undefined)
  })

  it('answer on v3 by configuration', async () => {
    const rows = await rowsOf(older, '/locations', { where: `country = 'DE'`, pageSize: '3' })
    expect(rows.length).toBeGreaterThan(1)
    for (const row of rows) expect(row).toMatchObject({ Country: 'DE', id: row.ID })
  })
})

describe('expense group configurations', () => {
  it('list all groups of a company, with policies, expense types and the payment ids that expenses take', async () => {
    const rows = await rowsOf(current, '/expense-group-configurations')
    const old = await rowsOf(older, '/expense-group-configurations')
    expect(rows.map(({ Name }) => Name)).toEqual(old.map(({ Name }) => Name))
    const group = (row: Row | undefined) => row as { [name: string]: Row[] }
    for (const [at, row] of rows.entries()) {
      const [now, then] = [group(row), group(old[at])]
      const named = (list: Row[] | undefined) => list?.map(({ Name }) => Name)
      expect(named(now.Policies)).toEqual(named(then.Policies))
      expect(now.PaymentTypes?.map(({ ID, Name, IsDefault }) => ({ ID, Name, IsDefault }))).toEqual(
        then.PaymentTypes,
      )
      expect(now.AttendeeTypes).toEqual(then.AttendeeTypes)
      const types = (list: Row[] | undefined) =>
        list?.map(({ ExpenseTypes }) => (ExpenseTypes as Row[]).map(({ Code }) => Code))
      expect(types(now.Policies)).toEqual(types(then.Policies))
    }
    const one = (await ok(current.call(`/expense-group-configurations/${rows[0]?.id}`))).json
    expect(one).toEqual(rows[0])
    expect((await ok(older.call(`/expense-group-configurations/${old[0]?.id}`))).json).toEqual(old[0])
  })

  it('are the own one for a person, and take a company that answers one object alone', async () => {
    const own = await rowsOf(person, '/expense-group-configurations')
    expect(own).toHaveLength(1)
    expect((await ok(person.call(`/expense-group-configurations/${own[0]?.id}`))).json).toEqual(own[0])
    const fresh = await companyInstance(product, member)
    await sandbox.faults({ fault: 'one-group', value: 1 })
    expect(await rowsOf(fresh, '/expense-group-configurations')).toHaveLength(1)
  })
})

describe('people on Users v3, by configuration', () => {
  it('are listed page by page, and found by the names that v3 searches', async () => {
    const made = await post(product, member, {
      configuration: { ...configuration, 'concur.api.generation.users': 'v3', 'oauth.scope': 'openid USER' },
      providerData: { code: await codeFor(product, member, { scope: 'openid USER' }) },
    })
    const mixed = connected(product, member, made)
    let active: readonly Row[] = []
    const calls = await sandbox.during(async () => {
      active = await rowsOf(mixed, '/users', { where: `active = 'true'`, pageSize: '100' })
    })
    expect(Object.keys(calls.operations)).toEqual(['users-v3.list'])
    expect(active.length).toBeGreaterThan(5)
    for (const row of active) expect(row).toMatchObject({ Active: true, id: row.ID })
    const [first] = active
    const where = `lastName = '${String(first?.LastName)}' and user = '${String(first?.LoginID)}'`
    expect(await rowsOf(mixed, '/users', { where })).toEqual([first])
  })
})

describe('the configuration of one resource', () => {
  it('chooses its generation alone', async () => {
    const mixed = await companyInstance(product, member, {
      configuration: { 'concur.api.generation.lists': 'v3' },
    })
    const calls = await sandbox.during(async () => {
      await ok(mixed.call('/lists', { query: { pageSize: '2' } }))
      await ok(mixed.call('/items', { query: { pageSize: '2' } }))
    })
    const paths = calls.requests.map(({ path }) => path.split('?')[0] ?? '')
    expect(paths).toContain('/api/v3.0/common/lists')
    expect(paths.some((path) => path.endsWith('/children'))).toBe(true)
    expect(paths).not.toContain('/api/v3.0/common/listitems')
  })
})
