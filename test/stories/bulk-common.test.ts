import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bulkOf, linesOf, openBulkWork } from '../support/bulk.ts'
import { type Connected, userInstance } from '../support/grants.ts'
import { type Mapping, mappingOn, off, tripFields } from '../support/mapping.ts'
import { onProduct, type Stage } from '../support/stage.ts'

let stage: Stage
let instance: Connected
let mapping: Mapping
let bulk: ReturnType<typeof bulkOf>
let work: Awaited<ReturnType<typeof openBulkWork>> | undefined

onProduct((made) => {
  stage = made
})
beforeAll(async () => {
  instance = await userInstance(stage.product, stage.member)
  mapping = await mappingOn(stage, instance)
  bulk = bulkOf(instance)
  work = await openBulkWork(stage.product)
})
afterAll(() => work?.close())

type Row = Record<string, unknown>

const masked = {
  ...{ path: 'changed', type: 'date', vendorPath: 'LastModifiedDate' },
  configuration: [{ type: 'transformDate', properties: { pattern: 'dd/MM/yyyy HH:mm:ss' } }],
}

const everybody = "user='ALL'"

const read = async (id: string, object: string, accept = 'application/json') => {
  const { status, text } = await bulk.file(id, object, accept)
  expect(status, text).toBe(200)
  return text
}

const done = async (id: string) => {
  const ended = await bulk.ended(id)
  expect(ended, JSON.stringify(ended)).toMatchObject({ status: 'COMPLETED', recordsFailedCount: 0 })
  return ended
}

describe('a bulk download of a common resource', () => {
  it('6.2/1, 10/1, 10/3 has its rows by its names, as JSON and as CSV with dotted columns', async () => {
    await mapping.map('trips', 'reports', tripFields, [off])
    const id = await bulk.query('select * from trips where sum.amount > 50')
    const wanted = await bulk.listed('/trips', { where: 'sum.amount > 50' })
    expect(wanted.length).toBeGreaterThan(2)
    expect(await done(id)).toMatchObject({ recordsCount: wanted.length })
    expect(linesOf(await read(id, 'trips'))).toEqual(wanted)
    const [head = '', first = ''] = (await read(id, 'trips', 'text/csv')).split('\n')
    expect(head.split(',').sort()).toEqual(['id', 'owner.name', 'sum.amount', 'sum.currency', 'title'])
    expect(first).toContain(wanted[0].id)
    expect((await bulk.call(`/${id}/trips/data`, { query: { pageSize: '2' } })).json).toEqual(
      wanted.slice(0, 2),
    )
    expect((await bulk.file(id, 'reports', 'application/json')).status).toBe(404)
  })

  it('takes fields, order, limit and moments by its names, sorted as the vendor’s values are', async () => {
    await mapping.map('trips', 'reports', [...tripFields, masked], [off])
    const id = await bulk.query(
      `select title, changed from trips where ${everybody} order by changed desc, title limit 250`,
    )
    await done(id)
    const wanted = await bulk.listed('/reports', {
      where: everybody,
      orderBy: 'LastModifiedDate desc, Name',
      fields: 'Name,LastModifiedDate',
    })
    const rows = linesOf(await read(id, 'trips'))
    expect(rows.map(({ title }) => title)).toEqual(wanted.slice(0, 250).map(({ Name }) => Name))
    for (const row of rows) {
      expect(Object.keys(row).sort()).toEqual(['changed', 'title'])
      expect(row.changed).toMatch(/^\d\d\/\d\d\/\d{4} \d\d:\d\d:\d\d$/)
    }
    const middle = `${wanted[Math.floor(wanted.length / 2)].LastModifiedDate}Z`
    const later = wanted.filter(({ LastModifiedDate: at }: Row) => `${at}Z` >= middle)
    for (const filterDateField of [undefined, 'changed']) {
      const body = { objectName: 'trips', where: everybody, selectFields: ['title'], from: middle }
      const made = await bulk.call('/download', { method: 'POST', body: { ...body, filterDateField } })
      expect(made.status, made.text).toBe(200)
      expect(await bulk.ended(made.json.id)).toMatchObject({ recordCount: later.length })
    }
    for (const [q, words] of [
      ['select * from trips where Name = 1', "trips has no field 'Name'"],
      ['select titel from trips', 'Did you mean title'],
      ['select * from trips order by titel', 'Did you mean title'],
      ['select * from trip', 'Did you mean trips'],
    ] as const) {
      const refused = await bulk.call('/query', { method: 'POST', query: { q } })
      expect([refused.status >= 400 && refused.status < 500, refused.json.message]).toEqual([
        true,
        expect.stringContaining(words),
      ])
    }
  })

  it('goes on by the new mapping where it changes between steps, each row once', async () => {
    await mapping.map('trips', 'reports', tripFields, [off])
    await stage.sandbox.faults({ fault: 'slow', value: 700, operation: 'reports.list' })
    const body = { objectName: 'trips', where: everybody, pageSize: 20, limit: 360 }
    const { id } = (await bulk.call('/download', { method: 'POST', body })).json
    await bulk.until(id, ({ recordCount }) => recordCount > 0)
    // In one call: a step that begins between a removal and a new one finds no mapping.
    await mapping.call('PUT', `/instances/${mapping.id}/transformations/trips`, {
      ...{ vendorName: 'reports', fields: [{ path: 'key', vendorPath: 'ID' }], configuration: [off] },
    })
    await bulk.until(id, ({ recordCount }) => recordCount > 240)
    await stage.sandbox.faults()
    expect((await bulk.ended(id)).jobStatus).toBe('COMPLETED')
    const rows = linesOf(await read(id, 'trips'))
    const ids = (await bulk.listed('/reports', { where: everybody })).map(({ ID }) => ID).slice(0, 360)
    expect(rows.map(({ id: before, key }) => before ?? key)).toEqual(ids)
    expect(rows[0]).toMatchObject({ title: expect.any(String) })
    expect(rows.at(-1)).toEqual({ key: ids.at(-1) })
  })

  it('ends with the reason where the name is gone or another resource by now, and can be resumed', async () => {
    await mapping.map('trips', 'reports', tripFields, [off])
    await stage.sandbox.faults({ fault: 'server-error', operation: 'reports.list' })
    const id = await bulk.query('select id from trips')
    await bulk.until(id, ({ infoMessage }) => infoMessage !== '')
    await mapping.map('trips', 'expenses', [{ path: 'id', vendorPath: 'ID' }], [off])
    await stage.sandbox.faults()
    const resume = () => bulk.call(`/${id}/resume`, { method: 'PUT' })
    await resume()
    expect(await bulk.ended(id)).toMatchObject({
      status: 'ABORTED',
      infoMessage: expect.stringContaining('trips was reports when the job was made, and is expenses now'),
    })
    await mapping.call('DELETE', `/instances/${mapping.id}/transformations/trips`)
    await resume()
    expect(await bulk.ended(id)).toMatchObject({ infoMessage: expect.stringContaining('not mapped now') })
    await mapping.map('trips', 'reports', tripFields, [off])
    await resume()
    const rows = await bulk.listed('/reports')
    expect(await done(id)).toMatchObject({ recordsCount: rows.length })
    expect(linesOf(await read(id, 'trips'))).toEqual(rows.map(({ ID }) => ({ id: ID })))
  })

  it('shadows a vendor’s resource of the same name', async () => {
    await mapping.map('reports', 'reports', [{ path: 'key', vendorPath: 'ID' }], [off])
    try {
      const id = await bulk.query('select * from reports')
      await done(id)
      const rows = linesOf(await read(id, 'reports'))
      expect(rows.length).toBeGreaterThan(2)
      for (const row of rows) expect(Object.keys(row)).toEqual(['key'])
    } finally {
      await mapping.call('DELETE', `/instances/${mapping.id}/transformations/reports`)
    }
  })
})

describe('a bulk upload to a common resource', () => {
  const costFields = [
    { path: 'id', type: 'string', vendorPath: 'ID' },
    { path: 'report', type: 'string', vendorPath: 'ReportID' },
    { path: 'kind', type: 'string', vendorPath: 'ExpenseTypeCode' },
    { path: 'paidBy', type: 'string', vendorPath: 'PaymentTypeID' },
    { path: 'day', type: 'date', vendorPath: 'TransactionDate' },
    { path: 'sum.amount', type: 'number', vendorPath: 'TransactionAmount' },
    { path: 'sum.currency', type: 'string', vendorPath: 'TransactionCurrencyCode' },
    { path: 'billable', vendorPath: 'IsBillable' },
    { path: 'vendor', type: 'string', vendorPath: 'VendorDescription' },
  ]

  it('6.2/1, 10/5 sends rows by its names and types, and tells what it did not take by its columns', async () => {
    await mapping.map('costs', 'expenses', costFields, [off])
    const head = 'report,kind,paidBy,day,sum.amount,sum.currency,billable,vendor'
    const file = `${head}
4F0A77,TAXIX,pt$01,2021-03-04,37.50,EUR,yes,Mapped Cabs
4F0A77,TAXIX,pt$01,2021-03-04,much,EUR,no,Mapped Cabs
4F0A77,TAXIX,pt$01,2021-03-04,1,EUR,no,${'Far too long '.repeat(30).trim()}
`
    const made = await bulk.upload('costs', file)
    expect(made.status, made.text).toBe(200)
    const ended = await bulk.ended(made.json.id)
    const errors = await bulk.errors(made.json.id)
    expect(ended, JSON.stringify(errors)).toMatchObject({ recordsCount: 3, recordsFailedCount: 2 })
    expect(errors.map(({ row, column }) => [row, column])).toEqual([
      [2, 'sum.amount'],
      [3, 'vendor'],
    ])
    const rejects = (await bulk.call(`/${made.json.id}/rejects`)).text.split('\n')
    expect(rejects[0]).toBe(`${head},Elements-Error`)
    expect(rejects[1]).toContain('Row 2, sum.amount')
    const found = (await bulk.listed('/costs', { where: "report = '4F0A77'" })).filter(
      ({ vendor }) => vendor === 'Mapped Cabs',
    )
    expect(found).toEqual([
      expect.objectContaining({ sum: { amount: 37.5, currency: 'EUR' }, billable: true, report: '4F0A77' }),
    ])
  })

  it('finds rows by an identifier of its own names, and by the key', async () => {
    await mapping.map('trips', 'reports', tripFields, [off])
    const make = async (file: string, metaData: object) => {
      const { status, text, json } = await bulk.upload('trips', file, metaData)
      expect(status, text).toBe(200)
      await bulk.ended(json.id)
      expect(await bulk.errors(json.id)).toEqual([])
      return bulk.status(json.id)
    }
    const byTitle = { identifierFieldName: 'title' }
    const told = await make('title,sum.amount\nMapped one,3\nMapped two,4\n', byTitle)
    expect(told.infoMessage).toContain('ignored: sum.amount')
    await make('title\nMapped one\nMapped two\n', byTitle)
    const there = () => bulk.listed('/trips', { where: "title like 'Mapped %'", orderBy: 'title' })
    const [one] = await there()
    expect((await there()).map(({ title }) => title)).toEqual(['Mapped one', 'Mapped two'])
    await make(`{"id":"${one.id}","title":"Mapped three"}\n`, { action: 'update' })
    expect((await there()).map(({ title }) => title)).toEqual(['Mapped three', 'Mapped two'])
    const unknown = await bulk.upload('trips', 'title\nx\n', { identifierFieldName: 'Name' })
    expect([unknown.status, unknown.json.message]).toEqual([
      400,
      expect.stringContaining("metaData.identifierFieldName: trips has no field 'Name'"),
    ])
    const none = await bulk.upload('trips', 'id,title\nnobody,x\n,y\n', { action: 'update' })
    await bulk.ended(none.json.id)
    expect((await bulk.errors(none.json.id)).map(({ message }) => message)).toEqual([
      expect.any(String),
      'id: it is empty, so it tells no row to update.',
    ])
  })
})

describe('bulk jobs of ready-made resources', () => {
  it('6.2/1, 10/3, 10/5 take and give money as decimal text and days', async () => {
    const taken = await mapping.call('POST', `/instances/${mapping.id}/transformations?systemOnly=true`, [
      'expense',
    ])
    expect(taken.status, taken.text).toBe(200)
    const head = 'reportId,type.code,paymentType.id,date,amount,currency,isBillable,merchant'
    const file = `${head}\n4F0A77,TAXIX,pt$01,2021-03-04,37.50,EUR,yes,Ready Cabs\n`
    const made = await bulk.upload('expense', file)
    await bulk.ended(made.json.id)
    expect(await bulk.errors(made.json.id)).toEqual([])
    const id = await bulk.query("select date, amount, currency from expense where reportId = '4F0A77'", {
      where: "merchant = 'Ready Cabs'",
    })
    await done(id)
    expect(await read(id, 'expense', 'text/csv')).toBe('date,amount,currency\n2021-03-04,37.5,EUR\n')
    expect(linesOf(await read(id, 'expense'))).toEqual([
      { date: '2021-03-04', amount: '37.5', currency: 'EUR' },
    ])
    const long = await bulk.upload('expense', file.replace('37.50', '12345678901234567.89'))
    await bulk.ended(long.json.id)
    expect((await bulk.errors(long.json.id))[0]?.message).toMatch(/^amount: .* has more digits/)
  })

  it('6.2/4 puts default values into rows that are made, whichever action makes them', async () => {
    const kept = { type: 'defaultValue', properties: { toVendor: '2026-02-03' } }
    await mapping.map('trips', 'reports', [
      { path: 'title', vendorPath: 'Name' },
      { path: 'day', vendorPath: 'UserDefinedDate', configuration: [kept] },
    ])
    for (const [title, metaData] of [
      ['Default one', {}],
      ['Default two', { identifierFieldName: 'title' }],
    ] as const) {
      const made = await bulk.upload('trips', `title\n${title}\n`, metaData)
      await bulk.ended(made.json.id)
      expect(await bulk.errors(made.json.id)).toEqual([])
      const [row] = await bulk.listed('/trips', { where: `title = '${title}'` })
      expect(row.day).toContain('2026-02-03')
    }
  })
})

describe('a workflow between common resources', () => {
  it('6.2/1, 10/7 copies from the names of one instance to those of another', async () => {
    const other = await userInstance(stage.product, stage.member, { login: 'amber.badger@sandbox.example' })
    const there = await mappingOn(stage, other)
    const title = { path: 'title', type: 'string', vendorPath: 'Name' }
    await mapping.map('trips', 'reports', tripFields, [off])
    await there.map('journeys', 'reports', [title], [off])
    await bulk.ended((await bulk.upload('trips', 'title\nCopied one\nCopied two\n')).json.id)
    const made = await bulk.call('/workflows', {
      method: 'POST',
      body: [
        {
          query: "select title from trips where title like 'Copied %'",
          objectName: 'trips',
          targetConfiguration: {
            ...{ token: other.token, objectName: 'journeys', method: 'PUT', identifierFieldName: 'title' },
          },
        },
      ],
    })
    expect(made.status, made.text).toBe(200)
    expect(await bulk.ended(made.json.id)).toMatchObject({ status: 'COMPLETED', recordsFailedCount: 0 })
    const rows = await there.rows('journeys', { where: "title like 'Copied %'", orderBy: 'title' })
    expect(rows).toEqual([{ title: 'Copied one' }, { title: 'Copied two' }])
  })
})
