import { describe, expect, it } from 'vitest'
import type { Pagination, Resource, SearchCall } from '#src/element/index.ts'
import type { JsonObject } from '#src/lib/json.ts'
import {
  apples,
  type ConnectionOptions,
  onSmallVendor,
  type Received,
} from '../../test/support/small-vendor.ts'
import type { SearchInput } from './index.ts'

const { vendor, engine, connect } = await onSmallVendor()

const search: SearchCall = { method: 'GET', path: '/apples', rows: 'list' }
const listed = (page: Pagination, more: Partial<Resource> = {}) =>
  apples({ verbs: { search }, page, ...more })

const list = (resource: Resource, input: SearchInput = {}, options?: ConnectionOptions) =>
  engine.searchText(connect(resource, options).connection, resource, input, false)
const idsIn = (json: Buffer) => (JSON.parse(json.toString()) as JsonObject[]).map(({ ID }) => ID)
const ids = async (resource: Resource, input: SearchInput = {}) => idsIn((await list(resource, input)).json)
const valueIn = ({ query }: Received, name: string) => query.find(([one]) => one === name)?.[1]

const names = ['a', 'b', 'c', 'd', 'e']
const rowsFrom = (first: number, count: number) => names.slice(first, first + count).map((ID) => ({ ID }))

/** Every page of ours, by the token of the one before. */
const pagesOf = async (resource: Resource, pageSize: number, input: SearchInput = {}) => {
  const pages: unknown[][] = []
  for (let nextPage: string | undefined = ''; nextPage !== undefined; ) {
    const page: Awaited<ReturnType<typeof list>> = await list(resource, { ...input, pageSize, nextPage })
    pages.push(idsIn(page.json))
    nextPage = page.nextPage
  }
  return pages
}

const sizes = { sizeParam: 'size', maxSize: 2 } as const
const startOf = (request: Received) => Number(valueIn(request, 'from') ?? '0')

describe('a coded search', () => {
  const asked: unknown[] = []
  const run: Extract<Resource['verbs']['search'], { run: unknown }>['run'] = async (
    port,
    { filters, cursor, limit },
  ) => {
    asked.push({ filters, cursor, limit })
    const from = Number(cursor ?? '0')
    const { body } = await port.ask({ method: 'GET', path: '/apples', query: { at: String(from) } })
    return { rows: body as JsonObject[], next: from + 2 < names.length ? String(from + 2) : null }
  }
  const resource = listed(
    { kind: 'coded', maxSize: 2 },
    {
      verbs: { search: { kind: 'coded', why: 'a test', method: 'GET', path: '/apples', run } },
      address: [{ name: 'treeId', description: 'Id of the tree.', neededBy: ['search'] }],
      filters: [{ param: 'color', means: 'equals', type: 'text' }],
    },
  )

  it('keeps its own cursor, and is told the filters and the address', async () => {
    asked.length = 0
    vendor.answer((request) => ({ body: rowsFrom(Number(valueIn(request, 'at')), 2) }))
    const where = "color = 'red'"
    expect(await pagesOf(resource, 2, { where, given: { treeId: 't' } })).toEqual([
      ['a', 'b'],
      ['c', 'd'],
      ['e'],
    ])
    const filters = { treeId: 't', color: 'red' }
    expect(asked).toEqual([null, '2', '4'].map((cursor) => ({ filters, cursor, limit: 2 })))
    await expect(list(resource)).rejects.toMatchObject({ code: 'bad-request' })
  })

  it('that points at itself is told', async () => {
    const stuck = listed(
      { kind: 'coded', maxSize: 2 },
      {
        verbs: {
          search: {
            ...{ kind: 'coded', why: 'a test', method: 'GET', path: '/apples' },
            run: () => Promise.resolve({ rows: [{ ID: 'a' }], next: 'x' }),
          },
        },
      },
    )
    await expect(pagesOf(stuck, 5)).rejects.toMatchObject({ code: 'provider-failed' })
  })
})

describe('a row that is found by walking the list', () => {
  const resource = apples({
    page: { kind: 'cursor', next: 'next', cursorParam: 'from', ...sizes },
    address: [{ name: 'treeId', description: 'Id of the tree.' }],
    owner: { param: 'owner', field: 'Owner', everybody: 'ALL', configKey: 'x' },
    filters: [{ param: 'owner', means: 'equals', type: 'text' }],
    verbs: {
      search: { ...search, path: '/trees/{treeId}/apples' },
      retrieve: { kind: 'listed', why: 'a test' },
    },
  })
  const get = (id: string, more: object = {}) =>
    engine.retrieveText(
      connect(resource).connection,
      resource,
      { id, given: { treeId: 't' }, ...more },
      '',
      false,
    )

  it('is read no further than it stands, below its address and of its owner', async () => {
    vendor.answer((request) => ({
      body:
        startOf(request) === 0
          ? { list: [{ ID: 1 }, { ID: 2 }], next: '2' }
          : { list: [{ ID: 3 }], next: '4' },
    }))
    expect(JSON.parse(String(await get('2')))).toEqual({ id: '2', ID: 2 })
    expect(vendor.received()).toHaveLength(1)
    expect(JSON.parse(String(await get('3', { owner: 'kim' })))).toEqual({ id: '3', ID: 3 })
    expect(vendor.received()).toHaveLength(3)
    expect(vendor.received().at(-1)).toMatchObject({
      path: '/trees/t/apples',
      query: [
        ['owner', 'kim'],
        ['size', '2'],
        ['from', '2'],
      ],
    })
  })

  it('is not found where it is in no page', async () => {
    vendor.answer(() => ({ body: { list: [{ ID: 'a' }], next: null } }))
    await expect(get('b')).rejects.toMatchObject({ code: 'provider-not-found' })
    vendor.answer(() => ({ status: 204 }))
    await expect(get('b')).rejects.toMatchObject({ code: 'provider-not-found' })
  })
})

describe('a filter', () => {
  it('goes out under the vendor’s name, with what stands before its value, and is looked at again', async () => {
    const resource = listed(
      { kind: 'none' },
      {
        filters: [
          { param: 'name', means: 'equals', type: 'text', field: 'Name', sentAs: 'value', prefix: 'eq:' },
        ],
      },
    )
    vendor.answer(() => ({
      body: {
        list: [
          { ID: 'a', Name: 'x' },
          { ID: 'b', Name: 'y' },
        ],
      },
    }))
    expect(await ids(resource, { where: "name = 'x'" })).toEqual(['a'])
    expect(await ids(resource, { where: "Name = 'y'" })).toEqual(['b'])
    expect(vendor.received().map(({ query }) => query)).toEqual([[['value', 'eq:x']], [['value', 'eq:y']]])
  })

  it('that stands in the path is not sent beside it', async () => {
    const resource = listed(
      { kind: 'none' },
      {
        verbs: {
          search: { ...search, path: '/trees/{tree}/apples', query: { by: 'kim', in: 'season {season}' } },
        },
        filters: [
          { param: 'tree', means: 'equals', type: 'text' },
          { param: 'season', means: 'equals', type: 'text' },
        ],
      },
    )
    vendor.answer(() => ({ body: { list: [] } }))
    await list(resource, { where: "tree = 't' and season = 'may'" })
    await list(resource, { where: "tree = 't'" })
    expect(vendor.received().map(({ path, query }) => [path, query])).toEqual([
      [
        '/trees/t/apples',
        [
          ['by', 'kim'],
          ['in', 'season may'],
        ],
      ],
      ['/trees/t/apples', [['by', 'kim']]],
    ])
  })

  it('by SCIM goes in the body, with the headers of the call, and without what only finds a place', async () => {
    const resource = listed(
      { kind: 'cursor', next: 'next', cursorParam: 'cursor', sizeParam: 'count', maxSize: 50 },
      {
        verbs: { search: { ...search, headers: { 'x-kind': 'scim' } } },
        filterStyle: { kind: 'scim', searchPath: '/search', schema: 'urn:apples' },
        address: [{ name: 'gardener', description: 'Who picks.' }],
        filters: [{ param: 'ripe', means: 'equals', type: 'boolean', field: 'Ripe' }],
        fields: { ID: { type: 'text', access: 'read' }, Ripe: { type: 'boolean', access: 'read' } },
      },
    )
    vendor.answer(() => ({ body: { list: [{ ID: 'a', Ripe: true }] } }))
    expect(await ids(resource, { where: "Ripe = 'true'", given: { gardener: 'kim' } })).toEqual(['a'])
    expect(vendor.received()[0]).toMatchObject({
      method: 'POST',
      path: '/search',
      query: [],
      body: { schemas: ['urn:apples'], filter: 'ripe eq true', count: 50 },
      headers: { 'x-kind': 'scim', 'content-type': 'application/json' },
    })
    await ids(resource, { given: { gardener: 'kim' } })
    expect(vendor.received()[1]).toMatchObject({ method: 'GET', headers: { 'x-kind': 'scim' } })
  })
})
