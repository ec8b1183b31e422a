import { beforeAll, describe, expect, it } from 'vitest'
import type { Answer } from '../support/client.ts'
import { type Connected, companyInstance } from '../support/grants.ts'
import { type Mapping, mappingOn } from '../support/mapping.ts'
import { onProduct, type Stage } from '../support/stage.ts'

let stage: Stage
let mapping: Mapping
let company: Connected

onProduct((made) => {
  stage = made
})
beforeAll(async () => {
  mapping = await mappingOn(stage)
  company = await companyInstance(stage.product, stage.member)
  const taken = await mapping.call('POST', `/instances/${mapping.id}/transformations?systemOnly=true`)
  expect(taken.status, taken.text).toBe(200)
  const more = await mapping.call('POST', `/instances/${company.id}/transformations?systemOnly=true`, [
    'employee',
    'list-item',
  ])
  expect(more.status, more.text).toBe(200)
  expect(Object.keys(more.json).sort()).toEqual(['employee', 'list-item'])
})

const names = ['attendee', 'employee', 'expense', 'expense-report', 'invoice', 'list-item']
const decimal = /^-?\d+(\.\d+)?$/
const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/
const day = /^\d{4}-\d\d-\d\d$/

type Row = Record<string, unknown>

const valueAt = (row: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((at, name) => (at as Row | undefined)?.[name], row)

/** Holds a row against its definition: nothing else stands in it, and each value is of its kind. */
const checkRow = (row: Row, { fields }: Answer['json']): void => {
  const paths: string[] = []
  const walk = (at: Row, before: string): void => {
    for (const [name, value] of Object.entries(at))
      if (typeof value === 'object' && value !== null) walk(value as Row, `${before}${name}.`)
      else paths.push(`${before}${name}`)
  }
  walk(row, '')
  for (const path of paths) {
    const field = fields.find((one: Row) => one['path'] === path)
    expect(field, path).toBeDefined()
    const value = valueAt(row, path)
    if (field.unit?.startsWith('currency')) expect(value, path).toMatch(decimal)
    else if (field.unit === 'ISO 8601, UTC') expect(value, path).toMatch(moment)
    else if (field.unit?.startsWith('calendar day')) expect(value, path).toMatch(day)
    else expect(typeof value, path).toBe(field.type)
  }
}

const definition = async (name: string): Promise<Answer['json']> => {
  const found = await mapping.call('GET', `/organizations/objects/${name}/definitions?systemOnly=true`)
  expect(found.status, found.text).toBe(200)
  return found.json
}

const onCompany = (method: string, path: string, query: Record<string, string> = {}, body?: object) =>
  company.call(`/${path}`, { method, query, ...(body === undefined ? {} : { body }) })

describe('ready-made common resources', () => {
  it('6.1/1 are listed at every level with systemOnly, each field with its words, type and unit', async () => {
    for (const level of ['/organizations', '/accounts', `/instances/${mapping.id}`]) {
      const { json, status } = await mapping.call('GET', `${level}/objects/definitions?systemOnly=true`)
      expect([status, Object.keys(json).sort()]).toEqual([200, names])
      for (const { objectName, level: shown, description, fields } of Object.values<Answer['json']>(json)) {
        expect([shown, description.length > 10]).toEqual(['system', true])
        for (const field of fields) {
          expect(field, `${objectName}.${field.path}`).toMatchObject({
            ...{ displayName: expect.any(String), description: expect.stringMatching(/^[A-Z].*\.$/) },
            ...{ type: expect.stringMatching(/^(string|number|boolean|date)$/), level: 'system' },
          })
          if (field.type === 'number' || field.type === 'date') expect(field.unit).toEqual(expect.any(String))
        }
      }
    }
    const none = await mapping.call('GET', '/organizations/objects/nothing/definitions?systemOnly=true')
    expect([none.status, none.json.message]).toEqual([404, expect.stringContaining('expense-report')])
    const maps = '/organizations/elements/concur/transformations'
    const all = await mapping.call('GET', `${maps}?systemOnly=true`)
    expect(Object.keys(all.json).sort()).toEqual(names)
    const one = await mapping.call('GET', `${maps}/expense-report?systemOnly=true`)
    expect(one.json).toMatchObject({ vendorName: 'reports', level: 'system' })
  })

  it('name no vendor', async () => {
    const { text } = await mapping.call('GET', '/organizations/objects/definitions?systemOnly=true')
    expect(text).not.toMatch(/concur|sap/i)
  })

  it('are the instance’s own after one call, which all or none of them answer with 409 again', async () => {
    const own = await mapping.call('GET', `/instances/${mapping.id}/transformations`)
    expect(Object.keys(own.json).sort()).toEqual(names)
    const defined = await mapping.call('GET', `/instances/${mapping.id}/objects/expense/definitions`)
    expect(defined.json).toMatchObject({ level: 'instance' })
    expect(defined.json.fields.map(({ level: _level, ...field }: Row) => field)).toEqual(
      (await definition('expense')).fields.map(({ level: _level, ...field }: Row) => field),
    )
    const path = `/instances/${company.id}/transformations`
    for (const body of [undefined, ['expense', 'employee']]) {
      const again = await mapping.call('POST', `${path}?systemOnly=true`, body)
      expect([again.status, again.json.message]).toEqual([409, expect.stringContaining("'employee'")])
    }
    const kept = await mapping.call('GET', path)
    expect(Object.keys(kept.json).sort()).toEqual(['employee', 'list-item'])
    const unknown = await mapping.call('POST', `${path}?systemOnly=true`, ['expenses'])
    expect([unknown.status, unknown.json.message]).toEqual([400, expect.stringContaining('expense')])
    expect((await mapping.call('POST', path, [])).status).toBe(400)
  })

  it('are taken over by a whole organization, or an account', async () => {
    for (const level of ['/organizations', '/accounts']) {
      const path = `${level}/elements/concur/transformations`
      // Definitions outlive their transformations, and stay as they are.
      for (const _again of [1, 2]) {
        const made = await mapping.call('POST', `${path}?systemOnly=true`, ['invoice'])
        expect([made.status, Object.keys(made.json)]).toEqual([200, ['invoice']])
        expect((await mapping.call('DELETE', path)).status).toBe(200)
      }
    }
  })

  it.each(['expense-report', 'expense', 'attendee', 'invoice'])(
    '%s is listed and got: money as decimal text, moments with their zone',
    async (name) => {
      const told = await definition(name)
      const rows = await mapping.rows(name)
      expect(rows.length).toBeGreaterThan(2)
      for (const row of rows) checkRow(row, told)
      for (const { path } of told.fields.filter(({ unit }: Row) => unit === 'currency'))
        expect(
          rows.some((row) => valueAt(row, path) !== undefined),
          path,
        ).toBe(true)
      const got = await mapping.onHub('GET', `${name}/${encodeURIComponent(String(rows[0]?.['id']))}`)
      expect(got.status, got.text).toBe(200)
      checkRow(got.json, told)
      expect(got.json).toEqual(rows[0])
    },
  )

  it.each(['employee', 'list-item'])('%s is listed and got by a company', async (name) => {
    const told = await definition(name)
    const { json: lists } = await onCompany('GET', 'lists')
    const query = name === 'list-item' ? { where: `listId = '${lists[0].ID}'` } : {}
    const { json: rows, text } = await onCompany('GET', name, query)
    expect(rows.length, text).toBeGreaterThan(2)
    for (const row of rows) checkRow(row, told)
    const got = await onCompany('GET', `${name}/${rows[0].id}`)
    expect(got.json).toEqual(rows[0])
  })

  it('are asked by their names: amounts as numbers or text, moments with a zone, days', async () => {
    const all = await mapping.rows('expense-report')
    const total = Number(all.map((row) => row['total']).sort()[3])
    const above = all.filter((row) => Number(row['total']) > total).map(({ id }) => id)
    for (const value of [String(total), `'${total}'`])
      expect(
        (await mapping.rows('expense-report', { where: `total > ${value}` })).map(({ id }) => id),
      ).toEqual(above)
    const times = all.map((row) => String(row['updatedAt'])).sort()
    const middle = times[Math.floor(times.length / 2)] ?? ''
    const later = await mapping.rows('expense-report', { where: `updatedAt >= '${middle}'` })
    expect(later.map(({ id }) => id)).toEqual(
      all.filter((row) => String(row['updatedAt']) >= middle).map(({ id }) => id),
    )
    expect(later.length).toBeGreaterThan(0)
    const costs = await mapping.rows('expense')
    const wanted = String(costs[0]?.['date'])
    const same = await mapping.rows('expense', { where: `date = '${wanted}' and currency is not null` })
    expect(same.map(({ id }) => id)).toEqual(
      costs.filter((row) => row['date'] === wanted).map(({ id }) => id),
    )
  })

  it('are made and read back: reports, expenses, attendees, list items', async () => {
    const make = async (name: string, body: Row): Promise<Row> => {
      const made = await mapping.onHub('POST', name, {}, body)
      expect(made.status, made.text).toBe(200)
      expect(made.json).toMatchObject(body)
      const got = await mapping.onHub('GET', `${name}/${encodeURIComponent(made.json.id)}`)
      expect(got.json).toEqual(made.json)
      checkRow(made.json, await definition(name))
      return made.json
    }
    const report = await make('expense-report', { name: 'Ready made', reportDate: '2026-02-03' })
    const expense = await make('expense', {
      ...{ reportId: report['id'], type: { code: 'TAXIX' }, paymentType: { id: 'pt$01' } },
      ...{ date: '2026-01-31', amount: '12.5', currency: 'EUR', merchant: 'Cabs', isBillable: true },
    })
    const path = `expense/${encodeURIComponent(String(expense['id']))}`
    const changed = await mapping.onHub('PATCH', path, {}, { amount: '1200' })
    expect(changed.json).toMatchObject({ amount: '1200', currency: 'EUR', date: '2026-01-31' })
    expect((await mapping.onHub('GET', `expenses/${path.slice(8)}`)).json.TransactionAmount).toBe(1200)
    await make('attendee', {
      typeCode: 'BUSGUEST',
      lastName: 'Made',
      firstName: 'Ready',
      company: 'Ready Ltd',
    })

    const { json: lists } = await onCompany('GET', 'lists')
    const listId = lists.find(({ IsReadOnly }: Row) => IsReadOnly !== true).ID
    const item = await onCompany('POST', 'list-item', {}, { listId, name: 'Ready', ownCode: 'READY-1' })
    expect(item.status, item.text).toBe(200)
    expect(item.json).toMatchObject({ listId, name: 'Ready', level: 1 })
    const got = await onCompany('GET', `list-item/${item.json.id}`)
    expect(got.json).toEqual(item.json)
  })

  it('6.2/1 never take an amount that a number would change', async () => {
    const report = await mapping.onHub('POST', 'expense-report', {}, { name: 'Exact' })
    const body = {
      ...{ reportId: report.json.id, type: { code: 'TAXIX' }, paymentType: { id: 'pt$01' } },
      ...{ date: '2026-01-31', amount: '12.50', currency: 'EUR', merchant: 'Cabs' },
    }
    const made = await mapping.onHub('POST', 'expense', {}, body)
    expect(made.status, made.text).toBe(200)
    const path = `expense/${encodeURIComponent(made.json.id)}`
    for (const amount of ['9'.repeat(400), '12345678901234567.89']) {
      const words = `'${amount.slice(0, 40)}' has more digits than a number holds`
      for (const sent of [
        await mapping.onHub('PATCH', path, {}, { amount }),
        await mapping.onHub('POST', 'expense', {}, { ...body, amount }),
      ])
        expect([sent.status, sent.json.message]).toEqual([400, expect.stringContaining(`amount: ${words}`)])
      const asked = await mapping.onHub('GET', 'expense', { where: `amount > '${amount}'` })
      expect([asked.status, asked.json.message]).toEqual([
        400,
        expect.stringContaining(`where: amount: ${words}`),
      ])
    }
    expect((await mapping.onHub('GET', path)).json.amount).toBe('12.5')
    const where = `reportId = '${report.json.id}'`
    expect(await mapping.rows('expense', { where })).toHaveLength(1)
  })

  it('are in the documents of the instance', async () => {
    const { json } = await mapping.call('GET', `/instances/${mapping.id}/docs`)
    expect(Object.keys(json.paths)).toEqual(expect.arrayContaining(['/expense-report', '/expense/{id}']))
  })
})

describe('default values', () => {
  const fields = (configuration: object) => [
    { path: 'id', vendorPath: 'ID' },
    { path: 'title', vendorPath: 'Name', configuration: [configuration] },
    {
      ...{ path: 'paid.at', vendorPath: 'PaidDate' },
      configuration: [{ type: 'defaultValue', properties: { fromVendor: 'not yet' } }],
    },
  ]

  it('6.2/4 stand where the vendor has nothing, and in what is made; a change says what it changes', async () => {
    const made = await mapping.map(
      'trips',
      'reports',
      fields({ type: 'defaultValue', properties: { toVendor: 'Unnamed' } }),
      [{ type: 'passThrough', properties: { fromVendor: false, toVendor: false } }],
    )
    expect(made.status, made.text).toBe(200)
    const created = await mapping.onHub('POST', 'trips', {}, {})
    expect(created.json).toMatchObject({ title: 'Unnamed', paid: { at: 'not yet' } })
    const path = `trips/${created.json.id}`
    await mapping.onHub('PATCH', path, {}, { title: 'Named' })
    expect((await mapping.onHub('PATCH', path, {}, { id: 'x' })).json).toMatchObject({ title: 'Named' })
    const rows = await mapping.rows('trips')
    const paid = (await mapping.rows('reports')).map(({ PaidDate }) => PaidDate ?? 'not yet')
    expect(rows.map((row) => valueAt(row, 'paid.at'))).toEqual(paid)
    expect(new Set(paid).size).toBeGreaterThan(1)
    const tried = (method?: string) =>
      mapping.call('POST', '/transformations/trips/execute', {
        ...{ payload: {}, instanceId: mapping.id },
        ...(method === undefined ? {} : { method }),
      })
    expect((await tried('POST')).json).toEqual({ Name: 'Unnamed' })
    expect((await tried('PATCH')).json).toEqual({})
    expect((await tried()).json).toEqual({ paid: { at: 'not yet' } })
    const mask = { type: 'transformDate', properties: { pattern: 'dd/MM/yyyy' } }
    const day = { type: 'defaultValue', properties: { value: '02/01/2020' } }
    await mapping.map('dated', 'reports', [
      { path: 'id', vendorPath: 'ID' },
      { path: 'title', vendorPath: 'Name' },
      { path: 'day', vendorPath: 'UserDefinedDate', configuration: [mask, day] },
    ])
    const dated = await mapping.onHub('POST', 'dated', {}, { title: 'Dated' })
    expect(dated.json).toMatchObject({ day: '02/01/2020' })
    expect((await mapping.onHub('GET', `reports/${dated.json.id}`)).json.UserDefinedDate).toContain(
      '2020-01-02',
    )
    const refused = await mapping.map('trips', 'reports', fields({ type: 'defaultValue' }))
    expect([refused.status, refused.json.message]).toEqual([400, expect.stringContaining('fields.1.conf')])
  })
})
