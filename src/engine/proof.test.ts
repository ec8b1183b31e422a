import { describe, expect, it } from 'vitest'
import type { Pagination } from '#src/element/index.ts'
import { apples, onSmallVendor } from '../../test/support/small-vendor.ts'
import type { SearchInput } from './index.ts'

const { vendor, engine, connect } = await onSmallVendor()

const numbered: Pagination = {
  kind: 'page-number',
  next: 'page',
  count: 'totalPages',
  cursorParam: 'number',
  maxSize: 2,
}
const byCursor: Pagination = {
  kind: 'cursor',
  next: 'next',
  cursorParam: 'from',
  sizeParam: 'size',
  maxSize: 2,
}

const rowsOf = async (page: Pagination, body: unknown, input: SearchInput = { proven: true }) => {
  vendor.answer(() => (body === undefined ? { status: 204 } : { body }))
  const resource = apples({
    verbs: { search: { method: 'GET', path: '/apples', rows: ['list', 'rows'] } },
    page,
  })
  const pages: unknown[] = []
  for await (const rows of engine.each(connect(resource).connection, resource, input)) pages.push(...rows)
  return pages
}

describe('a listing that must show that it is whole', () => {
  it.each([
    [byCursor, { list: [] }],
    [byCursor, { rows: null }],
    [numbered, { list: [{ ID: 'a' }], page: { totalPages: 1 } }],
    [numbered, { list: [], page: { totalPages: 0 } }],
  ])('is read: %j %j', async (page, body) => {
    expect(await rowsOf(page, body)).toEqual(await rowsOf(page, body, {}))
  })

  it.each([
    [byCursor, { message: 'Busy.' }, 'came without its rows'],
    [byCursor, undefined, 'came without its rows'],
    [numbered, { page: { totalPages: 1 } }, 'came without its rows'],
    [numbered, { list: [{ ID: 'a' }] }, 'came without its number of pages'],
    [numbered, { list: [{ ID: 'a' }], page: { totalPages: null } }, 'came without its number of pages'],
  ])('is a failure where it does not: %j %j', async (page, body, words) => {
    await expect(rowsOf(page, body)).rejects.toMatchObject({
      code: 'provider-failed',
      message: expect.stringContaining(words),
    })
    await expect(rowsOf(page, body, {})).resolves.toBeDefined()
  })
})
