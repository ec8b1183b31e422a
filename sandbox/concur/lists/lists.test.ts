import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allItems, type Client, itemsOf, type Json, openClient } from '../test-client.ts'
import { openContract } from '../test-contract.ts'

const rowsOf = (json: Json): Json[] => json['content'] as Json[]

describe('lists and their items', () => {
  const contract = openContract()
  let client: Client
  let token: string
  beforeAll(async () => {
    client = await openClient({ reports: 60 }, contract)
    token = await client.token()
  })
  afterAll(async () => {
    await client.close()
    process.stdout.write(`contract of lists: ${JSON.stringify(contract.count())}\n`)
  })
  const get = async (path: string) => (await client.get(path, token)).json
  const listNamed = async (name: string): Promise<string> => {
    const [row] = rowsOf(await get(`/list/v4/lists?value=eq:${encodeURIComponent(name)}`))
    return String(row?.['id'])
  }
  const pages = async (first: string): Promise<Json[]> => {
    const rows: Json[] = []
    for (let next: string | undefined = first; next !== undefined; ) {
      const page: Json = await get(next)
      rows.push(...rowsOf(page))
      next = (page['links'] as Json[]).find((link) => link['rel'] === 'next')?.['href'] as string | undefined
    }
    return rows
  }

  it('shows a vendor list, a connected list of two levels and one of more than a page', async () => {
    const page = await get('/list/v4/lists')
    const kinds = rowsOf(page).map((row) => [
      row['value'],
      row['levelCount'],
      (row['category'] as Json)['type'],
    ])
    expect(kinds).toContainEqual(['Vendors', 1, 'Vendor'])
    expect(kinds).toContainEqual(['Departments', 2, 'Normal'])
    const long = await pages(`/list/v4/lists/${await listNamed('Cost centres')}/children`)
    expect(long).toHaveLength(1250)
    expect(new Set(long.map((row) => row['id'])).size).toBe(1250)
    expect((await get(`/list/v4/lists/${await listNamed('Cost centres')}/children?page=13`))['page']).toEqual(
      {
        ...{ size: 100, totalElements: 1250, totalPages: 13, number: 13 },
      },
    )
    expect((await client.get('/list/v4/lists?page=0', token)).status).toBe(400)
  })

  it('walks down from a list to its items and filters by code, value and either', async () => {
    const list = await listNamed('Departments')
    const children = `/list/v4/lists/${list}/children`
    const [sales] = rowsOf(await get(`${children}?shortCode=SLS`))
    expect(sales).toMatchObject({ code: 'SLS', value: 'Sales', level: 1, parentId: null })
    expect(sales?.['lists']).toEqual([{ id: list, hasChildren: true }])
    const teams = rowsOf(
      await get(`/list/v4/items/${String(sales?.['id'])}/children?sortBy=value&sortDirection=desc`),
    )
    expect(teams.map((row) => [row['code'], row['level'], row['parentId']])).toEqual([
      ['SLS-SOUTH', 2, sales?.['id']],
      ['SLS-NORTH', 2, sales?.['id']],
    ])
    const codes = async (query: string) =>
      rowsOf(await get(`${children}?${query}`)).map((row) => row['shortCode'])
    expect(await codes('value=sw:re')).toEqual(['RND'])
    expect(await codes('shortCodeOrValue=eq:Finance')).toEqual(['FIN'])
    expect(await codes('value=not:Sales')).not.toContain('SLS')
    expect(await codes('hasChildren=eq:false')).toEqual([])
    expect((await client.get(`${children}?nonsense=1`, token)).status).toBe(400)
  })

  it('creates, changes and deletes lists and items, with Location and the full row', async () => {
    const made = await client.post('/list/v4/lists', { value: 'Rooms', searchCriteria: 'CODE' }, token)
    expect([made.status, made.headers.get('location')]).toEqual([
      201,
      `${client.url}/list/v4/lists/${String(made.json['id'])}`,
    ])
    const listId = String(made.json['id'])
    const add = (body: Json) => client.post('/list/v4/items', { listId, ...body }, token)
    const house = await add({ shortCode: 'H-1', value: 'House one' })
    expect([house.status, house.json['code']]).toEqual([201, 'H-1'])
    const room = await add({ shortCode: '12', value: 'Room 12', parentCode: 'H-1' })
    expect(room.json).toMatchObject({ code: 'H-1-12', level: 2, parentId: house.json['id'] })
    expect((await add({ shortCode: 'H-1', value: 'Again' })).json['error']).toMatchObject({
      id: 'item.duplicate.code',
    })
    expect((await add({ shortCode: 'x', value: 'x', parentCode: 'none' })).status).toBe(400)
    const path = `/list/v4/items/${String(room.json['id'])}`
    const put = await client.put(path, { shortCode: '13', value: 'Room 13' }, token)
    expect([put.status, put.json['code']]).toEqual([200, 'H-1-13'])
    expect((await client.remove(`/list/v4/items/${String(house.json['id'])}`, token)).status).toBe(204)
    expect((await get(path))['isDeleted']).toBe(true)
    expect((await client.put(path, { shortCode: '1', value: '1' }, token)).json['error']).toMatchObject({
      id: 'item.deleted',
    })
    const renamed = await client.put(`/list/v4/lists/${listId}`, { value: 'Halls' }, token)
    expect([renamed.status, renamed.json['searchCriteria']]).toEqual([200, 'CODE'])
    expect((await client.remove(`/list/v4/lists/${listId}`, token)).status).toBe(204)
    expect(rowsOf(await get('/list/v4/lists?value=Halls'))).toEqual([])
    expect(rowsOf(await get('/list/v4/lists?value=Halls&isDeleted=true'))).toHaveLength(1)
  })

  it('takes many items at once and tells which failed', async () => {
    const made = await client.post('/list/v4/lists', { value: 'Colours', isManaged: true }, token)
    const path = `/list/v4/lists/${String(made.json['id'])}/bulk`
    const bulk = (method: 'post' | 'patch', requests: readonly Json[]) =>
      client[method](path, { requests }, token)
    const first = await bulk('post', [
      { shortCode: 'RED', value: 'Red' },
      { shortCode: 'DARK', value: 'Dark red', parentCode: 'RED' },
    ])
    expect([first.status, first.json['status'], first.json['recordsSucceeded']]).toEqual([201, 'SUCCESS', 2])
    const second = await bulk('patch', [
      { code: 'RED', value: 'Reds' },
      { code: 'NONE', value: 'x' },
    ])
    expect([second.status, second.json['status'], second.json['recordsFailed']]).toEqual([
      206,
      'PARTIAL_SUCCESS',
      1,
    ])
    expect((await bulk('post', [{ shortCode: 'RED', value: 'Red' }])).json['status']).toBe('FAILURE')
    expect((await bulk('patch', [])).json['error']).toMatchObject({ id: 'request.validation.error' })
    expect(made.json['managedBy']).toBe('appId:amalgam-sandbox')
  })

  it('shares an item between lists, takes it out of one, and keeps read-only lists', async () => {
    const [projects, billable] = [await listNamed('Projects'), await listNamed('Billable projects')]
    const [item] = rowsOf(await get(`/list/v4/lists/${projects}/children?shortCode=P-100`))
    const path = `items/${String(item?.['id'])}`
    expect((await client.remove(`/list/v4/lists/${billable}/${path}`, token)).status).toBe(204)
    expect((await get(`/list/v4/${path}`))['lists']).toEqual([{ id: projects, hasChildren: false }])
    const groups = await listNamed('Employee groups')
    expect((await client.put(`/list/v4/lists/${groups}`, { value: 'x' }, token)).status).toBe(403)
  })

  it('gives the same data on v3 under other ids, deprecated, with all codes of the levels', async () => {
    const lists = await client.get('/api/v3.0/common/lists', token)
    expect(lists.headers.get('x-api-warn')).toContain('List v4')
    const row = itemsOf(lists).find((each) => each['Name'] === 'Departments')
    expect(row).toMatchObject({ IsVendorList: false, DisplayCodeFirst: true, SearchCriteriaCode: 'TEXT' })
    const listId = encodeURIComponent(String(row?.['ID']))
    const all = await allItems(client, `/api/v3.0/common/listitems?listId=${listId}&limit=4`, token)
    expect(all).toHaveLength(15)
    const team = all.find((each) => each['Name'] === 'Sales North')
    expect(team).toMatchObject({ Level1Code: 'SLS', Level2Code: 'NORTH', Level3Code: null })
    expect(all.find((each) => each['ID'] === team?.['ParentID'])).toMatchObject({ Name: 'Sales' })
    const named = await client.get(`/api/v3.0/common/listitems?name=Sales%20North`, token)
    expect(itemsOf(named)).toEqual([team])
  })

  it('writes items on v3, also to a list that nobody made, unless ids are strict', async () => {
    const body = { ListID: 'LST$1', Name: 'Rail card', ParentID: null, Level1Code: 'RAIL' }
    const post = () => client.post('/api/v3.0/common/listitems', body, token)
    const made = await post()
    const uri = String(made.json['URI'])
    expect(await get(uri)).toMatchObject({ ListID: 'LST$1', Name: 'Rail card', Level1Code: 'RAIL' })
    expect((await client.put(uri, { Name: 'Bus card', Code: 'BUS' }, token)).status).toBe(204)
    expect((await get(uri))['Level1Code']).toBe('BUS')
    expect((await client.remove(uri, token)).status).toBe(400)
    expect((await client.remove(`${uri}?listId=LST%241`, token)).status).toBe(200)
    expect((await client.get(uri, token)).status).toBe(404)
    await client.faults([{ fault: 'ids', value: 'strict' }])
    expect((await post()).status).toBe(400)
    await client.faults([])
  })

  it('resolves the codes of seeded reports and entries, and of what is written', async () => {
    const reports = itemsOf(await client.get('/api/v3.0/expense/reports?user=ALL', token))
    const entries = itemsOf(await client.get('/api/v3.0/expense/entries?user=ALL', token))
    const items = await allItems(client, '/api/v3.0/common/listitems?limit=100', token)
    const byId = new Map(items.map((item) => [item['ID'], item['Name']]))
    const slots = [...reports, ...entries]
      .flatMap((row) => Object.values(row))
      .filter((value): value is Json => typeof value === 'object' && value !== null && 'ListItemID' in value)
      .filter((slot) => slot['ListItemID'] !== null)
    expect(slots.length).toBeGreaterThan(25)
    for (const slot of slots) expect(byId.get(slot['ListItemID'])).toBe(slot['Value'])
    const vendors = entries.filter((entry) => entry['VendorListItemID'] !== null)
    expect(vendors.length).toBeGreaterThan(3)
    for (const entry of vendors) expect(byId.get(entry['VendorListItemID'])).toBe(entry['VendorListItemName'])
    await client.faults([{ fault: 'ids', value: 'strict' }])
    const report = (fields: Json) => client.post('/api/v3.0/expense/reports', { Name: 'x', ...fields }, token)
    const made = await report({ OrgUnit1: 'SLS', OrgUnit2: 'NORTH', Custom4: 'CC1007' })
    expect((await get(String(made.json['URI'])))['OrgUnit2']).toMatchObject({
      Value: 'Sales North',
      Code: 'NORTH',
    })
    expect((await report({ OrgUnit2: 'NORTH' })).status).toBe(400)
    await client.faults([])
    expect((await report({ Custom4: 'none' })).text).toContain('Custom4')
    for (const [value, held] of [
      ['keep', { Type: 'List', Value: 'none', Code: null, ListItemID: null }],
      ['lose', null],
    ] as const) {
      await client.faults([{ fault: 'list-codes', value }])
      const kept = await report({ Custom4: 'none', OrgUnit1: 'SLS' })
      const row = await get(String(kept.json['URI']))
      expect([row['Custom4'], (row['OrgUnit1'] as Json)['Code']]).toEqual([held, 'SLS'])
    }
    await client.faults([])
  })

  it('keeps companies apart and refuses application tokens', async () => {
    const app = await client.grant({ grant_type: 'client_credentials', scope: 'LIST spend.list.read' })
    expect((await client.get('/list/v4/lists', String(app.json['access_token']))).status).toBe(403)
    const away = await client.get(`/dc/eu2/list/v4/lists/${await listNamed('Vendors')}`, token)
    expect(away.status).toBe(401)
  })

  it('answered as the schemas say', () => {
    expect(contract.problems()).toEqual([])
  })
})
