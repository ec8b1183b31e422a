import { describe, expect, it } from 'vitest'
import { ask, hub, platform } from '../support/client.ts'
import { type Mapping, off, onMapping } from '../support/mapping.ts'
import { serveBeside } from '../support/product.ts'
import type { Stage } from '../support/stage.ts'

type Row = Record<string, unknown>

let stage: Stage
let mapping: Mapping
let accountId: number

onMapping((made) => {
  ;({ stage, mapping, accountId } = made)
})

const call: Mapping['call'] = (...of) => mapping.call(...of)
const path = '/transformations'
const places = (name: string): readonly (readonly [level: string, at: string])[] => [
  ['organization', `/organizations/elements/concur/transformations/${name}`],
  ['account', `/accounts/${accountId}/elements/concur/transformations/${name}`],
  ['instance', `/instances/${mapping.id}/transformations/${name}`],
]
const keysOf = async (name: string): Promise<readonly string[]> =>
  Object.keys((await mapping.rows(name, { pageSize: '1' }))[0] ?? {}).sort()

describe('transformations of all levels at once', () => {
  it('6.3/2 are stored at each level that a field names, and hold together', async () => {
    await call('PUT', '/common-resources', { name: 'trips', fields: [{ path: 'id' }] })
    const body = {
      ...{ objectName: 'trips', vendorName: 'reports', level: 'instance', elementInstanceId: mapping.id },
      fields: [
        { path: 'id', type: 'string', vendorPath: 'ID', associatedLevel: 'organization' },
        { path: 'title', type: 'string', vendorPath: 'Name', associatedLevel: 'account' },
        { path: 'total', type: 'number', vendorPath: 'Total', associatedLevel: 'instance' },
      ],
      configuration: [off],
    }
    const made = await call('PUT', path, body)
    expect(made.status, made.text).toBe(200)
    expect((await call('PUT', path, body)).json).toEqual(made.json)
    expect(made.json).toMatchObject({
      ...{ objectName: 'trips', vendorName: 'reports', elementKey: 'concur', level: 'instance' },
      ...{ elementInstanceId: mapping.id, isLegacy: false },
    })
    expect(
      made.json.fields.map(({ path: one, level, associatedLevel }: Row) => [one, level, associatedLevel]),
    ).toEqual([
      ['id', 'organization', 'organization'],
      ['title', 'account', 'account'],
      ['total', 'instance', 'instance'],
    ])
    for (const [level, at] of places('trips')) {
      const { fields } = (await call('GET', at)).json
      expect(fields.filter((field: Row) => field['level'] === level)).toHaveLength(1)
    }
    expect(await keysOf('trips')).toEqual(['id', 'title', 'total'])
    // What was read may be sent back; a level that is not named stays as it is.
    expect((await call('PUT', path, made.json)).json).toEqual(made.json)
    expect(await keysOf('trips')).toEqual(['id', 'title', 'total'])
    const below = { ...body, fields: [{ path: 'currency', vendorPath: 'CurrencyCode' }] }
    await call('PUT', path, { ...below, configuration: [off, { type: 'inherit' }] })
    expect(await keysOf('trips')).toEqual(['currency', 'id', 'title'])
    await call('DELETE', '/common-resources/trips?force=true')
  })

  it('6.3/2 are of one level where it is the only one named, at each level', async () => {
    const statuses = () =>
      Promise.all(places('plain').map(async ([level, at]) => [level, (await call('GET', at)).status]))
    for (const [level, at] of places('plain')) {
      await call('PUT', '/common-resources', { name: 'plain', fields: [] })
      const body = {
        ...{ objectName: 'plain', vendorName: 'reports', level, configuration: [off] },
        ...(level === 'instance' ? { elementInstanceId: mapping.id } : { elementKey: 'concur' }),
      }
      for (const one of ['id', 'key']) {
        const stored = await call('PUT', path, { ...body, fields: [{ path: one, vendorPath: 'ID' }] })
        expect(stored.status, stored.text).toBe(200)
        const { startDate: _, ...found } = (await call('GET', at)).json
        expect(stored.json).toMatchObject({ ...found, level })
        expect(await keysOf('plain')).toEqual([one])
      }
      const expected = places('plain').map(([other]) => [other, other === level ? 200 : 404])
      expect(await statuses()).toEqual(expected)
      expect((await call('PUT', path, { ...body, isLegacy: true })).status).toBe(400)
      await call('DELETE', '/common-resources/plain?force=true')
    }
  })

  it('6.3/2 keep what the body is silent about at a level that it names besides its own', async () => {
    await call('PUT', '/common-resources', { name: 'kept', fields: [] })
    const body = { objectName: 'kept', vendorName: 'reports', elementInstanceId: mapping.id }
    await call('PUT', path, {
      ...{ ...body, level: 'organization', fields: [{ path: 'id', vendorPath: 'ID' }] },
      configuration: [off, { type: 'addToDocumentation' }],
    })
    await call('PUT', path, {
      ...{ ...body, level: 'instance', fields: [{ path: 'title', vendorPath: 'Name' }] },
      configuration: [{ ...off, level: 'organization' }],
    })
    const [above = '', , below = ''] = places('kept').map(([, at]) => at)
    expect((await call('GET', above)).json).toMatchObject({
      fields: [{ path: 'id' }],
      configuration: [{ type: 'passThrough' }],
    })
    expect((await call('GET', below)).json.fields.map((field: Row) => field['path'])).toEqual(['id', 'title'])
    expect(await keysOf('kept')).toEqual(['id', 'title'])
    await call('DELETE', '/common-resources/kept?force=true')
  })

  it('6.3/2 need a definition, an element and a level that is the caller’s, and name what is wrong', async () => {
    const body = { objectName: 'early', vendorName: 'reports', elementInstanceId: mapping.id, fields: [] }
    expect((await call('PUT', path, body)).status).toBe(404)
    await call('PUT', '/common-resources', { name: 'early', fields: [] })
    for (const [more, words] of [
      [{ elementInstanceId: undefined }, 'elementKey'],
      [{ vendorName: 'report' }, 'Did you mean reports'],
      [{ fields: [{ path: 'a', vendorPath: 'X[' }] }, 'fields.0.vendorPath'],
      [{ elementInstanceId: undefined, elementKey: 'concur', level: 'instance' }, 'instanceId'],
      [{ configuration: [{ type: 'inherits' }] }, 'configuration.0.type'],
      [{ level: 'world' }, 'level'],
    ] as const) {
      const refused = await call('PUT', path, { ...body, ...more })
      expect(refused.status, refused.text).toBe(400)
      expect(refused.json.message).toContain(words)
    }
    expect((await call('PUT', path, { ...body, level: 'system' })).status).toBe(403)
    const stranger = await stage.product.addMember('Globex', 'admin@globex.example')
    const foreign = await ask(`${stage.product.url}${path}`, {
      ...{ method: 'PUT', headers: platform(stranger), body },
    })
    expect(foreign.status).toBe(404)
    expect((await call('GET', `/instances/${mapping.id}/transformations/early`)).status).toBe(404)
    await call('DELETE', '/common-resources/early?force=true')
  })

  it('6.3/2, 6.3/3 hold for the next call, and soon in every other process', async () => {
    const beside = await serveBeside(stage.product, {})
    const there = async (name: string) => {
      const headers = hub(stage.member, mapping.token)
      const found = await ask(`${beside.url}/hubs/expense/${name}`, { headers, query: { pageSize: '1' } })
      return found.status === 200 ? Object.keys(found.json[0]) : found.status
    }
    try {
      for (const associatedLevel of ['organization', 'account', 'instance']) {
        await call('PUT', '/common-resources', { name: 'told', fields: [{ path: 'id' }] })
        const body = { objectName: 'told', vendorName: 'reports', elementInstanceId: mapping.id }
        for (const one of ['id', 'key']) {
          await call('PUT', path, {
            ...{ ...body, level: associatedLevel, configuration: [off] },
            fields: [{ path: one, vendorPath: 'ID', associatedLevel }],
          })
          expect(await keysOf('told')).toEqual([one])
          await expect.poll(() => there('told')).toEqual([one])
        }
        await call('PUT', '/common-resources', {
          name: 'told',
          changedFields: [{ path: 'moved', oldPath: 'key' }],
        })
        await expect.poll(() => there('told')).toEqual(['moved'])
        await call('PATCH', '/common-resources/told', { name: 'again' })
        await expect.poll(() => there('again')).toEqual(['moved'])
        await call('DELETE', '/common-resources/again?force=true')
        await expect.poll(() => there('again')).toBe(404)
      }
    } finally {
      await beside.stop()
    }
  })
})
