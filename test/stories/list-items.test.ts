import { beforeAll, describe, expect, it } from 'vitest'
import { ok, type Row, rowsOf } from '../support/answers.ts'
import { ask, hub } from '../support/client.ts'
import { type Connected, companyInstance, userInstance } from '../support/grants.ts'
import { type Member, type Product, serveBeside } from '../support/product.ts'
import type { Controls } from '../support/sandbox.ts'
import { onProduct } from '../support/stage.ts'

let product: Product
let member: Member
let sandbox: Controls
let company: Connected

onProduct((stage) => {
  ;({ product, member, sandbox } = stage)
})

beforeAll(async () => {
  company = await companyInstance(product, member)
})

const newList = async (Name: string): Promise<string> => {
  const body = { Name, DisplayCodeFirst: false, IsVendorList: false, SearchCriteriaCode: 'TEXT' }
  return (await ok(company.call('/lists', { method: 'POST', body }))).json.ID
}

/** Adds an item by its codes from level 1 down; its name is the deepest of them. */
const add = async (ListID: string, ...codes: readonly string[]): Promise<Row> => {
  const levels = Object.fromEntries(codes.map((code, at) => [`Level${at + 1}Code`, code]))
  const body = { ListID, Name: `Item ${codes.at(-1)}`, ParentID: null, ...levels }
  return (await ok(company.call('/items', { method: 'POST', body }))).json
}

const codes = ({ Level1Code, Level2Code, Level3Code }: Row): readonly unknown[] =>
  [Level1Code, Level2Code, Level3Code].filter((code) => code !== undefined)

const pathOf = ({ ID }: Row): string => `/items/${String(ID)}`

describe('codes with hyphens', () => {
  it('lead to the item above that is meant, and are read level by level', async () => {
    const list = await newList('Hyphens')
    const [one, two] = [await add(list, 'A-B'), await add(list, 'A')]
    const under = await add(list, 'A', 'B-C')
    expect(under).toMatchObject({ Level1Code: 'A', Level2Code: 'B-C', ParentID: two.ID, code: 'A-B-C' })
    const other = await add(list, 'A-B', 'C')
    expect(other).toMatchObject({ Level1Code: 'A-B', Level2Code: 'C', ParentID: one.ID, code: 'A-B-C' })
    expect(codes(await add(list, 'A-B', 'C', 'D'))).toEqual(['A-B', 'C', 'D'])
    expect(codes(await add(list, 'A', 'B-C', 'D'))).toEqual(['A', 'B-C', 'D'])
    const all = await rowsOf(company, '/items', { listId: list, pageSize: '2' })
    expect(all.map(codes).map(String).sort()).toEqual(
      ['A', 'A,B-C', 'A,B-C,D', 'A-B', 'A-B,C', 'A-B,C,D'].sort(),
    )
    for (const row of all) expect((await ok(company.call(pathOf(row)))).json).toEqual(row)
  })

  it('follow a change of a code above at once', async () => {
    const list = await newList('Changing')
    const top = await add(list, 'OLD-1')
    await add(list, 'OLD-1', 'MID')
    const leaf = await add(list, 'OLD-1', 'MID', 'LEAF')
    await ok(company.call(pathOf(top), { method: 'PATCH', body: { Level1Code: 'NEW-1' } }))
    expect(codes((await ok(company.call(pathOf(leaf)))).json)).toEqual(['NEW-1', 'MID', 'LEAF'])
    const found = await rowsOf(company, '/items', { listId: list, where: `level1Code = 'NEW-1'` })
    expect(found.map(codes)).toEqual([['NEW-1'], ['NEW-1', 'MID'], ['NEW-1', 'MID', 'LEAF']])
    expect(await rowsOf(company, '/items', { listId: list, where: `level1Code = 'OLD-1'` })).toEqual([])
  })
})

describe('a write of an item', () => {
  it('that names an item above which is not there, or would move it, is 400 naming the level', async () => {
    const list = await newList('Places')
    await add(list, 'TOP')
    const item = await add(list, 'TOP', 'LOW')
    const create = (body: object) =>
      company.call('/items', { method: 'POST', body: { ListID: list, Name: 'X', ...body } })
    const change = (body: object) => company.call(pathOf(item), { method: 'PATCH', body })
    for (const [reply, field] of [
      [await create({ Level1Code: 'NONE', Level2Code: 'X' }), 'Level1Code'],
      [await create({ Level2Code: 'X' }), 'Level1Code'],
      [await create({}), 'Level1Code'],
      [await change({ Level1Code: 'ELSE', Level2Code: 'LOW' }), 'Level1Code'],
      [await change({ Level3Code: 'DEEP' }), 'Level3Code'],
      [await change({ ListID: await newList('Elsewhere') }), 'ListID'],
    ] as const) {
      expect(reply.status, reply.text).toBe(400)
      expect(reply.json.message).toContain(`${field}:`)
    }
    const whole = { ListID: list, Name: 'Lower', ParentID: null, Level1Code: 'TOP', Level2Code: 'LOWER' }
    expect((await ok(change(whole))).json).toMatchObject({ ...whole, ParentID: item.ParentID })
  })

  it("that List v4 refuses is told in List v4's words", async () => {
    const list = await newList('Twice')
    await add(list, 'ONE')
    const body = { ListID: list, Name: 'Again', Level1Code: 'ONE' }
    const reply = await company.call('/items', { method: 'POST', body })
    expect(reply.status).toBe(400)
    expect(reply.json).toMatchObject({ code: 'provider-refused', hop: 'provider' })
    expect(reply.json.providerMessage).toContain('already used by another item')
  })

  it('is seen by the next search, in a list that is just made too', async () => {
    expect(await rowsOf(company, '/items', { where: `name = 'Item FRESH'` })).toEqual([])
    const item = await add(await newList('Just made'), 'FRESH')
    expect(await rowsOf(company, '/items', { where: `name = 'Item FRESH'` })).toEqual([item])
    await add(String(item.ListID), 'FRESH', 'FRESHER')
    const found = await rowsOf(company, '/items', { where: `name = 'Item FRESHER'` })
    expect(found.map(codes)).toEqual([['FRESH', 'FRESHER']])
  })
})

describe('a search over all lists', () => {
  it('by name leaves it to List v4 to find it, at a call for each list and each item above others', async () => {
    const list = await newList('Deep')
    for (const path of [['A'], ['A', 'B'], ['A', 'B', 'Needle'], ['C'], ['C', 'D'], ['C', 'D', 'Needle']])
      await add(list, ...path)
    let found: readonly Row[] = []
    const { requests } = await sandbox.during(async () => {
      found = await rowsOf(company, '/items', { where: `name = 'Item Needle'` })
    })
    expect(found.map(codes)).toEqual([
      ['A', 'B', 'Needle'],
      ['C', 'D', 'Needle'],
    ])
    const lists = (await rowsOf(company, '/lists', {})).length
    expect(requests.length).toBeLessThan(4 * lists + 20)
    for (const { path } of requests)
      expect(path).toMatch(/value=eq|hasChildren=true|isDeleted=eq|lists\/[^/]+$/)
  })

  it('by a code on a lower level reads no level above it', async () => {
    const [list] = await rowsOf(company, '/lists', { where: `name = 'Deep'` })
    const where = `level3Code = 'Needle' and level1Code = 'C'`
    let found: readonly Row[] = []
    const { requests } = await sandbox.during(async () => {
      found = await rowsOf(company, '/items', { where })
    })
    expect(found.map(({ ListID }) => ListID)).toEqual([list?.ID])
    expect(requests.length).toBeLessThan(10)
  })

  it('gives each page again for its token, and each item once in each of its lists', async () => {
    const all = await rowsOf(company, '/items', { pageSize: '5000' })
    expect(all.length).toBeGreaterThan(1250)
    const keys = all.map(({ ID, ListID }) => `${String(ID)} ${String(ListID)}`)
    expect(new Set(keys).size).toBe(keys.length)
    const shared = all.filter((row) => (row.lists as unknown[]).length > 1)
    expect(shared.length).toBeGreaterThan(0)
    for (const row of shared)
      expect(all.filter(({ ID }) => ID === row.ID)).toHaveLength((row.lists as unknown[]).length)
    const small = await rowsOf(company, '/items', { pageSize: '333' })
    expect(small).toEqual(all)
    const first = await ok(company.call('/items', { query: { pageSize: '130' } }))
    const query = { nextPage: String(first.headers['elements-next-page-token']) }
    const [second, again] = [
      await ok(company.call('/items', { query })),
      await ok(company.call('/items', { query })),
    ]
    expect(again.json).toEqual(second.json)
    expect([...first.json, ...second.json]).toEqual(all.slice(0, 260))
  })

  it('is refused as too broad rather than cut short, where calls run out', async () => {
    const served = await serveBeside(product, { QUERY_MAX_CALLS: '5' })
    try {
      const reply = await ask(`${served.url}/items`, {
        headers: hub(member, company.token),
        query: { where: `level = 3` },
      })
      expect(reply.status, reply.text).toBe(400)
      expect(reply.json).toMatchObject({ code: 'query-too-broad' })
      expect(reply.json.message).toContain('listId, name, parentId, level1Code')
    } finally {
      await served.stop()
    }
  })
})

describe('a shared item', () => {
  it('is got under the list that is named, else under one of its own, and taken out of that one alone', async () => {
    const [list] = await rowsOf(company, '/lists', { where: `name = 'Projects'` })
    const [row] = (await rowsOf(company, '/items', { listId: String(list?.ID) })).filter(
      ({ lists }) => (lists as unknown[]).length > 1,
    )
    const ids = ((row?.lists ?? []) as { id: string }[]).map(({ id }) => id)
    for (const listId of ids) {
      const got = (await ok(company.call(pathOf(row ?? {}), { query: { listId } }))).json
      expect(got).toMatchObject({ ID: row?.ID, ListID: listId })
    }
    expect(ids.length).toBeGreaterThan(1)
    expect(ids).toContain((await ok(company.call(pathOf(row ?? {})))).json.ListID)
    const [first = '', ...others] = ids
    await ok(company.call(pathOf(row ?? {}), { method: 'DELETE', query: { listId: first } }))
    expect((await company.call(pathOf(row ?? {}), { query: { listId: first } })).status).toBe(404)
    expect((await ok(company.call(pathOf(row ?? {})))).json.ListID).toBe(others[0])
  })
})

describe('ids that an expense takes', () => {
  it('are taken from our own rows: payment type, vendor and place, where Concur checks each', async () => {
    await sandbox.faults({ fault: 'ids', value: 'strict' })
    const person = await userInstance(product, member, { login: 'amber.badger@sandbox.example' })
    const [group] = await rowsOf(person, '/expense-group-configurations', {})
    const [payment] = (group?.PaymentTypes ?? []) as Row[]
    const [vendors] = await rowsOf(person, '/lists', { where: 'IsVendorList = true' })
    const [vendor] = await rowsOf(person, '/items', {
      ...{ listId: String(vendors?.ID), pageSize: '1', fields: 'ID,Name,ListItemID' },
    })
    const [place] = await rowsOf(person, '/locations', { where: `name = 'Hamburg'` })
    const report = (await ok(person.call('/reports', { method: 'POST', body: { Name: 'Ids' } }))).json
    const expense = {
      ...{ ReportID: report.ID, ExpenseTypeCode: 'DINNR', PaymentTypeID: payment?.ID },
      ...{ VendorListItemID: vendor?.ListItemID, LocationID: place?.ID },
      ...{ TransactionDate: '2026-01-01', TransactionAmount: 3, TransactionCurrencyCode: 'EUR' },
    }
    const made = (await ok(person.call('/expenses', { method: 'POST', body: expense }))).json
    expect(made).toMatchObject({
      ...{ PaymentTypeID: payment?.ID, PaymentTypeName: payment?.Name },
      ...{ VendorListItemID: vendor?.ListItemID, VendorListItemName: vendor?.Name },
      ...{ LocationID: place?.ID, LocationCountry: 'DE' },
    })
    const wrong = { ...expense, VendorListItemID: vendor?.ID }
    expect((await person.call('/expenses', { method: 'POST', body: wrong })).status).toBe(400)
  })

  it('of items are asked for only where they are named, and absent where Concur gives none any more', async () => {
    const fresh = await companyInstance(product, member)
    const [vendors] = await rowsOf(fresh, '/lists', { where: 'IsVendorList = true' })
    const query = { listId: String(vendors?.ID), pageSize: '2' }
    const plain = await sandbox.during(async () => {
      for (const row of await rowsOf(fresh, '/items', query)) expect(row).not.toHaveProperty('ListItemID')
    })
    expect(plain.requests.filter(({ path }) => path.includes('v3.0'))).toEqual([])
    const { json } = await ok(fresh.call('/items', { query: { ...query, fields: 'Name,ListItemID' } }))
    for (const row of json) expect(row).toMatchObject({ ListItemID: expect.stringContaining('$') })
    const older = await companyInstance(product, member, {
      configuration: { 'concur.api.generation.items': 'v3' },
    })
    const where = `name = '${json[0].Name}'`
    expect((await rowsOf(older, '/items', { where })).map(({ ID }) => ID)).toEqual([json[0].ListItemID])
    await sandbox.faults({ fault: 'refuse-deprecated' })
    const other = await companyInstance(product, member)
    const gone = await ok(other.call('/items', { query: { ...query, fields: 'Name,ListItemID' } }))
    expect(gone.json.map(({ Name }: Row) => Name)).toEqual(json.map(({ Name }: Row) => Name))
    for (const row of gone.json) expect(row).not.toHaveProperty('ListItemID')
  })
})
