import { gzipSync } from 'node:zlib'
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

/** Names of reports that begin so, as the sandbox holds them now. */
const named = async (start: string): Promise<readonly string[]> => {
  const { json, status, text } = await instance.call('/reports', {
    query: { where: `Name like '${start}%'`, pageSize: '500', fields: 'Name,Comment' },
  })
  expect(status, text).toBe(200)
  return json.map(({ Name }: { Name: string }) => Name).toSorted()
}

const csvOf = (start: string, rows: number): string =>
  `Name,UserDefinedDate\n${Array.from({ length: rows }, (_, at) => `${start} ${String(at).padStart(3, '0')},2026-01-31\n`).join('')}`

describe('behaviour.md 10: POST /bulk/{object}', () => {
  it('makes a row of the vendor of each row of a CSV file', async () => {
    const made = await bulk.upload('reports', csvOf('Csv', 23), { bulkUploadRecordSize: 10 })
    expect(made.status, made.text).toBe(200)
    expect(made.json).toEqual({
      id: expect.stringMatching(/^\d+$/),
      status: 'CREATED',
      instanceId: instance.id,
    })
    const ended = await bulk.ended(made.json.id)
    expect(ended).toMatchObject({ status: 'COMPLETED', recordsCount: 23, recordsFailedCount: 0 })
    expect(await named('Csv')).toEqual(
      Array.from({ length: 23 }, (_, at) => `Csv ${String(at).padStart(3, '0')}`),
    )
  })
  it('takes gzip', async () => {
    const made = await bulk.upload('reports', gzipSync(csvOf('Gz', 3)))
    expect(await bulk.ended(made.json.id)).toMatchObject({ recordsCount: 3, recordsFailedCount: 0 })
    expect(await named('Gz')).toHaveLength(3)
  })
})
