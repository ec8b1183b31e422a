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

interface Way {
  readonly page: Pagination
  /** How the vendor pages. */
  readonly reply: (request: Received) => unknown
  readonly search?: SearchCall
}

const sizes = { sizeParam: 'size', maxSize: 2 } as const
const startOf = (request: Received) => Number(valueIn(request, 'from') ?? '0')

const ways: Readonly<Record<string, Way>> = {
  'by the address of the next page, whatever its host': {
    page: { kind: 'next-url', next: 'next', cursorParam: 'from', ...sizes },
    reply: (request) => {
      const [from, size] = [startOf(request), Number(valueIn(request, 'size'))]
      const next = from + size < names.length ? `http://foreign.example/apples?x=1&from=${from + size}` : null
      return { list: rowsFrom(from, size), next }
    },
  },
  'by a cursor': {
    page: { kind: 'cursor', next: 'next', cursorParam: 'from', ...sizes },
    reply: (request) => {
      const [from, size] = [startOf(request), Number(valueIn(request, 'size'))]
      return {
        list: rowsFrom(from, size),
        ...(from + size < names.length ? { next: String(from + size) } : {}),
      }
    },
  },
  'by numbers': {
    page: { kind: 'page-number', next: 'page', count: 'totalPages', cursorParam: 'number', maxSize: 2 },
    reply: (request) => {
      const number = Number(valueIn(request, 'number') ?? '1')
      return { list: rowsFrom((number - 1) * 2, 2), page: { number, totalPages: 3 } }
    },
  },
  'not at all': { page: { kind: 'none' }, reply: () => ({ list: rowsFrom(0, 5) }) },
  'not at all, the reply being the rows': {
    page: { kind: 'none' },
    reply: () => rowsFrom(0, 5),
    search: { ...search, rows: null },
  },
}

describe.each(Object.entries(ways))(
  'a vendor that pages %s',
  (_how, { page, reply, search: call = search }) => {
    const resource = listed(page, { verbs: { search: call } })

    it.each([1, 2, 3, 5, 200])('gives each row once in pages of %i', async (size) => {
      vendor.answer((request) => ({ body: reply(request) }))
      const pages = await pagesOf(resource, size)
      expect(pages.flat()).toEqual(names)
      for (const one of pages.slice(0, -1)) expect(one).toHaveLength(size)
    })

    it('gives them filtered and sorted here too', async () => {
      vendor.answer((request) => ({ body: reply(request) }))
      expect((await pagesOf(resource, 2, { where: "ID <> 'b'" })).flat()).toEqual(['a', 'c', 'd', 'e'])
      expect((await pagesOf(resource, 2, { orderBy: 'ID desc' })).flat()).toEqual([...names].reverse())
      expect((await list(resource, { pageSize: 2, total: true })).total).toBe(5)
      expect(await ids(resource, { pageSize: 2, page: 2 })).toEqual(['c', 'd'])
    })

    it('sends nothing of pages that the vendor has not', async () => {
      vendor.answer((request) => ({ body: reply(request) }))
      await pagesOf(resource, 5)
      const [first] = vendor.received()
      expect(first?.query).toEqual('sizeParam' in page ? [['size', '2']] : [])
    })
  },
)

describe('a page that leads nowhere', () => {
  it.each([
    ['next-url', '/apples?from=x'],
    ['cursor', 'x'],
  ] as const)('of kind %s is told, not walked for ever', async (kind, next) => {
    vendor.answer(() => ({ body: { list: [{ ID: 'a' }], next } }))
    const resource = listed({ kind, next: 'next', cursorParam: 'from', ...sizes })
    await expect(pagesOf(resource, 5)).rejects.toMatchObject({ code: 'provider-failed' })
    expect(vendor.received().length).toBeLessThan(4)
  })

  it('by an address without its cursor is told, for rows would be lost', async () => {
    vendor.answer(() => ({ body: { list: [{ ID: 'a' }], next: 'https://other.example/apples?size=2' } }))
    const resource = listed({ kind: 'next-url', next: 'next', cursorParam: 'from', ...sizes })
    await expect(list(resource)).rejects.toMatchObject({
      code: 'provider-failed',
      message: expect.stringContaining('from'),
    })
  })
})

describe('the rows of a reply', () => {
  const several = listed({ kind: 'none' }, { verbs: { search: { ...search, rows: ['Apple', 'Items'] } } })

  it.each([
    ['under the first name', { Apple: [{ ID: 'a' }], Items: null }, ['a']],
    ['under the second name', { Items: [{ ID: 'a' }, { ID: 'b' }] }, ['a', 'b']],
    ['as one object', { Apple: { ID: 'a' } }, ['a']],
    ['as null', { Apple: null, Items: null }, []],
    ['as none', { Apple: [] }, []],
  ])('are found %s', async (_how, body, found) => {
    vendor.answer(() => ({ body }))
    expect(await ids(several)).toEqual(found)
    expect(await ids(several, { where: 'ID is not null' })).toEqual(found)
  })

  it('are none where there is no content', async () => {
    vendor.answer(() => ({ status: 204 }))
    for (const rows of ['list', ['Apple', 'Items'], null]) {
      const resource = listed({ kind: 'none' }, { verbs: { search: { ...search, rows } } })
      expect(await ids(resource)).toEqual([])
      expect(await ids(resource, { where: "ID = 'a'" })).toEqual([])
    }
  })

  it.each(['', '"text"', '3', 'null', '[1'])('are no success where it makes no sense: %j', async (body) => {
    vendor.answer(() => ({ body }))
    await expect(list(several)).rejects.toMatchObject({ code: 'provider-failed' })
  })

  it('with numbers as ids are shown with a text beside them', async () => {
    vendor.answer(() => ({ body: { list: [{ ID: 17, Name: 'x' }, { ID: '18' }] } }))
    const { json } = await list(listed({ kind: 'none' }))
    expect(JSON.parse(json.toString())).toEqual([
      { id: '17', ID: 17, Name: 'x' },
      { id: '18', ID: '18' },
    ])
    const { json: filtered } = await list(listed({ kind: 'none' }), { where: "Name = 'x'" })
    expect(JSON.parse(filtered.toString())).toEqual([{ id: '17', ID: 17, Name: 'x' }])
  })

  it('without their key are told', async () => {
    vendor.answer(() => ({ body: { list: [{ Name: 'x' }] } }))
    await expect(list(listed({ kind: 'none' }))).rejects.toMatchObject({ code: 'provider-failed' })
  })
})
