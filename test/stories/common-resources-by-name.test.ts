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
const path = '/common-resources'
const levels = () => [
  ['organization', '/organizations', undefined],
  ['account', '/accounts', accountId],
  ['instance', `/instances/${mapping.id}`, mapping.id],
]
const definition = async (at: unknown, name: string) =>
  (await call('GET', `${at}/objects/${name}/definitions`)).json

describe('common resources over all levels, by name', () => {
  it('6.3/3 are made, listed, read, renamed and removed, with fields of every level', async () => {
    expect((await call('GET', path)).json).toEqual([])
    for (const [method, at] of [
      ['GET', ''],
      ['DELETE', ''],
      ['PATCH', ''],
      ['GET', '/usages'],
    ] as const)
      expect((await call(method, `${path}/mine${at}`, { name: 'x' })).status, method).toBe(404)
    const made = await call('PUT', path, {
      name: 'mine',
      fields: [
        { path: 'id' },
        { path: 'total', type: 'number', associatedLevel: 'organization' },
        { path: 'region', type: 'string', associatedLevel: 'account' },
        { path: 'desk', displayName: 'Desk', associatedLevel: 'instance', associatedId: mapping.id },
      ],
    })
    expect(made.status, made.text).toBe(200)
    expect(made.headers).not.toHaveProperty('elements-error')
    expect(made.json).toEqual({
      ...{ name: 'mine', description: '', elementInstanceIds: [mapping.id], mappedElementIds: [] },
      fields: [
        { path: 'id', type: 'string', associatedLevel: 'organization' },
        { path: 'total', type: 'number', associatedLevel: 'organization' },
        { path: 'region', type: 'string', associatedLevel: 'account', associatedId: accountId },
        {
          ...{ path: 'desk', type: 'string', displayName: 'Desk' },
          ...{ associatedLevel: 'instance', associatedId: mapping.id },
        },
      ],
    })
    // One storage: each level tells its own.
    for (const [level, at] of levels()) {
      const { fields } = await definition(at, 'mine')
      const own = made.json.fields.filter(({ associatedLevel }: Row) => associatedLevel === level)
      expect(fields.map((field: Row) => field['path'])).toEqual(own.map((field: Row) => field['path']))
    }
    expect((await call('GET', path)).json).toEqual([made.json])
    expect((await call('GET', `${path}/mine`)).json).toEqual(made.json)
    expect((await call('GET', `${path}/mine/usages`)).json).toEqual({ formulaUsages: [] })
    // What was read may be sent back.
    const again = await call('PUT', path, made.json)
    expect(again.json).toEqual(made.json)
    const renamed = await call('PATCH', `${path}/mine`, { name: 'yours' })
    expect(renamed.json).toEqual({ ...made.json, name: 'yours' })
    for (const [at, status] of [
      ['mine', 404],
      ['yours', 200],
    ] as const)
      expect((await call('GET', `${path}/${at}`)).status).toBe(status)
    expect((await call('DELETE', `${path}/yours`)).status).toBe(200)
    expect((await call('DELETE', `${path}/yours`)).status).toBe(404)
    for (const [, at] of levels())
      expect((await call('GET', `${at}/objects/yours/definitions`)).status).toBe(404)
  })

  it('6.3/3 are changed at the levels that are named, at each on its own; without fields they are the organization’s', async () => {
    const empty = await call('PUT', path, { name: 'plain', fields: [] })
    expect(empty.json).toMatchObject({ name: 'plain', fields: [], elementInstanceIds: [] })
    expect((await definition('/organizations', 'plain')).fields).toEqual([])
    for (const [associatedLevel, at, associatedId] of levels()) {
      const others = () =>
        Promise.all(
          levels()
            .filter(([, other]) => other !== at)
            .map(async ([, other]) => (await definition(other, 'plain')).fields),
        )
      const before = await others()
      const put = (...paths: readonly string[]) =>
        call('PUT', path, {
          name: 'plain',
          fields: paths.map((one) => ({
            ...{ path: one, associatedLevel },
            ...(associatedId === undefined ? {} : { associatedId }),
          })),
        })
      await put('a', 'b')
      const stored = await put('b', 'c')
      expect(stored.status, stored.text).toBe(200)
      expect((await definition(at, 'plain')).fields.map((field: Row) => field['path'])).toEqual(['b', 'c'])
      expect(await others()).toEqual(before)
    }
    expect((await call('PUT', path, { name: 'plain', description: 'Plain' })).json).toMatchObject({
      description: 'Plain',
      fields: expect.arrayContaining([expect.objectContaining({ path: 'c', associatedLevel: 'account' })]),
    })
    await call('DELETE', `${path}/plain`)
  })

  it('6.3/3 tell which elements are mapped to them, and go only without, or by force', async () => {
    const body = { vendorName: 'reports', fields: [{ path: 'id', vendorPath: 'ID' }], configuration: [off] }
    const mapped = [
      '/organizations/elements/concur/transformations/used',
      `/accounts/${accountId}/elements/concur/transformations/used`,
      `/instances/${mapping.id}/transformations/used`,
    ]
    for (const at of mapped) {
      await call('PUT', path, { name: 'used', fields: [{ path: 'id' }] })
      expect((await call('POST', at, body)).status, at).toBe(200)
      expect((await call('GET', `${path}/used`)).json).toMatchObject({
        mappedElementIds: [4933],
        elementInstanceIds: at.startsWith('/instances') ? [mapping.id] : [],
      })
      expect((await mapping.rows('used')).every((row) => Object.keys(row).join() === 'id')).toBe(true)
      const refused = await call('DELETE', `${path}/used`)
      expect(refused.status).toBe(409)
      expect(refused.json.message).toContain("'used'")
      const renamed = await call('PATCH', `${path}/used`, { name: 'renamed' })
      expect(renamed.status, renamed.text).toBe(200)
      expect((await mapping.rows('renamed')).length).toBeGreaterThan(0)
      expect((await mapping.onHub('GET', 'used')).status).toBe(404)
      expect((await call('DELETE', `${path}/renamed?force=true`)).status).toBe(200)
      expect((await mapping.onHub('GET', 'renamed')).status).toBe(404)
      expect((await call('GET', at.replace('used', 'renamed'))).status).toBe(404)
    }
  })

  it('6.3/3 take their transformations along when a path changes, at its level and below, in every row', async () => {
    for (const [associatedLevel, at, associatedId] of levels()) {
      const place = { associatedLevel, ...(associatedId === undefined ? {} : { associatedId }) }
      const fields = ['id', 'name', 'total'].map((one) => ({ path: one, ...place }))
      await call('PUT', path, { name: 'moved', fields })
      const body = {
        vendorName: 'reports',
        fields: [
          { path: 'id', vendorPath: 'ID' },
          { path: 'name', vendorPath: 'Name' },
        ],
        configuration: [off],
      }
      const below = `/instances/${mapping.id}/transformations/moved`
      expect((await call('POST', below, body)).status).toBe(200)
      expect(Object.keys((await mapping.rows('moved'))[0] ?? {})).toEqual(['id', 'name'])
      const put = await call('PUT', path, {
        name: 'moved',
        fields: fields.map((field) => ({ ...field, path: field.path === 'name' ? 'title' : field.path })),
        changedFields: [{ path: 'title', oldPath: 'name', ...place }],
      })
      expect(put.status, put.text).toBe(200)
      expect(Object.keys((await mapping.rows('moved'))[0] ?? {})).toEqual(['id', 'title'])
      expect((await call('GET', below)).json.fields[1]).toMatchObject({ path: 'title', vendorPath: 'Name' })
      // Paths trade places in one body, and without fields the definition is changed, too.
      const swapped = await call('PUT', path, {
        name: 'moved',
        changedFields: [
          { path: 'title', oldPath: 'id', ...place },
          { path: 'id', oldPath: 'title', ...place },
        ],
      })
      expect(swapped.status, swapped.text).toBe(200)
      const found = (await definition(at, 'moved')).fields
      expect(found.map((field: Row) => field['path'])).toEqual(['title', 'id', 'total'])
      expect((await call('GET', below)).json.fields).toMatchObject([
        { path: 'title', vendorPath: 'ID' },
        { path: 'id', vendorPath: 'Name' },
      ])
      const clash = await call('PUT', path, {
        name: 'moved',
        fields: [{ path: 'title', ...place }],
        changedFields: [{ path: 'title', oldPath: 'id', ...place }],
      })
      expect(clash.status).toBe(409)
      expect(clash.json.message).toContain("'title' is mapped already")
      await call('DELETE', `${path}/moved?force=true`)
    }
  })

  it('6.3/3 leave a transformation alone whose own level defines the path that changes above', async () => {
    await call('PUT', path, {
      name: 'near',
      fields: [{ path: 'name' }, { path: 'name', associatedLevel: 'instance', associatedId: mapping.id }],
    })
    const body = {
      vendorName: 'reports',
      fields: [{ path: 'name', vendorPath: 'Name' }],
      configuration: [off],
    }
    const places = [
      '/organizations/elements/concur/transformations/near',
      `/instances/${mapping.id}/transformations/near`,
    ]
    for (const at of places) await call('POST', at, body)
    await call('PUT', path, {
      name: 'near',
      fields: [{ path: 'title' }],
      changedFields: [{ path: 'title', oldPath: 'name' }],
    })
    const paths = await Promise.all(places.map(async (at) => (await call('GET', at)).json.fields[0].path))
    expect(paths).toEqual(['title', 'name'])
    await call('DELETE', `${path}/near?force=true`)
  })

  it('6.3/3 name what is wrong, keep names apart, and show nothing to strangers', async () => {
    await call('PUT', path, { name: 'one', fields: [{ path: 'a' }] })
    await call('PUT', path, { name: 'two', fields: [] })
    expect((await call('PATCH', `${path}/one`, { name: 'two' })).status).toBe(409)
    for (const [body, words] of [
      [{ fields: [] }, 'name'],
      [{ name: 'a/b', fields: [] }, 'name'],
      [{ name: 'one', fields: [{ path: 'a' }, { path: 'a' }] }, 'fields.1.path'],
      [{ name: 'one', fields: [{ path: 'a[0]' }] }, 'fields.0.path'],
      [{ name: 'one', fields: [{ path: 'a', associatedLevel: 'instance' }] }, 'fields.0'],
      [{ name: 'one', fields: [{ path: 'a', associatedLevel: 'world' }] }, 'fields.0.associatedLevel'],
      [{ name: 'one', changedFields: [{ path: 'b[', oldPath: 'a' }] }, 'changedFields.0.path'],
    ] as const) {
      const refused = await call('PUT', path, body)
      expect(refused.status, refused.text).toBe(400)
      expect(refused.json.message).toContain(words)
    }
    const only = await call('PUT', path, {
      ...{ name: 'one', elementInstanceIds: [mapping.id] },
      fields: [{ path: 'b', associatedLevel: 'instance' }],
    })
    expect(only.json.fields[1]).toMatchObject({ path: 'b', associatedId: mapping.id })
    const stranger = await stage.product.addMember('Globex', 'admin@globex.example')
    const there = (method: string, at: string, body?: unknown) =>
      ask(`${stage.product.url}${path}${at}`, {
        ...{ method, headers: platform(stranger) },
        ...(body === undefined ? {} : { body }),
      })
    expect((await there('GET', '')).json).toEqual([])
    for (const method of ['GET', 'PATCH', 'DELETE'])
      expect((await there(method, '/one', method === 'PATCH' ? { name: 'x' } : undefined)).status).toBe(404)
    const foreign = await there('PUT', '', {
      name: 'one',
      fields: [
        { path: 'a', associatedLevel: 'account', associatedId: accountId },
        { path: 'b', associatedLevel: 'instance', associatedId: mapping.id },
      ],
    })
    expect(foreign.json.fields).toEqual([])
    expect(foreign.headers['elements-error']).toBe('ignored: a, b')
    expect((await call('GET', `${path}/one`)).json).toEqual(only.json)
    for (const name of ['one', 'two']) await call('DELETE', `${path}/${name}`)
  })
})
