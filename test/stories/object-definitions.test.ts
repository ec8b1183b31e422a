import { beforeAll, describe, expect, it } from 'vitest'
import { ask, platform } from '../support/client.ts'
import { type Mapping, mappingOn, onMapping } from '../support/mapping.ts'
import type { Stage } from '../support/stage.ts'

let stage: Stage
let mapping: Mapping
let accountId: number

onMapping((made) => {
  ;({ stage, mapping, accountId } = made)
})
beforeAll(async () => {
  accountId = await mapping.call('GET', '/accounts/settings').then(async () => {
    const rows = await stage.product.context.store.accounts.defaultAccount(2)
    return rows?.accountId ?? 0
  })
})

const call: Mapping['call'] = (...of) => mapping.call(...of)
const fields = [{ path: 'id' }, { path: 'total', type: 'number', displayName: 'Total' }]

const levels = () => [
  ['organization', '/organizations', '/organizations/elements/concur/transformations'],
  ['account', '/accounts', `/accounts/${accountId}/elements/concur/transformations`],
  ['account', `/accounts/${accountId}`, '/accounts/elements/concur/transformations'],
  ['instance', `/instances/${mapping.id}`, `/instances/${mapping.id}/transformations`],
]

describe('definitions of common resources', () => {
  it('6.1/1, 6.1/2, 6.1/3, 6.1/6 are made, read, changed and removed at each level', async () => {
    for (const [level, at] of levels()) {
      const path = `${at}/objects/mine/definitions`
      expect((await call('GET', path)).status, path).toBe(404)
      const made = await call('POST', path, { fields })
      expect(made.status, made.text).toBe(200)
      expect(made.json).toMatchObject({
        ...{ objectName: 'mine', level, description: '' },
        createdDate: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+$/),
        fields: [
          { path: 'id', type: 'string', level },
          { path: 'total', type: 'number', displayName: 'Total', level },
        ],
      })
      expect((await call('GET', path)).json).toEqual(made.json)
      const changed = await call('PUT', path, { description: 'Mine', fields: [{ path: 'lines[*].a' }] })
      expect(changed.json).toMatchObject({ description: 'Mine', fields: [{ path: 'lines[*].a' }] })
      expect((await call('DELETE', path)).status).toBe(200)
      for (const method of ['GET', 'DELETE'])
        expect((await call(method, path)).status, `${method} ${path}`).toBe(404)
      expect((await call('PUT', path, { fields })).status).toBe(404)
    }
  })

  it('6.1/3 are reached by the instance’s token, too', async () => {
    const path = '/instances/objects/byToken/definitions'
    expect((await call('POST', path, { fields }, true)).status).toBe(200)
    expect((await call('GET', `/instances/${mapping.id}/objects/byToken/definitions`)).status).toBe(200)
    expect(Object.keys((await call('GET', '/instances/objects/definitions', undefined, true)).json)).toEqual([
      'byToken',
    ])
    expect((await call('DELETE', path, undefined, true)).status).toBe(200)
    expect((await call('GET', path)).status).toBe(401)
  })

  it('6.1/4, 6.1/5 come and go as a map; the same name is 409 at its level alone', async () => {
    const both = { one: { fields }, two: { fields: [] } }
    for (const [level, at] of levels()) {
      const path = `${at}/objects/definitions`
      const made = await call('POST', path, both)
      expect(made.status, made.text).toBe(200)
      expect(made.json).toMatchObject({ one: { objectName: 'one', level }, two: { fields: [] } })
      expect((await call('GET', path)).json).toEqual(made.json)
      const again = await call('POST', path, { three: { fields }, one: { fields } })
      expect(again.status).toBe(409)
      expect(again.json.message).toContain("'one'")
      expect((await call('GET', `${at}/objects/three/definitions`)).status).toBe(404)
      expect((await call('POST', `${at}/objects/one/definitions`, { fields })).status).toBe(409)
      if (at === '/accounts') await call('DELETE', path)
    }
    for (const at of ['/organizations', `/accounts/${accountId}`, `/instances/${mapping.id}`]) {
      const path = `${at}/objects/definitions`
      expect((await call('GET', path)).status).toBe(200)
      expect((await call('DELETE', path)).status).toBe(200)
      expect((await call('GET', path)).status).toBe(404)
      expect((await call('DELETE', path)).status).toBe(404)
      expect((await call('GET', `${path}?systemOnly=true`)).status).toBe(200)
    }
  })

  it('6.1/4 stay while a transformation uses one, at its level or below', async () => {
    await call('POST', '/organizations/objects/used/definitions', { fields })
    const path = `/instances/${mapping.id}/transformations/used`
    expect((await call('POST', path, { vendorName: 'reports', fields: [] })).status).toBe(200)
    for (const of of ['/organizations/objects/definitions', '/organizations/objects/used/definitions']) {
      const refused = await call('DELETE', of)
      expect(refused.status).toBe(409)
      expect(refused.json.message).toContain(`instance ${mapping.id}`)
    }
    expect((await call('DELETE', path)).status).toBe(200)
    expect((await call('DELETE', '/organizations/objects/definitions')).status).toBe(200)
  })

  it('6.1/7 are renamed together with their transformations', async () => {
    for (const [level, at, mapped] of levels()) {
      await call('POST', `${at}/objects/definitions`, { old: { fields }, other: { fields } })
      const body = { vendorName: 'reports', fields: [{ path: 'id', vendorPath: 'ID' }] }
      expect((await call('POST', `${mapped}/old`, body)).status, mapped).toBe(200)
      for (const objectName of ['other', 'a/b', 'ping', ''])
        expect((await call('PATCH', `${at}/objects/old`, { objectName })).status, objectName).toBe(
          objectName === 'other' ? 409 : 400,
        )
      expect((await call('PATCH', `${at}/objects/none`, { objectName: 'x' })).status).toBe(404)
      const renamed = await call('PATCH', `${at}/objects/old`, { objectName: 'new' })
      expect(renamed.json).toMatchObject({ objectName: 'new', level })
      for (const [name, status] of [
        ['old', 404],
        ['new', 200],
      ] as const) {
        expect((await call('GET', `${at}/objects/${name}/definitions`)).status).toBe(status)
        expect((await call('GET', `${mapped}/${name}`)).status).toBe(status)
      }
      const uses = await call('GET', '/organizations/objects/new/transformations')
      expect(uses.json).toMatchObject([{ level, element: { key: 'concur' }, name: 'new' }])
      await call('DELETE', `${mapped}/new`)
      await call('DELETE', `${at}/objects/definitions`)
    }
  })

  it('6.1/1 name the field that is wrong, and refuse strangers', async () => {
    const path = '/organizations/objects/bad/definitions'
    for (const [body, words] of [
      [{ fields: [{ path: 'a[0]' }] }, 'fields.0.path'],
      [{ fields: [{ path: 'a' }, { path: 'a' }] }, 'fields.1.path'],
      [{ fields: [{ path: '' }] }, 'fields.0.path'],
      [{ fields: 'x' }, 'fields'],
    ] as const) {
      const refused = await call('POST', path, body)
      expect(refused.status, refused.text).toBe(400)
      expect(refused.json.message).toContain(words)
    }
    expect((await call('POST', '/organizations/objects/definitions', {})).status).toBe(400)
    const stranger = await stage.product.addMember('Globex', 'admin@globex.example')
    for (const [at, status] of [
      [`/accounts/${accountId}`, 403],
      [`/instances/${mapping.id}`, 404],
      ['/organizations', 404],
    ] as const) {
      await call('POST', `${at}/objects/mine/definitions`, { fields })
      const found = await ask(`${stage.product.url}${at}/objects/mine/definitions`, {
        headers: platform(stranger),
      })
      expect(found.status, at).toBe(status)
      await call('DELETE', `${at}/objects/mine/definitions`)
    }
  })
})

describe('transformations', () => {
  const body = {
    vendorName: 'reports',
    fields: [{ path: 'id', type: 'string', vendorPath: 'ID', configuration: null }],
    configuration: null,
  }

  it('6.1/1, 6.1/2, 6.1/3 are made, read, changed and removed at each level', async () => {
    for (const [level, at, mapped] of levels()) {
      const early = await call('POST', `${mapped}/mine`, body)
      expect(early.status, early.text).toBe(404)
      expect(early.json.message).toContain('No object definition found with name mine')
      await call('POST', `${at}/objects/mine/definitions`, { fields })
      const made = await call('POST', `${mapped}/mine`, body)
      expect(made.status, made.text).toBe(200)
      expect(made.json).toMatchObject({
        ...{ objectName: 'mine', vendorName: 'reports', level, elementKey: 'concur', isLegacy: false },
        fields: [{ path: 'id', vendorPath: 'ID', level, configuration: [] }],
        configuration: [],
      })
      expect((await call('POST', `${mapped}/mine`, body)).status).toBe(409)
      expect((await call('GET', mapped ?? '')).json).toEqual({ mine: made.json })
      expect((await call('GET', `${mapped}/mine`)).json).toEqual(made.json)
      const changed = await call('PUT', `${mapped}/mine`, { ...body, displayName: 'Mine', fields: [] })
      expect(changed.json).toMatchObject({ displayName: 'Mine', fields: [] })
      expect((await call('PUT', `${mapped}/mine`, { ...body, isLegacy: true })).status).toBe(400)
      expect((await call('DELETE', mapped ?? '')).status).toBe(200)
      for (const method of ['GET', 'DELETE']) {
        expect((await call(method, mapped ?? '')).status, `${method} ${mapped}`).toBe(404)
        expect((await call(method, `${mapped}/mine`)).status).toBe(404)
      }
      expect((await call('PUT', `${mapped}/mine`, body)).status).toBe(404)
      expect((await call('GET', `${at}/objects/mine/definitions`)).status).toBe(200)
      await call('DELETE', `${at}/objects/definitions`)
    }
  })

  it('6.1/3, 6.2/11 are reached by the token; propagate removes the parts of every level', async () => {
    await call('POST', '/organizations/objects/mine/definitions', { fields })
    const places = [
      '/organizations/elements/concur/transformations/mine',
      `/accounts/${accountId}/elements/4933/transformations/mine`,
      '/instances/transformations/mine',
    ]
    for (const place of places)
      expect((await call('POST', place, body, place.startsWith('/instances'))).status, place).toBe(200)
    const uses = await call('GET', '/organizations/objects/mine/transformations')
    expect(uses.json.map(({ level }: { level: string }) => level).sort()).toEqual([
      ...['account', 'instance', 'organization'],
    ])
    const gone = await call('DELETE', '/instances/transformations/mine?propagate=true', undefined, true)
    expect(gone.status, gone.text).toBe(200)
    for (const place of places)
      expect((await call('GET', place, undefined, place.startsWith('/instances'))).status).toBe(404)
    expect((await call('GET', '/organizations/objects/mine/transformations')).status).toBe(404)
    await call('DELETE', '/organizations/objects/definitions')
  })

  it('6.1/1 name the field that is wrong and its fix', async () => {
    await call('POST', '/organizations/objects/mine/definitions', { fields })
    const path = '/organizations/elements/concur/transformations/mine'
    for (const [more, words] of [
      [{ vendorName: 'report' }, 'Did you mean reports'],
      [{ vendorName: undefined }, 'vendorName'],
      [{ fields: [{ path: 'a', vendorPath: 'X[' }] }, 'fields.0.vendorPath'],
      [{ configuration: [{ type: 'inherits' }] }, 'configuration.0.type'],
      [{ script: { body: 5 } }, 'script.body'],
    ] as const) {
      const refused = await call('POST', path, { ...body, ...more })
      expect(refused.status, refused.text).toBe(400)
      expect(refused.json.message).toContain(words)
    }
    expect((await call('POST', '/organizations/elements/none/transformations/mine', body)).status).toBe(404)
    await call('DELETE', '/organizations/objects/definitions')
  })

  it('6.1/3 of an instance go with it', async () => {
    const other = await mappingOn(stage)
    expect((await other.map('mine', 'reports', [{ path: 'id', vendorPath: 'ID' }])).status).toBe(200)
    expect((await other.call('DELETE', `/instances/${other.id}`)).status).toBe(200)
    expect((await call('GET', '/organizations/objects/mine/transformations')).status).toBe(404)
  })
})
