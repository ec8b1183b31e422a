import { describe, expect, it } from 'vitest'
import { ElementJson } from '#src/contract/index.ts'
import { type Operation, operationsOf } from './operation.ts'
import { nextCursor, pageQuery, pagingOf } from './paging.ts'

const query = (name: string, vendorName: string) => ({ name, vendorName, type: 'query', vendorType: 'query' })

const operation = (more: object): Operation => {
  const resource = { path: '/rows', method: 'GET', paginationType: 'VENDOR_SUPPORTED', ...more }
  const json = ElementJson.parse({ name: 'x', authentication: { type: 'custom' }, resources: [resource] })
  const [made] = operationsOf(json).ofHub
  if (made === undefined) throw new Error('there is no operation')
  return made
}

const configured =
  (values: Readonly<Record<string, string>>) =>
  (key: string): string | undefined =>
    values[key]

const reply = (body: object, headers: Readonly<Record<string, string>> = {}) =>
  ({ status: 200, headers, body, raw: body }) as Parameters<typeof nextCursor>[4]

/** What each of three full pages asks for. */
const threePages = (one: Operation, values: Readonly<Record<string, string>>, body: object, headers = {}) => {
  const paging = pagingOf(one, configured(values))
  const asked: object[] = []
  let cursor: string | null = null
  for (let page = 0; page < 3; page += 1) {
    const { query: ours, vendor } = pageQuery(one, paging, cursor, 10)
    asked.push({ ...ours, ...vendor })
    cursor = nextCursor(one, paging, cursor, 10, reply(body, headers), 10)
    if (cursor === null) break
  }
  return asked
}

const size = { pageSize: '10' }

describe('pages of a posted element', () => {
  const numbered = operation({ parameters: [query('page', 'p'), query('pageSize', 'n')] })

  it.each([
    [{ 'pagination.type': 'page' }, ['1', '2', '3']],
    [{}, ['1', '2', '3']],
    [{ 'pagination.type': 'page starts with 1' }, ['1', '2', '3']],
    [{ 'pagination.type': 'page 0' }, ['0', '1', '2']],
    [{ 'pagination.type': 'page', 'pagination.page.startindex': '5' }, ['5', '6', '7']],
  ])('are numbered as %j says', (values, numbers) => {
    expect(threePages(numbered, values, {})).toEqual(numbers.map((page) => ({ ...size, page })))
  })

  it('are counted in rows', () => {
    const rows = threePages(numbered, { 'pagination.type': 'offset' }, {})
    expect(rows).toEqual(['0', '10', '20'].map((at) => ({ ...size, page: at, offset: at })))
  })

  it('end with the first that is not full', () => {
    const paging = pagingOf(numbered, configured({}))
    expect(nextCursor(numbered, paging, null, 10, reply({}), 9)).toBeNull()
  })

  it.each([
    ['body.next', [query('nextPage', 'cursor')], { next: 'abc' }, {}, { ...size, nextPage: 'abc' }],
    [
      'body.next?after',
      [query('nextPage', 'x')],
      { next: '/rows?after=a%20b&n=1' },
      {},
      { ...size, nextPage: 'a b' },
    ],
    ['body.next?after', [], { next: 'https://elsewhere.test/rows?after=7' }, {}, { ...size, after: '7' }],
    ['body.paging.next', [query('page', 'p')], { paging: { next: 4 } }, {}, { ...size, page: '4' }],
    ['header.X-Next', [query('nextPage', 'x')], {}, { 'x-next': 'h' }, { ...size, nextPage: 'h' }],
    [
      'header.Link?page',
      [],
      {},
      { link: '<https://a.test/?page=1>; rel="prev", <https://a.test/?page=3>; rel="next"' },
      { ...size, page: '3' },
    ],
  ])('follow %s', (nextPageKey, parameters, body, headers, second) => {
    const [first, then] = threePages(operation({ nextPageKey, parameters }), {}, body, headers)
    expect(first).toEqual(size)
    expect(then).toEqual(second)
  })

  it.each([[{}], [{ next: null }], [{ next: '' }], [{ next: false }], [{ next: { a: 1 } }]])(
    'end where the reply says %j',
    (body) => {
      const one = operation({ nextPageKey: 'body.next', parameters: [query('nextPage', 'x')] })
      expect(threePages(one, {}, body)).toHaveLength(1)
    },
  )

  it('are none where the vendor has none, and as large as is allowed', () => {
    expect(pagingOf(operation({ paginationType: 'NO_PAGINATION' }), configured({})).kind).toBe('none')
    expect(pagingOf(numbered, configured({ 'pagination.max': '50' })).maxSize).toBe(50)
    expect(pagingOf(numbered, configured({ 'pagination.max': '{"rows": 25, "default": 9}' })).maxSize).toBe(
      25,
    )
    expect(pagingOf(numbered, configured({ 'pagination.max': 'nonsense' })).maxSize).toBe(200)
  })
})
