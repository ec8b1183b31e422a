import { createHash, randomBytes } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { ok } from '../support/answers.ts'
import { hub } from '../support/client.ts'
import { type Connected, companyInstance, userInstance } from '../support/grants.ts'
import type { Member, Product } from '../support/product.ts'
import type { Controls } from '../support/sandbox.ts'
import { onProduct } from '../support/stage.ts'

let product: Product
let member: Member
let sandbox: Controls
let person: Connected
let company: Connected

onProduct((stage) => {
  ;({ product, member, sandbox } = stage)
})

beforeAll(async () => {
  person = await userInstance(product, member, { login: 'amber.badger@sandbox.example' })
  company = await companyInstance(product, member)
})

/** A file that begins as a PDF does. */
const pdf = (bytes: number): Buffer => Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(bytes)])
const png = Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47]), randomBytes(2_000)])
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

const send = (instance: Connected, path: string, init: RequestInit): Promise<Response> =>
  fetch(`${product.url}/hubs/expense${path}`, {
    ...init,
    headers: { ...hub(member, instance.token), ...(init.headers as Record<string, string>) },
  })

const upload = (instance: Connected, path: string, body: Uint8Array, type = 'application/pdf') =>
  send(instance, path, { method: 'POST', body: body, headers: { 'content-type': type } })

// biome-ignore lint/suspicious/noExplicitAny: a client reads whatever JSON comes; tests say what they expect.
const jsonOf = async (reply: Response): Promise<any> => reply.json()

const bytesOf = async (reply: Response): Promise<Buffer> => {
  const bytes = Buffer.from(await reply.arrayBuffer())
  expect(reply.status, bytes.toString('utf8', 0, 300)).toBe(200)
  return bytes
}

const newReport = async (): Promise<string> =>
  (await ok(person.call('/reports', { method: 'POST', body: { Name: 'With images' } }))).json.ID

describe('images of reports and expenses', () => {
  it('go up and come down byte for byte, a second one behind the first', async () => {
    const id = await newReport()
    expect((await send(person, `/reports/${id}/image`, {})).status).toBe(404)
    const [first, second] = [pdf(300_000), png]
    const up = await upload(person, `/reports/${id}/image`, first)
    expect(up.status, await up.clone().text()).toBe(200)
    expect(await jsonOf(up)).toMatchObject({ ID: id, ReceiptsReceived: true })
    const down = await send(person, `/reports/${id}/image`, {
      headers: { accept: 'image/*, application/pdf' },
    })
    expect(down.headers.get('content-type')).toBe('application/pdf')
    expect(hashOf(await bytesOf(down))).toBe(hashOf(first))
    const made = await ok(
      person.call('/expenses', {
        method: 'POST',
        body: {
          ...{ ReportID: id, ExpenseTypeCode: 'TAXIX', PaymentTypeID: 'p', TransactionAmount: 3 },
          ...{ TransactionDate: '2026-01-01', TransactionCurrencyCode: 'EUR' },
        },
      }),
    )
    const path = `/expenses/${made.json.ExpenseID}/image?reportId=${id}`
    expect((await upload(person, path, second, 'image/png')).status).toBe(200)
    expect(hashOf(await bytesOf(await send(person, path, {})))).toBe(hashOf(second))
  })

  it('are taken as a form too, and refused by type, by size and when empty', async () => {
    const id = await newReport()
    const form = new FormData()
    form.set('note', 'beside it')
    form.set('file', new Blob([png], { type: 'image/png' }), 'receipt.png')
    expect((await send(person, `/reports/${id}/image`, { method: 'POST', body: form })).status).toBe(200)
    expect(hashOf(await bytesOf(await send(person, `/reports/${id}/image`, {})))).toBe(hashOf(png))
    const wrong = await upload(person, `/reports/${id}/image`, png, 'image/gif')
    expect([wrong.status, (await jsonOf(wrong)).message]).toEqual([415, expect.stringContaining('image/png')])
    const large = await upload(person, `/reports/${id}/image`, pdf(10 * 1024 * 1024))
    expect(large.status).toBe(413)
    const empty = await upload(person, `/reports/${id}/image`, Buffer.alloc(0))
    expect(empty.status).toBe(400)
    const json = await person.call(`/reports/${id}/image`, { method: 'POST', body: { a: 1 } })
    expect(json.status).toBe(415)
    expect((await person.call(`/reports/${id}/image`, { method: 'DELETE' })).status).toBe(405)
  })

  it('are not half given when the vendor breaks off', async () => {
    const id = await newReport()
    await upload(person, `/reports/${id}/image`, pdf(500_000))
    await sandbox.faults({ fault: 'cut-body', operation: 'images.file' })
    const cut = await send(person, `/reports/${id}/image`, {})
    expect(cut.status).toBe(502)
  })
})

describe('receipt images', () => {
  it('are created by a file, listed, shown, grow by a page, and are removed', async () => {
    const made = await jsonOf(await upload(person, '/receipt-images', png, 'image/png'))
    expect(made.id).toBe(made.ID)
    const path = `/receipt-images/${encodeURIComponent(made.ID)}`
    const listed = (await ok(person.call('/receipt-images', { query: { pageSize: '1000' } }))).json
    expect(listed.map((row: { ID: string }) => row.ID)).toContain(made.ID)
    expect(hashOf(await bytesOf(await send(person, `${path}/image`, {})))).toBe(hashOf(png))
    const more = await send(person, `${path}/image`, {
      method: 'PUT',
      body: pdf(100),
      headers: { 'content-type': 'application/pdf' },
    })
    expect(more.status).toBe(200)
    await ok(person.call(path, { method: 'DELETE' }))
    expect((await person.call(path)).status).toBe(404)
  })
})

describe('receipts', () => {
  it('are posted as JSON by a schema, or as an image alone', async () => {
    const validationSchema = 'http://schema.concursolutions.com/general-receipt.schema.json'
    const body = { receipt: { total: '12.00' }, validationSchema }
    const made = (await ok(person.call('/receipts', { method: 'POST', body }))).json
    expect(made).toMatchObject({ receipt: { total: '12.00' }, validationSchema })
    const image = pdf(1_000)
    const alone = await jsonOf(await upload(person, '/receipts', image))
    const listed = (await ok(person.call('/receipts'))).json
    const ids = listed.map((row: { id: string }) => row.id)
    expect(ids).toEqual(expect.arrayContaining([made.id, alone.id]))
    expect(hashOf(await bytesOf(await send(person, `/receipts/${alone.id}/image`, {})))).toBe(hashOf(image))
    const status = await send(person, `/receipts/${alone.id}/status`, {})
    expect((await jsonOf(status)).status).toMatch(/ACCEPTED|PROCESSING|PROCESSED/)
    const bare = await person.call('/receipts', { method: 'POST', body: { receipt: {} } })
    expect([bare.status, bare.json.message]).toEqual([400, expect.stringContaining('validationSchema')])
  })
})

const quickExpense = {
  ...{ expenseTypeId: 'TAXIX', transactionDate: '2026-01-02', comment: 'Taxi' },
  transactionAmount: { value: 12.5, currencyCode: 'EUR' },
}

describe('quick expenses', () => {
  const body = quickExpense

  it('are created, with an image too, by a person or by a company for one', async () => {
    const made = (await ok(person.call('/quick-expenses', { method: 'POST', body }))).json
    expect(made.id).toMatch(/^[0-9A-F]{32}$/i)
    const user = 'amber.badger@sandbox.example'
    const forOne = await ok(company.call('/quick-expenses', { method: 'POST', query: { user }, body }))
    expect(forOne.json.id).not.toBe(made.id)
    const form = new FormData()
    form.set('quickExpenseRequest', JSON.stringify(body))
    form.set('fileContent', new Blob([png], { type: 'image/png' }), 'taxi.png')
    const withImage = await send(person, '/quick-expenses', { method: 'POST', body: form })
    expect(withImage.status, await withImage.clone().text()).toBe(200)
    const lone = new FormData()
    lone.set('fileContent', new Blob([png], { type: 'image/png' }), 'taxi.png')
    const refused = await send(person, '/quick-expenses', { method: 'POST', body: lone })
    expect([refused.status, (await jsonOf(refused)).message]).toEqual([
      400,
      expect.stringContaining('quickExpenseRequest'),
    ])
  })
})

describe('a removal that is sent again', () => {
  const remove = { fault: 'cut-connection', operation: 'receipt-images.delete', times: 1 }

  it('is done where the lost answer may have been a success', async () => {
    const made = await jsonOf(await upload(person, '/receipt-images', png, 'image/png'))
    await sandbox.faults({ ...remove, value: 'after' })
    await ok(person.call(`/receipt-images/${encodeURIComponent(made.ID)}`, { method: 'DELETE' }))
  })

  it('of what is not there is 404, where the answer before was only to wait', async () => {
    await sandbox.faults({ ...remove, fault: 'rate-limit', value: 0 })
    const missing = await person.call('/receipt-images/nothing', { method: 'DELETE' })
    expect(missing.status, missing.text).toBe(404)
  })
})

describe('the passthrough', () => {
  it('hands a form on as it came', async () => {
    const shown = (await ok(person.call('/receipts', { query: { pageSize: '1' } }))).json
    const userId = shown[0]?.userId
    const form = new FormData()
    form.set('quickExpenseRequest', new Blob([JSON.stringify(quickExpense)], { type: 'application/json' }))
    form.set('fileContent', new Blob([png], { type: 'image/png' }), 'taxi.png')
    const path = `/passthrough/quickexpense/v4/users/${userId}/context/TRAVELER/quickexpenses/image`
    const made = await send(person, path, { method: 'POST', body: form })
    expect(made.status, await made.clone().text()).toBe(201)
    expect((await jsonOf(made)).quickExpenseIdUri).toContain('/quickexpenses/')
  })

  it('hands a request on and the reply back as they are, signed', async () => {
    const reply = await send(person, '/passthrough/api/v3.0/expense/reports?limit=1', {})
    expect(reply.status).toBe(200)
    const body = await jsonOf(reply)
    expect(body.Items).toHaveLength(1)
    expect(reply.headers.get('concur-correlationid')).toMatch(/^[0-9a-f-]{36}$/)
    const made = await send(person, '/passthrough/api/v3.0/expense/reports', {
      method: 'POST',
      body: '{"Name":"By the way","UserDefinedDate":"2026-01-01"}',
      headers: { 'content-type': 'application/json' },
    })
    const { ID } = await jsonOf(made)
    expect((await ok(person.call(`/reports/${ID}`))).json.Name).toBe('By the way')
    const xml = await send(person, `/passthrough/api/v3.0/expense/reports/${ID}`, {
      headers: { accept: 'application/xml' },
    })
    expect(await xml.text()).toContain('<Name>By the way</Name>')
    const bare = await fetch(`${product.url}/passthrough/api/v3.0/expense/reports/${ID}`, {
      headers: hub(member, person.token),
    })
    expect(bare.status).toBe(200)
  })

  it('gives a refusal of the vendor as it is, and renews a token on the way', async () => {
    await sandbox.endTokens()
    const missing = await send(person, '/passthrough/api/v3.0/expense/reports/NOSUCH', {})
    expect(missing.status).toBe(404)
    expect((await jsonOf(missing)).Error.Message).toContain('not found')
    expect(missing.headers.get('elements-request-id')).toMatch(/^[0-9a-f]{24}$/)
  })

  it('never leaves the vendor, and hands on no header of its own', async () => {
    for (const path of [
      '/passthrough//evil.example/api',
      '/passthrough/https://evil.example/',
      '/passthrough/api/%2e%2e/%2e%2e/x',
      '/passthrough/api/..%2f..%2fx',
      '/passthrough/api\\evil',
      '/passthrough/api/%5cevil',
      '/passthrough/',
    ]) {
      const calls = await sandbox.during(async () => {
        const reply = await person.call(path)
        expect(reply.status, `${path} ${reply.text}`).toBeGreaterThanOrEqual(400)
        expect(reply.status, path).toBeLessThan(500)
      })
      for (const { path: seen } of calls.requests) expect(seen).not.toContain('..')
    }
    const principal = await send(person, '/passthrough/api/v3.0/expense/reports', {
      headers: { 'elements-principal': 'nobody' },
    })
    expect(principal.status).toBe(400)
  })
})
