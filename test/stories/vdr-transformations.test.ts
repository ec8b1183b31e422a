import { describe, expect, it } from 'vitest'
import { ask, platform } from '../support/client.ts'
import { type Mapping, off, onMapping } from '../support/mapping.ts'
import type { Stage } from '../support/stage.ts'

type Row = Record<string, unknown>

let stage: Stage
let mapping: Mapping
let accountId: number

onMapping((made) => {
  ;({ stage, mapping, accountId } = made)
})

const call: Mapping['call'] = (...of) => mapping.call(...of)
const keysOf = async (name: string): Promise<readonly string[]> =>
  Object.keys((await mapping.rows(name, { pageSize: '1' }))[0] ?? {}).sort()

/** A common resource with its number and those of its fields. */
const defined = async (objectName: string) => {
  const paths = ['id', 'title', 'total']
  const { json } = await call('POST', '/vdrs', {
    objectName,
    fields: paths.map((path) => ({ path, type: path === 'total' ? 'number' : 'string' })),
  })
  const [id, title, total] = (json.fields as Row[]).map((field) => field['id'])
  return { id: json.id as number, at: `/vdrs/${json.id}/transformations`, ids: { id, title, total } }
}

describe('transformations of a common resource by its number', () => {
  it('6.4/4 are made by the numbers of fields or by path, at each level, and read for an instance', async () => {
    const { id: vdrId, at, ids } = await defined('trips')
    expect((await call('GET', at)).json).toEqual([])
    expect((await call('GET', `${at}/4933`)).status).toBe(404)
    const body = {
      ...{ vendorName: 'reports', elementKey: 'concur', instanceId: mapping.id },
      fields: [
        { vdrFieldId: ids.id, vendorPath: 'ID', level: 'organization' },
        { path: 'title', vendorPath: 'Name', vendorType: 'text', level: 'account', configuration: null },
        { vdrFieldId: ids.total, vendorPath: 'Total', level: 'instance' },
      ],
      configuration: [{ ...off, level: 'organization' }],
    }
    const made = await call('POST', at, body)
    expect(made.status, made.text).toBe(200)
    expect(made.headers).not.toHaveProperty('elements-error')
    expect(made.json).toMatchObject({
      ...{ id: 4933, vdrId, objectName: 'trips', vendorName: 'reports', elementKey: 'concur' },
      ...{ instanceId: mapping.id, isLegacy: false },
      fields: [
        { vdrFieldId: ids.id, path: 'id', type: 'string', vendorPath: 'ID', level: 'organization' },
        { vdrFieldId: ids.title, path: 'title', vendorPath: 'Name', vendorType: 'text', level: 'account' },
        { vdrFieldId: ids.total, path: 'total', type: 'number', vendorPath: 'Total', level: 'instance' },
      ],
      configuration: [
        { type: 'passThrough', level: 'organization' },
        { type: 'inherit', level: 'account' },
        { type: 'inherit', level: 'instance' },
      ],
    })
    expect(await keysOf('trips')).toEqual(['id', 'title', 'total'])
    expect((await call('POST', at, body)).status).toBe(409)
    const one = `${at}/${made.json.id}`
    expect((await call('GET', `${one}?instanceId=${mapping.id}`)).json).toEqual(made.json)
    const wide = (await call('GET', one)).json
    expect(wide.fields.map((field: Row) => field['level'])).toEqual(['organization', 'account'])
    expect((await call('GET', at)).json).toEqual([wide])
    expect((await call('GET', `${at}?instanceId=${mapping.id}`)).json).toEqual([made.json])
    expect((await call('GET', `/vdrs/${vdrId}`)).json.mappedElementIds).toEqual([4933])
    // The level APIs tell the same.
    for (const [level, path] of [
      ['organization', '/organizations/elements/concur/transformations/trips'],
      ['account', `/accounts/${accountId}/elements/concur/transformations/trips`],
      ['instance', `/instances/${mapping.id}/transformations/trips`],
    ] as const)
      expect((await call('GET', path)).json).toMatchObject({ level, objectName: 'trips' })
    await call('DELETE', `/vdrs/${vdrId}?force=true`)
  })

  it('6.4/4 are changed at the levels that are named, take what was read, and are removed', async () => {
    const { id: vdrId, at, ids } = await defined('trips')
    const one = `${at}/4933`
    expect((await call('PUT', one, { vendorName: 'reports', fields: [] })).status).toBe(404)
    for (const [level, instanceId] of [
      ['organization', undefined],
      ['account', undefined],
      ['instance', mapping.id],
    ] as const) {
      const whose = instanceId === undefined ? {} : { instanceId }
      const fields = [{ vdrFieldId: ids.id, vendorPath: 'ID', level }]
      const configuration = [{ ...off, level }]
      const body = { vendorName: 'reports', elementKey: 'concur', ...whose, configuration }
      expect((await call('POST', at, { ...body, fields })).status).toBe(200)
      expect(await keysOf('trips')).toEqual(['id'])
      const put = await call('PUT', one, {
        ...body,
        fields: [...fields, { vdrFieldId: ids.title, vendorPath: 'Name', level }],
      })
      expect(put.status, put.text).toBe(200)
      expect(await keysOf('trips')).toEqual(['id', 'title'])
      const query = instanceId === undefined ? '' : `?instanceId=${instanceId}`
      expect((await call('GET', `${one}${query}`)).json).toEqual(put.json)
      expect((await call('PUT', `${one}${query}`, put.json)).json).toEqual(put.json)
    }
    const only = await call('DELETE', `${one}?instanceId=${mapping.id}`)
    expect(only.status, only.text).toBe(200)
    expect((await call('DELETE', `${one}?instanceId=${mapping.id}`)).status).toBe(404)
    expect((await call('GET', one)).json.fields).toHaveLength(4)
    expect((await call('DELETE', one)).status).toBe(200)
    for (const method of ['GET', 'DELETE']) expect((await call(method, one)).status).toBe(404)
    expect((await mapping.onHub('GET', 'trips')).status).toBe(404)
    expect((await call('DELETE', `/vdrs/${vdrId}`)).status).toBe(200)
    expect((await call('GET', at)).status).toBe(404)
  })

  it('6.4/4, 6.4/2 show nobody what is mapped at the instance of another user', async () => {
    const { id: vdrId, at } = await defined('mine')
    const fields = [
      { path: 'id', vendorPath: 'ID', level: 'organization' },
      { path: 'title', vendorPath: 'Name', level: 'instance' },
    ]
    await call('POST', at, { vendorName: 'reports', elementKey: 'concur', instanceId: mapping.id, fields })
    const user = await stage.product.context.accounts.addUser(2, 'mapper@northwind.example', 'other other')
    const other = { ...stage.member, user: user.userSecret, organization: user.organizationSecret }
    for (const path of [at, `${at}/4933`]) {
      const url = `${stage.product.url}${path}?instanceId=${mapping.id}`
      const { json } = await ask(url, { method: 'GET', headers: platform(other) })
      const [shown] = [json].flat()
      expect(shown.fields.map((field: Row) => field['path'])).toEqual(['id'])
    }
    expect((await call('DELETE', `/vdrs/${vdrId}?force=true`)).status).toBe(200)
  })

  it('6.4/4, 6.4/2 leave out levels that the caller may not write, and name what is wrong', async () => {
    const stranger = await stage.product.addMember('Globex', 'admin@globex.example')
    const there = (method: string, path: string, body?: unknown) =>
      ask(`${stage.product.url}${path}`, {
        ...{ method, headers: platform(stranger) },
        ...(body === undefined ? {} : { body }),
      })
    const { json: vdr } = await there('POST', '/vdrs', { objectName: 'trips', fields: [{ path: 'id' }] })
    const at = `/vdrs/${vdr.id}/transformations`
    const body = { vendorName: 'reports', elementKey: 'concur', instanceId: mapping.id }
    const field = { vdrFieldId: vdr.fields[0].id, vendorPath: 'ID' }
    const foreign = ['system', 'instance'].map((level) => ({ path: `of.${level}`, vendorPath: 'ID', level }))
    const made = await there('POST', at, {
      ...{ ...body, fields: [{ ...field, level: 'organization' }, ...foreign] },
      configuration: [{ ...off, level: 'instance' }],
    })
    expect(made.status, made.text).toBe(200)
    expect(made.headers['elements-error']).toBe('ignored: of.system, of.instance, passThrough')
    expect(made.json.fields).toMatchObject([{ path: 'id', level: 'organization' }])
    const put = await there('PUT', `${at}/4933`, {
      ...body,
      fields: [{ ...field, level: 'account' }, ...foreign],
    })
    expect(put.headers['elements-error']).toBe('ignored: of.system, of.instance')
    expect((await there('POST', at, { ...body, fields: foreign })).status).toBe(403)
    expect((await call('GET', `/instances/${mapping.id}/transformations/trips`)).status).toBe(404)
    for (const method of ['GET', 'PUT', 'DELETE'])
      expect((await call(method, `${at}/4933`, method === 'PUT' ? body : undefined)).status).toBe(404)
    expect((await there('DELETE', `${at}/4933?instanceId=${mapping.id}`)).status).toBe(404)

    const own = await defined('mine')
    for (const [more, words] of [
      [{ fields: [{ vdrFieldId: vdr.fields[0].id, vendorPath: 'ID' }] }, 'fields.0.vdrFieldId'],
      [{ fields: [{ vendorPath: 'ID' }] }, 'fields.0'],
      [{ elementKey: undefined, instanceId: undefined }, 'elementKey'],
      [{ instanceId: undefined, fields: [{ path: 'id', level: 'instance' }] }, 'instanceId'],
      [{ vendorName: 'report' }, 'Did you mean reports'],
    ] as const) {
      const refused = await call('POST', own.at, { ...body, ...more })
      expect(refused.status, refused.text).toBe(400)
      expect(refused.json.message).toContain(words)
    }
    expect((await call('POST', own.at, { ...body, elementKey: 'none' })).status).toBe(404)
    await call('DELETE', `/vdrs/${own.id}`)
  })
})
