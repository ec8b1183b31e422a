import { beforeAll, describe, expect, it } from 'vitest'
import { type Answer, ask, platform } from '../support/client.ts'
import { type Mapping, mappingOn, off } from '../support/mapping.ts'
import type { Member } from '../support/product.ts'
import { onProduct, type Stage } from '../support/stage.ts'

type Row = Record<string, unknown>

let stage: Stage
let mapping: Mapping
let stranger: Member

onProduct((made) => {
  stage = made
})
beforeAll(async () => {
  mapping = await mappingOn(stage)
  stranger = await stage.product.addMember('Globex', 'admin@globex.example')
})

const call: Mapping['call'] = (...of) => mapping.call(...of)
const there = (method: string, path: string, body?: unknown): Promise<Answer> =>
  ask(`${stage.product.url}${path}`, {
    ...{ method, headers: platform(stranger) },
    ...(body === undefined ? {} : { body }),
  })
const keysOf = async (name: string): Promise<readonly string[]> =>
  Object.keys((await mapping.rows(name, { pageSize: '1' }))[0] ?? {}).sort()

/** A common resource of every level, mapped at the organization and an account. */
const made = async (objectName: string) => {
  const { json } = await call('POST', '/vdrs', {
    ...{ objectName, description: 'Trips' },
    fields: [
      { path: 'id', displayName: 'Id' },
      { path: 'title', level: 'account' },
      { path: 'id', level: 'account' },
      { path: 'desk', level: 'instance', associatedId: mapping.id },
    ],
  })
  const stored = await call('POST', `/vdrs/${json.id}/transformations`, {
    ...{ vendorName: 'reports', elementKey: 'concur' },
    fields: [
      { path: 'id', vendorPath: 'ID', level: 'organization' },
      { path: 'title', vendorPath: 'Name', level: 'account' },
    ],
    configuration: [{ ...off, level: 'organization' }],
  })
  expect(stored.status, stored.text).toBe(200)
  return json.id as number
}

const force = async (name: string) => call('DELETE', `/common-resources/${name}?force=true`)

describe('copies of common resources', () => {
  it('6.4/5 are cloned to a level, with the transformations that are asked for', async () => {
    const id = await made('trips')
    for (const [level, at] of [
      ['organization', '/organizations'],
      ['account', '/accounts'],
    ] as const)
      for (const [more, mapped] of [
        ['', []],
        ['&cloneAllTransformations=true', ['id', 'title']],
        ['&elementKeys[]=concur,concur', ['id', 'title']],
        ['&elementKeys[]=4933', ['id', 'title']],
      ] as const) {
        const cloned = await call('POST', `/vdrs/${id}/clone?level=${level}${more}`, { objectName: 'copy' })
        expect(cloned.status, cloned.text).toBe(200)
        expect(cloned.json).toMatchObject({ objectName: 'copy', description: 'Trips' })
        expect(cloned.json.id).not.toBe(id)
        expect(cloned.json.fields.map((field: Row) => [field['path'], field['level']])).toEqual(
          ['id', 'title', 'desk'].map((path) => [path, level]),
        )
        expect((await call('GET', `${at}/objects/copy/definitions`)).json).toMatchObject({
          fields: [{ path: 'id', displayName: 'Id' }, { path: 'title' }, { path: 'desk' }],
        })
        const transformation = `${at}/elements/concur/transformations/copy`
        expect((await call('GET', transformation)).status).toBe(mapped.length === 0 ? 404 : 200)
        if (mapped.length > 0) expect(await keysOf('copy')).toEqual(mapped)
        await force('copy')
      }
    expect(await keysOf('trips')).toEqual(['id', 'title'])
    await force('trips')
  })

  it('6.4/5 are the account’s unless said, keep their name unless said, and are 409 where the level has it', async () => {
    const { json } = await call('POST', '/vdrs', { objectName: 'plain', fields: [{ path: 'id' }] })
    const at = `/vdrs/${json.id}/clone`
    const cloned = await call('POST', at)
    expect(cloned.status, cloned.text).toBe(200)
    expect(cloned.json).toMatchObject({
      ...{ id: json.id, objectName: 'plain' },
      fields: [{ level: 'organization' }, { level: 'account' }],
    })
    expect((await call('POST', at)).status).toBe(409)
    expect((await call('POST', `${at}?level=instance`, { objectName: 'x' })).status).toBe(400)
    expect((await call('POST', at, { objectName: 'a/b' })).status).toBe(400)
    expect((await call('POST', `${at}?elementKeys[]=concur`, { objectName: 'x' })).status).toBe(404)
    expect((await call('POST', `${at}?elementKeys[]=none`, { objectName: 'x' })).status).toBe(404)
    expect((await there('POST', at, { objectName: 'x' })).status).toBe(404)
    expect((await call('GET', '/vdrs')).json.map((vdr: Row) => vdr['objectName'])).toEqual(['plain'])
    await force('plain')
  })

  it('6.4/1, 6.4/4 go to a file and come out of it, in another organization and in their own', async () => {
    await made('trips')
    const file = await call('GET', '/vdrs/trips/export')
    expect(file.status, file.text).toBe(200)
    expect(file.json).toMatchObject({
      ...{ vdrName: 'trips', vdrVersion: 'v2' },
      definition: {
        ...{ objectName: 'trips', description: 'Trips' },
        fields: [
          { path: 'id', type: 'string', displayName: 'Id', level: 'organization' },
          { path: 'title', type: 'string', level: 'account' },
          { path: 'id', type: 'string', level: 'account' },
        ],
      },
      transformation: {
        concur: {
          ...{ vendorName: 'reports', elementKey: 'concur' },
          fields: [
            { path: 'id', vendorPath: 'ID', level: 'organization' },
            { path: 'title', vendorPath: 'Name', level: 'account' },
          ],
        },
      },
    })
    expect((await there('GET', '/vdrs/trips/export')).status).toBe(404)
    for (const _ of [1, 2]) {
      const imported = await there('PUT', '/vdrs/import', file.json)
      expect(imported.status, imported.text).toBe(200)
      expect(imported.headers).not.toHaveProperty('elements-error')
      expect(imported.json).toMatchObject({ objectName: 'trips', mappedElementIds: [4933] })
    }
    const again = (await there('GET', '/vdrs/trips/export')).json
    expect(again).toEqual(file.json)
    const before = (await call('GET', '/common-resources/trips')).json
    expect((await call('PUT', '/vdrs/import', file.json)).status).toBe(200)
    expect((await call('GET', '/common-resources/trips')).json).toEqual(before)
    expect(await keysOf('trips')).toEqual(['id', 'title'])
    await force('trips')
    await call('PUT', '/vdrs/import', { ...file.json, vdrName: 'trips2' })
    expect(await keysOf('trips2')).toEqual(['id', 'title'])

    // All or nothing.
    const { concur } = file.json.transformation
    for (const [transformation, status] of [
      [{ none: concur }, 404],
      [{ concur: { ...concur, vendorName: 'report' } }, 400],
    ] as const) {
      const refused = await call('PUT', '/vdrs/import', { ...file.json, vdrName: 'half', transformation })
      expect(refused.status, refused.text).toBe(status)
      expect((await call('GET', '/common-resources/half')).status).toBe(404)
    }
    expect((await call('PUT', '/vdrs/import', { vdrName: 'half' })).status).toBe(400)
    await force('trips2')
  })
})

describe('snippets', () => {
  const path = '/vdrs/snippets'
  const text = { name: 'Total', body: 'done(transformedObject)', description: 'Adds up' }

  const change = (method: string) => (method === 'PUT' ? text : undefined)

  it('6.4/7 are made, listed, read, changed and removed', async () => {
    expect((await call('GET', path)).json).toEqual([])
    for (const level of ['organization', 'account'] as const) {
      const made = await call('POST', path, { ...text, level, snippetType: 'transformation' })
      expect(made.status, made.text).toBe(200)
      expect(made.json).toEqual({
        ...{ id: expect.any(Number), ...text },
        ...{ snippetType: 'transformation', level },
      })
      const at = `${path}/${made.json.id}`
      expect((await call('GET', path)).json).toEqual([made.json])
      expect((await call('GET', at)).json).toEqual(made.json)
      const changed = await call('PUT', at, { name: 'Other', body: '', level })
      expect(changed.json).toEqual({ ...made.json, name: 'Other', body: '', description: '' })
      expect((await there('GET', path)).json).toEqual([])
      for (const method of ['GET', 'PUT', 'DELETE'])
        expect((await there(method, at, change(method))).status, method).toBe(404)
      expect((await call('GET', at)).json).toEqual(changed.json)
      expect((await call('DELETE', at)).status).toBe(200)
      for (const method of ['GET', 'PUT', 'DELETE'])
        expect((await call(method, at, change(method))).status, method).toBe(404)
    }
  })

  it('6.4/7 are the organization’s unless said, and name what is wrong', async () => {
    expect((await call('POST', path, text)).json).toMatchObject({ level: 'organization' })
    for (const [body, words] of [
      [{ ...text, name: '' }, 'name'],
      [{ ...text, body: undefined }, 'body'],
      [{ ...text, snippetType: 'formula' }, 'snippetType'],
      [{ ...text, level: 'world' }, 'level'],
    ] as const) {
      const refused = await call('POST', path, body)
      expect(refused.status).toBe(400)
      expect(refused.json.message).toContain(words)
    }
  })
})
