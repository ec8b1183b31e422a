import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { personByLogin } from '../people.ts'
import { type Client, itemsOf, openClient, rowsIn } from '../test-client.ts'
import { openContract } from '../test-contract.ts'

const pngOf = (size: number): Buffer =>
  Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), randomBytes(size)])
const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

describe('images and receipts', () => {
  const contract = openContract()
  const admin = personByLogin('admin@sandbox.example')?.id ?? ''
  const folder = mkdtempSync(join(tmpdir(), 'concur-images-'))
  const stateFile = join(folder, 'state.jsonl')
  let client: Client
  let token: string
  const start = async () => {
    client = await openClient({ reports: 200, stateFile }, contract)
    token = await client.token()
  }
  beforeAll(start)
  afterAll(async () => {
    await client.close()
    rmSync(folder, { recursive: true })
    process.stdout.write(`contract of images: ${JSON.stringify(contract.count())}\n`)
  })
  const send = (method: string, path: string, body: Buffer | FormData, more: Record<string, string> = {}) => {
    const type: Record<string, string> = body instanceof FormData ? {} : { 'content-type': 'image/png' }
    const headers = { authorization: `Bearer ${token}`, ...type, ...more }
    return client.call(method, path, { body: body as NonNullable<RequestInit['body']>, headers })
  }
  const download = async (url: string): Promise<{ type: string | null; bytes: Buffer; status: number }> => {
    const reply = await fetch(
      url,
      url.includes('/imaging/') ? {} : { headers: { authorization: `Bearer ${token}` } },
    )
    const bytes = Buffer.from(await reply.arrayBuffer())
    return { type: reply.headers.get('content-type'), bytes, status: reply.status }
  }
  const form = (parts: Record<string, Blob | string>): FormData => {
    const made = new FormData()
    for (const [name, part] of Object.entries(parts)) made.append(name, part)
    return made
  }
  const blob = (bytes: Buffer) => new Blob([new Uint8Array(bytes)], { type: 'image/png' })
  const json = (value: unknown) => new Blob([JSON.stringify(value)], { type: 'application/json' })
  const v3 = '/api/v3.0/expense/receiptimages'
  const files = () => (existsSync(`${stateFile}.files`) ? readdirSync(`${stateFile}.files`).length : 0)

  it('takes nine megabytes and gives them back byte by byte, until the address expires', async () => {
    const image = pngOf(9 * 1024 * 1024)
    const made = await send('POST', v3, image)
    expect(made.status).toBe(200)
    const one = await client.get(String(made.json['URI']), token)
    expect(one.json['ID']).toBe(made.json['ID'])
    const file = await download(String(one.json['URI']))
    expect([file.type, hash(file.bytes)]).toEqual(['image/png', hash(image)])
    expect((await download(`${String(one.json['URI'])}x`)).status).toBe(404)
    await client.post('/sandbox/clock', { addSeconds: 16 * 60 })
    expect((await download(String(one.json['URI']))).status).toBe(403)
    const list = itemsOf(await client.get(v3, token))
    expect(list.map((row) => row['ID'])).toContain(made.json['ID'])
    expect((await client.remove(String(made.json['URI']), token)).status).toBe(200)
    expect([(await client.get(String(made.json['URI']), token)).status, files()]).toEqual([404, 0])
  })

  it('refuses what is too large, of another type or no image, and keeps nothing of it', async () => {
    for (let round = 0; round < 3; round += 1) {
      expect((await send('POST', v3, pngOf(10 * 1024 * 1024))).status).toBe(413)
    }
    expect((await send('POST', v3, Buffer.from('no image at all'))).status).toBe(400)
    expect((await send('POST', v3, pngOf(9), { 'content-type': 'text/plain' })).status).toBe(415)
    expect((await send('POST', `${v3}?user=nobody`, pngOf(9))).status).toBe(400)
    expect(files()).toBe(0)
  })

  it('binds appended pages into one PDF that holds each as it came', async () => {
    const [first, second] = [pngOf(3000), pngOf(70_000)]
    const made = await send('POST', v3, first)
    expect((await send('PUT', String(made.json['URI']), second)).status).toBe(204)
    const link = (await client.get(String(made.json['URI']), token)).json['URI']
    const { type, bytes } = await download(String(link))
    expect([type, bytes.subarray(0, 5).toString()]).toEqual(['application/pdf', '%PDF-'])
    expect([bytes.includes(first), bytes.includes(second)]).toEqual([true, true])
    const table = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(bytes.toString('latin1'))?.[1])
    expect(bytes.subarray(table, table + 4).toString()).toBe('xref')
    const rows = [
      ...bytes
        .subarray(table)
        .toString()
        .matchAll(/^(\d{10}) 00000 n $/gm),
    ]
    for (const [number, [, offset]] of rows.entries()) {
      const head = `${String(number + 1)} 0 obj`
      expect(bytes.subarray(Number(offset), Number(offset) + head.length).toString()).toBe(head)
    }
  })

  it('keeps images of entries and reports on Image v1, in XML, also sent as forms', async () => {
    const report = await client.post('/api/v3.0/expense/reports', { Name: 'Lock' }, token)
    const id = String(report.json['ID'])
    const entry = await client.post(
      '/api/v3.0/expense/entries',
      {
        ...{ ReportID: id, ExpenseTypeCode: 'TAXIX', PaymentTypeID: 'gW$pPaymentCash', TransactionAmount: 8 },
        ...{ TransactionCurrencyCode: 'USD', TransactionDate: '2026-05-04' },
      },
      token,
    )
    const path = `/api/image/v1.0/expenseentry/${encodeURIComponent(String(entry.json['ID']))}`
    const missing = await client.get(path, token)
    expect([missing.status, missing.text]).toEqual([404, expect.stringContaining('<Error')])
    const image = pngOf(500)
    const made = await send('POST', path, form({ file: blob(image) }))
    expect([made.status, made.headers.get('content-type')]).toEqual([201, 'application/xml; charset=utf-8'])
    expect(made.text).toContain('xmlns="http://www.concursolutions.com/api/image/2011/02"')
    expect((await client.get(String(entry.json['URI']), token)).json['HasImage']).toBe(true)
    const headers = { authorization: `Bearer ${token}`, accept: 'application/json' }
    const seen = await client.call('GET', path, { headers })
    expect(hash((await download(String(seen.json['Url']))).bytes)).toBe(hash(image))
    expect((await send('POST', `/api/image/v1.0/report/${id}`, pngOf(300))).status).toBe(201)
    expect((await client.get(`/api/v3.0/expense/reports/${id}`, token)).json['ReceiptsReceived']).toBe(true)
    const whole = await client.call('GET', `/api/image/v1.0/report/${id}`, { headers })
    expect((await download(String(whole.json['Url']))).bytes.includes(image)).toBe(true)
    const receipt = await send('POST', '/api/image/v1.0/receipt', pngOf(20))
    const receiptId = /<Id>([^<]+)<\/Id>/.exec(receipt.text)?.[1] ?? ''
    expect((await client.get(`/api/image/v1.0/receipt/${encodeURIComponent(receiptId)}`, token)).status).toBe(
      200,
    )
  })

  it('makes a page for the images that seeded entries have', async () => {
    const entries = itemsOf(await client.get('/api/v3.0/expense/entries?limit=100', token))
    const entry = entries.find((row) => row['HasImage'] === true && row['VendorDescription'] !== null)
    const headers = { authorization: `Bearer ${token}`, accept: 'application/json' }
    const path = `/api/image/v1.0/expenseentry/${encodeURIComponent(String(entry?.['ID']))}`
    const { json: seen } = await client.call('GET', path, { headers })
    const { type, bytes } = await download(String(seen['Url']))
    expect(type).toBe('application/pdf')
    expect(bytes.toString('latin1')).toContain(String(entry?.['VendorDescription']))
  })

  const quick = `/quickexpense/v4/users/${admin}/context/TRAVELER/quickexpenses`
  const expense = {
    ...{ transactionAmount: { value: 12.5, currencyCode: 'EUR' }, transactionDate: '2026-05-04' },
    ...{ expenseTypeId: 'TAXIX', location: { city: 'Ely' }, paymentTypeId: 'CASHX' },
  }

  it('creates quick expenses with and without an image, and 120 in five minutes', async () => {
    const made = await client.post(quick, expense, token)
    expect([made.status, made.json['quickExpenseIdUri']]).toEqual([
      201,
      expect.stringMatching(/\/[0-9A-F]{32}$/),
    ])
    const parts = { fileContent: blob(pngOf(5000)), quickExpenseRequest: json(expense) }
    expect((await send('POST', `${quick}/image`, form(parts))).status).toBe(201)
    const before = files()
    const half = form({ ...parts, quickExpenseRequest: json({}) })
    expect((await send('POST', `${quick}/image`, half)).text).toContain('transactionDate')
    expect((await send('POST', `${quick}/image`, form({ quickExpenseRequest: json(expense) }))).status).toBe(
      400,
    )
    expect(files()).toBe(before)
    const statuses = new Map<number, number>()
    for (let call = 0; call < 120; call += 1) {
      const { status } = await client.post(quick, expense, token)
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
    }
    expect([...statuses]).toEqual([
      [201, 116],
      [429, 4],
    ])
    await client.post('/sandbox/clock', { addSeconds: 301 })
    expect((await client.post(quick, expense, token)).status).toBe(201)
    expect((await client.post(quick, { ...expense, paymentTypeId: 'GOLD' }, token)).status).toBe(400)
  })

  it('keeps receipts of v4 with their own JSON, and those that are an image alone', async () => {
    const users = `/receipts/v4/users/${admin}`
    const link = { link: '<http://schema.concursolutions.com/general-receipt.schema.json>;rel=describedBy' }
    const receipt = { total: '9.50', currencyCode: 'EUR' }
    const image = pngOf(400)
    const parts = { receipt: json(receipt), image: blob(image) }
    expect((await send('POST', users, form(parts))).text).toContain('describedBy')
    const made = await send('POST', users, form(parts), link)
    expect(made.status).toBe(201)
    const uri = made.headers.get('location') ?? ''
    expect((await client.get(uri, token)).json).toMatchObject({
      receipt,
      userId: admin,
      image: `${uri}/image`,
    })
    expect(hash((await download(`${uri}/image`)).bytes)).toBe(hash(image))
    const alone = await send('POST', `${users}/image-only-receipts`, form({ image: blob(image) }))
    expect(alone.status).toBe(202)
    const status = /<([^>]+)>/.exec(alone.headers.get('link') ?? '')?.[1] ?? ''
    expect((await client.get(status, token)).json['status']).toBe('ACCEPTED')
    await client.post('/sandbox/clock', { addSeconds: 5 })
    expect((await client.get(status, token)).json['status']).toBe('PROCESSED')
    expect(rowsIn((await client.get(users, token)).json, 'receipts')).toHaveLength(1)
    const only = rowsIn((await client.get(`${users}/image-only-receipts`, token)).json, 'imageOnlyReceipts')
    expect(only.map((row) => row['digitizationStatus'])).toEqual(['PROCESSED'])
    const amber = await client.token('amber.badger@sandbox.example')
    expect((await client.get(uri, amber)).status).toBe(404)
  })

  it('has everything again after a restart', async () => {
    const image = pngOf(900)
    const made = await send('POST', v3, image)
    await client.close()
    await start()
    const link = (await client.get(`${v3}/${encodeURIComponent(String(made.json['ID']))}`, token)).json['URI']
    expect(hash((await download(String(link))).bytes)).toBe(hash(image))
  })

  it('cuts a file in the middle when told to', async () => {
    const made = await send('POST', v3, pngOf(200_000))
    const link = String((await client.get(String(made.json['URI']), token)).json['URI'])
    await client.faults([{ fault: 'cut-body', operation: 'images.file', times: 1 }])
    await expect(download(link)).rejects.toThrow()
    expect((await download(link)).bytes).toHaveLength(200_008)
  })

  it('answered as the schemas say', () => {
    expect(contract.problems()).toEqual([])
  })
})
