import { describe, expect, it } from 'vitest'
import { ask, hub } from '../support/client.ts'
import { type Mapping, mappingOn, off, onMapping, passThrough, tripFields } from '../support/mapping.ts'
import { serveBeside } from '../support/product.ts'
import type { Stage } from '../support/stage.ts'

type Row = Record<string, unknown>

let stage: Stage
let mapping: Mapping

onMapping((made) => {
  ;({ stage, mapping } = made)
})

const rows: Mapping['rows'] = (...of) => mapping.rows(...of)

describe('common resources', () => {
  it('6.2/5 inherits from the levels above where it says so', async () => {
    const { call, id } = mapping
    const accountId = (await stage.product.context.store.accounts.defaultAccount(2))?.accountId
    const places = [
      ['/organizations', '/organizations/elements/concur/transformations/shared', 'id', 'ID'],
      ['/accounts', `/accounts/${accountId}/elements/concur/transformations/shared`, 'title', 'Name'],
      [`/instances/${id}`, `/instances/${id}/transformations/shared`, 'total', 'Total'],
    ] as const
    const body = (path: string, vendorPath: string, more: readonly Row[] = []) => ({
      ...{ vendorName: 'reports', fields: [{ path, vendorPath }], configuration: [off, ...more] },
    })
    for (const [at, mapped, path, vendorPath] of places) {
      await call('POST', `${at}/objects/shared/definitions`, { fields: [{ path }] })
      await call('POST', mapped, body(path, vendorPath))
      const [row] = await rows('shared')
      expect(Object.keys(row ?? {})).toEqual([path])
    }
    for (const [, mapped, path, vendorPath] of places.slice(1))
      await call('PUT', mapped, body(path, vendorPath, [{ type: 'inherit' }]))
    const [row] = await rows('shared')
    expect(Object.keys(row ?? {}).sort()).toEqual(['id', 'title', 'total'])
    const shown = await call('GET', places[2][1])
    expect(shown.json.fields.map(({ path, level }: Row) => `${level} ${path}`)).toEqual([
      ...['organization id', 'account title', 'instance total'],
    ])
    // What was read may be sent back: what is inherited stays where it is.
    expect((await call('PUT', places[2][1], shown.json)).json.fields).toEqual(shown.json.fields)
    await call('DELETE', places[1][1])
    expect(Object.keys((await rows('shared'))[0] ?? {}).sort()).toEqual(['id', 'total'])
    await call('DELETE', places[2][1])
    expect(Object.keys((await rows('shared'))[0] ?? {})).toEqual(['id'])
    await call('DELETE', places[0][1])
    expect((await mapping.onHub('GET', 'shared')).status).toBe(404)
    for (const [at] of places) await call('DELETE', `${at}/objects/shared/definitions`)
  })

  it('6.1/7 takes along what is mapped below to the renamed definition, and nothing that has its own', async () => {
    const { call, id } = mapping
    const own = `/instances/${id}/transformations`
    const body = { vendorName: 'reports', fields: [{ path: 'id', vendorPath: 'ID' }], configuration: [off] }
    const inherits = { ...body, fields: [], configuration: [{ type: 'inherit' }] }
    await call('POST', '/organizations/objects/definitions', { first: {}, second: {} })
    await call('POST', `/instances/${id}/objects/second/definitions`, {})
    for (const name of ['first', 'second']) {
      await call('POST', `/organizations/elements/concur/transformations/${name}`, body)
      await call('POST', `${own}/${name}`, inherits)
      expect(
        (await call('PATCH', `/organizations/objects/${name}`, { objectName: `${name}New` })).status,
      ).toBe(200)
    }
    expect(Object.keys((await call('GET', own)).json)).toEqual(['firstNew', 'second'])
    expect(Object.keys((await rows('firstNew'))[0] ?? {})).toEqual(['id'])
    await call('DELETE', `${own}?propagate=true`)
    for (const at of ['/organizations', `/instances/${id}`]) await call('DELETE', `${at}/objects/definitions`)
  })

  it('6.3/1 is tried on a payload, both ways, by an instance or an element', async () => {
    const { call, id } = mapping
    const removed = { configuration: [{ type: 'remove', properties: { fromVendor: true } }] }
    const fields = [...tripFields, { path: 'hidden', vendorPath: 'Hidden', ...removed }]
    await mapping.map('trips', 'reports', fields, [passThrough(false, true)])
    const vendor = { ID: 'a', Name: 'n', Total: 3, Hidden: 1, Other: 2 }
    const common = { id: 'a', title: 'n', sum: { amount: 3 } }
    const path = '/transformations/trips/execute'
    const shown = await call('POST', path, { payload: vendor, instanceId: id })
    expect(shown.status, shown.text).toBe(200)
    expect(shown.json).toEqual(common)
    const sent = await call('POST', path, {
      ...{ payload: { ...common, hidden: 4, Other: 2 }, instanceId: id, method: 'POST' },
    })
    expect(sent.json).toEqual({ ...vendor, Hidden: 4 })
    expect((await call('POST', path, { payload: vendor, elementId: 'concur' })).status).toBe(404)
    await call('POST', '/organizations/objects/trips/definitions', { fields: [] })
    const wide = '/organizations/elements/concur/transformations/trips'
    await call('POST', wide, { vendorName: 'reports', fields: [{ path: 'key', vendorPath: 'ID' }] })
    const byElement = await call('POST', path, { payload: vendor, elementId: 4933 })
    expect(byElement.json).toEqual({ Name: 'n', Total: 3, Hidden: 1, Other: 2, key: 'a' })
    for (const [body, words] of [
      [{ payload: vendor }, 'instanceId'],
      [{ instanceId: id }, 'payload'],
      [{ payload: vendor, instanceId: id, method: 'DELETE' }, 'method'],
    ] as const) {
      const refused = await call('POST', path, body)
      expect(refused.status).toBe(400)
      expect(refused.json.message).toContain(words)
    }
    expect(
      (await call('POST', '/transformations/none/execute', { payload: {}, instanceId: id })).status,
    ).toBe(404)
    await call('DELETE', wide)
    await call('DELETE', '/organizations/objects/definitions')
  })

  it('6.2/7 maps lists, their items, and copies of them; two instances do not mix', async () => {
    const other = await mappingOn(stage)
    const common = [
      { path: 'id', vendorPath: 'ID' },
      { path: 'kinds', type: 'array', vendorPath: 'PaymentTypes[*]' },
    ]
    const name = 'groups'
    const vendor = 'expense-group-configurations'
    await mapping.map(
      name,
      vendor,
      [...common, { path: 'kinds[*].label', vendorPath: 'PaymentTypes[*].Name' }],
      [off],
    )
    await other.map(name, vendor, [
      ...common,
      { path: 'kinds[*].code', vendorPath: 'PaymentTypes[*].ID' },
      { path: 'copy[*]', type: 'array', vendorPath: 'Policies[*]' },
    ])
    const [row] = await rows(vendor)
    const types = (row?.['PaymentTypes'] ?? []) as Row[]
    expect(types.length).toBeGreaterThan(0)
    const [one, two] = [(await rows(name))[0], (await other.onHub('GET', name)).json[0]]
    expect(one).toEqual({ id: row?.['ID'], kinds: types.map(({ Name }) => ({ label: Name })) })
    expect(two.kinds).toEqual(types.map(({ ID, ...rest }) => ({ ...rest, code: ID })))
    expect(two.copy).toEqual(row?.['Policies'])
    for (const gone of ['PaymentTypes', 'Policies', 'ID']) expect(two).not.toHaveProperty(gone)
  })

  it('6.2/6, 5/1, 5/2, 2/14 is among the objects, with metadata and documents', async () => {
    await mapping.map('trips', 'reports', tripFields, [off])
    await mapping.call('POST', '/organizations/objects/planned/definitions', { fields: [] })
    const names = await mapping.onHub('GET', 'objects')
    expect(names.json).toEqual(expect.arrayContaining(['reports', 'trips', 'planned']))
    const helium = await ask(`${stage.product.url}/hubs/expense/objects`, {
      headers: { ...hub(stage.member, mapping.token), 'elements-version': 'Helium' },
    })
    expect(helium.json).toContainEqual({ name: 'trips', vendorName: 'reports', type: 'vdr' })
    const { fields } = (await mapping.onHub('GET', 'objects/trips/metadata')).json
    expect(fields.map(({ path, vendorPath }: Row) => `${path}=${vendorPath}`)).toEqual(
      tripFields.map(({ path, vendorPath }) => `${path}=${vendorPath}`),
    )
    expect(fields[2]).toMatchObject({
      type: 'number',
      vendorReadOnly: true,
      createable: false,
      filterable: true,
    })
    const docs = (await mapping.onHub('GET', 'objects/trips/docs')).json
    expect(Object.keys(docs.paths)).toEqual(['/trips', '/trips/{id}'])
    expect(Object.keys(docs.definitions.trips.properties)).toEqual(['id', 'title', 'sum', 'owner'])

    const path = `/instances/${mapping.id}/docs`
    expect((await mapping.call('GET', path)).json.paths).not.toHaveProperty('/trips')
    await mapping.map('trips', 'reports', tripFields, [off, { type: 'addToDocumentation' }])
    const whole = (await mapping.call('GET', path)).json
    expect(Object.keys(whole.paths)).toEqual(expect.arrayContaining(['/trips', '/trips/{id}', '/reports']))
    expect(whole.definitions).toHaveProperty('trips')
    const one = await mapping.call('GET', `${path}/GET-trips`)
    expect(Object.keys(one.json.paths)).toEqual(['/trips'])
    await mapping.call('DELETE', '/organizations/objects/planned/definitions')
  })

  it('6.2/1 changes in every process at once, and costs a warm call no statement', async () => {
    const beside = await serveBeside(stage.product, {})
    const there = async (): Promise<Row> =>
      (
        await ask(`${beside.url}/hubs/expense/trips`, {
          headers: hub(stage.member, mapping.token),
          query: { pageSize: '1' },
        })
      ).json?.[0] ?? {}
    try {
      await mapping.map('trips', 'reports', tripFields, [off])
      expect(Object.keys(await there())).toContain('title')
      await mapping.map('trips', 'reports', [{ path: 'label', vendorPath: 'Name' }], [off])
      await expect.poll(async () => Object.keys(await there())).toEqual(['label'])
      const name = '/organizations/elements/concur/transformations/wide'
      await mapping.call('POST', '/organizations/objects/wide/definitions', { fields: [] })
      await mapping.call('POST', name, { vendorName: 'reports', fields: [] })
      const wide = () => ask(`${beside.url}/hubs/expense/wide`, { headers: hub(stage.member, mapping.token) })
      await expect.poll(async () => (await wide()).status).toBe(200)
      await mapping.call('DELETE', name)
      await expect.poll(async () => (await wide()).status).toBe(404)
      await mapping.call('DELETE', '/organizations/objects/wide/definitions')

      await there()
      const { context } = beside
      await context.requestLog.flush()
      await context.instances.flushUses()
      const before = context.statementCount()
      const writesBefore = context.requestLog.writes()
      expect(Object.keys(await there())).toEqual(['label'])
      await context.requestLog.flush()
      expect(context.statementCount() - before).toBe(context.requestLog.writes() - writesBefore)
    } finally {
      await beside.stop()
    }
  })

  const mapAll = async (names: readonly string[], path: string): Promise<void> => {
    for (const name of names) {
      const made = await mapping.call('POST', `/instances/${mapping.id}/transformations/${name}`, {
        ...{ vendorName: name, fields: [{ path, type: 'string', vendorPath: 'ID' }] },
      })
      expect(made.status, made.text).toBe(200)
    }
  }

  it('14/2, 14/7, 6.2/1 stand the start of clients: mapped, unmapped and mapped again, with every row’s key', async () => {
    const names = ['expense-group-configurations', 'expenses', 'lists', 'reports']
    const { call, id } = mapping
    const [all, defined] = [`/instances/${id}/transformations`, `/instances/${id}/objects/definitions`]
    await call('DELETE', all)
    await call('DELETE', defined)
    const definitions = names.map((name) => [name, { fields: [{ path: 'id' }, { path: 'altId' }] }])
    expect((await call('POST', defined, Object.fromEntries(definitions))).status).toBe(200)
    expect((await call('POST', defined, Object.fromEntries(definitions))).status).toBe(409)
    for (const key of ['id', 'altId', 'id']) {
      await mapAll(names, key)
      for (const name of names) {
        const found = await rows(name)
        expect(found.length, name).toBeGreaterThan(0)
        expect(found.filter((row) => typeof row[key] !== 'string' || 'ID' in row)).toEqual([])
      }
      expect((await call('DELETE', all)).status).toBe(200)
    }
    expect((await call('GET', defined)).status).toBe(200)
  })

  it('14/2, 14/7 keep search names, other fields and pages where only the key is mapped', async () => {
    await mapAll(['expenses', 'reports'], 'id')
    const expenses = await rows('expenses', { where: "isBillable = 'false'" })
    expect(expenses.length).toBeGreaterThan(0)
    expect(expenses.filter(({ IsBillable }) => IsBillable !== false)).toEqual([])
    const since = '2020-02-03T04:05:06.007'
    const reports = await rows('reports', { where: `modifiedDateAfter='${since}'` })
    expect(reports.length).toBeGreaterThan(0)
    expect(reports.filter(({ LastModifiedDate }) => String(LastModifiedDate) < since)).toEqual([])
    for (const name of ['expenses', 'reports']) {
      const first = await mapping.onHub('GET', name, { nextPage: '', pageSize: '1' })
      const nextPage = String(first.headers['elements-next-page-token'])
      const second = await mapping.onHub('GET', name, { nextPage, pageSize: '1' })
      expect([first.json.length, second.json.length], name).toEqual([1, 1])
      expect(second.json[0].id).not.toBe(first.json[0].id)
    }
    const made = await mapping.onHub('POST', 'reports', {}, { Name: 'Mapped' })
    const path = `reports/${made.json.id}`
    expect((await mapping.onHub('PATCH', path, {}, { ...made.json, Name: 'Again' })).json.Name).toBe('Again')
    expect((await mapping.onHub('GET', path)).json).toMatchObject({ id: made.json.id, Name: 'Again' })
  })
})
