import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { bulkOf, openBulkWork } from '../support/bulk.ts'
import { type Connected, userInstance } from '../support/grants.ts'
import { type Product, startProduct } from '../support/product.ts'
import { type Controls, controlsOf } from '../support/sandbox.ts'

let product: Product
let instance: Connected
let bulk: ReturnType<typeof bulkOf>
let work: Awaited<ReturnType<typeof openBulkWork>>
let sandbox: Controls

beforeAll(async () => {
  product = await startProduct()
  sandbox = controlsOf(product)
  instance = await userInstance(product, product.admin)
  bulk = bulkOf(instance)
  work = await openBulkWork(product)
})
afterAll(async () => {
  await work?.close()
  await product?.close()
})
beforeEach(() => sandbox.reset())

/** Every row of a listing. */
const listed = async (path: string, query: Record<string, string> = {}) => {
  const rows: unknown[] = []
  for (let nextPage: string | undefined; ; ) {
    const page = await instance.call(path, {
      query: { pageSize: '500', ...query, ...(nextPage ? { nextPage } : {}) },
    })
    expect(page.status, page.text).toBe(200)
    rows.push(...page.json)
    nextPage = page.headers['elements-next-page-token'] as string | undefined
    if (nextPage === undefined) return rows
  }
}

const linesOf = (text: string) =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))

describe('behaviour.md 10: POST /bulk/query', () => {
  it('answers CREATED, and reads what the listing has, one JSON object a line', async () => {
    const made = await bulk.call('/query', { method: 'POST', query: { q: 'select * from reports' } })
    expect(made.status, made.text).toBe(200)
    expect(made.json).toEqual({
      id: expect.stringMatching(/^\d+$/),
      status: 'CREATED',
      instanceId: instance.id,
    })
    const ended = await bulk.ended(made.json.id)
    const rows = await listed('/reports')
    expect(ended).toMatchObject({ status: 'COMPLETED', recordsCount: rows.length, recordsFailedCount: 0 })
    const file = await bulk.file(made.json.id, 'reports', 'application/json')
    expect(file.headers['content-type']).toContain('application/json')
    expect(linesOf(file.text)).toEqual(rows)
  })
})
