import { setTimeout } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { type Answer, ask, platform } from '../support/client.ts'
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
const levels = () =>
  [
    ['organization', '/organizations', undefined],
    ['account', '/accounts', accountId],
    ['instance', `/instances/${mapping.id}`, mapping.id],
  ] as const
const everyLevel = () =>
  levels().map(([level, , associatedId]) => ({
    ...{ path: `of.${level}`, level },
    ...(associatedId === undefined ? {} : { associatedId }),
  }))

describe('common resources over all levels, by number', () => {
  it('6.4/1 are made, read, listed, changed and removed, with fields of every level', async () => {
    expect((await call('GET', '/vdrs')).json).toEqual([])
    const made = await call('POST', '/vdrs', {
      ...{ objectName: 'mine', description: 'Mine' },
      fields: [{ path: 'id' }, { path: 'total', type: 'number', displayName: 'Total' }, ...everyLevel()],
    })
    expect(made.status, made.text).toBe(200)
    expect(made.headers).not.toHaveProperty('elements-error')
    const number = expect.any(Number)
    expect(made.json).toEqual({
      ...{ id: number, objectName: 'mine', description: 'Mine', mappedElementIds: [] },
      fields: [
        { id: number, path: 'id', type: 'string', level: 'organization' },
        { id: number, path: 'total', type: 'number', displayName: 'Total', level: 'organization' },
        ...everyLevel().map((field) => ({ ...field, id: number, type: 'string' })),
      ],
    })
    const at = `/vdrs/${made.json.id}`
    expect((await call('GET', at)).json).toEqual(made.json)
    const { json: other } = await call('POST', '/vdrs', { objectName: 'other', fields: [] })
    expect((await call('GET', '/vdrs')).json).toEqual([made.json, other])
    expect((await call('GET', "/vdrs?where=objectName in ('mine','none')")).json).toEqual([made.json])
    expect((await call('GET', `/vdrs?where=id = ${other.id} and objectName = 'other'`)).json).toEqual([other])
    expect((await call('GET', '/vdrs?where=name = 1')).status).toBe(400)

    // A field keeps its number when its path changes; what is new gets one of its own.
    const [, ...rest] = made.json.fields as Row[]
    const put = await call('PUT', at, {
      ...made.json,
      objectName: 'yours',
      fields: [...rest.map((field) => ({ ...field, path: `new.${field['path']}` })), { path: 'more' }],
    })
    expect(put.status, put.text).toBe(200)
    expect(put.json).toMatchObject({ id: made.json.id, objectName: 'yours', description: 'Mine' })
    const byPath = new Map((put.json.fields as Row[]).map((field) => [field['path'], field['id']]))
    for (const field of rest) expect(byPath.get(`new.${field['path']}`)).toBe(field['id'])
    expect(byPath.has('id')).toBe(false)
    expect((made.json.fields as Row[]).map(({ id }) => id)).not.toContain(byPath.get('more'))
    for (const [level, above] of levels()) {
      const found = (await call('GET', `${above}/objects/yours/definitions`)).json
      expect(found.fields.map((field: Row) => field['path'])).toContain(`new.of.${level}`)
      expect((await call('GET', `${above}/objects/mine/definitions`)).status).toBe(404)
    }
    // What has no level in the body stays as it is.
    expect((await call('PUT', at, { description: 'Yours' })).json).toEqual({
      ...put.json,
      description: 'Yours',
    })
    expect((await call('DELETE', at)).status).toBe(200)
    for (const method of ['GET', 'PUT', 'DELETE'])
      expect((await call(method, at, method === 'PUT' ? {} : undefined)).status, method).toBe(404)
    await call('DELETE', `/vdrs/${other.id}`)
  })

  it('6.4/1 are one of all levels: a level joins, twice is 409, and the name is taken for another', async () => {
    const ids = new Set<number>()
    for (const [index, field] of everyLevel().entries()) {
      const made = await call('POST', '/vdrs', { objectName: 'joined', fields: [field] })
      expect(made.json.fields).toHaveLength(index + 1)
      ids.add(made.json.id)
      const again = await call('POST', '/vdrs', { objectName: 'joined', fields: [field] })
      expect(again.status).toBe(409)
      expect(again.json.message).toContain(field.level)
    }
    expect(ids.size).toBe(1)
    expect((await call('POST', '/vdrs', { objectName: 'joined' })).status).toBe(409)
    const { json: other } = await call('POST', '/vdrs', { objectName: 'other', fields: [] })
    expect((await call('PUT', `/vdrs/${other.id}`, { objectName: 'joined' })).status).toBe(409)
    for (const [body, words] of [
      [{ fields: [] }, 'objectName'],
      [{ objectName: 'a/b' }, 'objectName'],
      [{ objectName: 'x', fields: [{ path: '' }] }, 'fields.0.path'],
      [{ objectName: 'x', fields: [{ path: 'a', id: 'b' }] }, 'fields.0.id'],
      [{ objectName: 'x', fields: [{ path: 'a', level: 'instance' }] }, 'associatedId'],
    ] as const) {
      const refused = await call('POST', '/vdrs', body)
      expect(refused.status, refused.text).toBe(400)
      expect(refused.json.message).toContain(words)
    }
    const [first] = (await call('GET', `/vdrs/${[...ids][0]}`)).json.fields
    const twice = await call('PUT', `/vdrs/${[...ids][0]}`, { fields: [first, { ...first, path: 'b' }] })
    expect(twice.status).toBe(400)
    expect(twice.json.message).toContain('fields.1.id')
    for (const id of [...ids, other.id]) await call('DELETE', `/vdrs/${id}`)
  })

  it('6.4/1 take their transformations along, at every level, and go only without them, or by force', async () => {
    for (const [level, , associatedId] of levels()) {
      const place = { level, ...(associatedId === undefined ? {} : { associatedId }) }
      const fields = [
        { path: 'id', ...place },
        { path: 'name', ...place },
      ]
      const { json: made } = await call('POST', '/vdrs', { objectName: 'moved', fields })
      const below = `/instances/${mapping.id}/transformations`
      await call('POST', `${below}/moved`, {
        vendorName: 'reports',
        fields: [
          { path: 'id', vendorPath: 'ID' },
          { path: 'name', vendorPath: 'Name' },
        ],
        configuration: [off],
      })
      expect((await call('GET', `/vdrs/${made.id}`)).json.mappedElementIds).toEqual([4933])
      const put = await call('PUT', `/vdrs/${made.id}`, {
        objectName: 'trips',
        fields: made.fields.map((field: Row) => ({ id: field['id'], path: `my.${field['path']}` })),
      })
      expect(put.status, put.text).toBe(200)
      expect(put.json.fields).toMatchObject(fields.map((field) => ({ ...field, path: `my.${field.path}` })))
      const [row] = await mapping.rows('trips')
      expect(row).toEqual({ my: { id: expect.any(String), name: expect.any(String) } })
      expect((await mapping.onHub('GET', 'moved')).status).toBe(404)
      expect((await call('DELETE', `/vdrs/${made.id}`)).status).toBe(409)
      expect((await call('DELETE', `/vdrs/${made.id}?force=true`)).status).toBe(200)
      expect((await mapping.onHub('GET', 'trips')).status).toBe(404)
    }
  })

  it('6.4/2 leave alone what the caller may not write, and say so', async () => {
    const stranger = await stage.product.addMember('Globex', 'admin@globex.example')
    const there = (method: string, path: string, body?: unknown) =>
      ask(`${stage.product.url}${path}`, {
        ...{ method, headers: platform(stranger) },
        ...(body === undefined ? {} : { body }),
      })
    const foreign = [
      { path: 's', level: 'system' },
      { path: 'a', level: 'account', associatedId: accountId },
      { path: 'i', level: 'instance', associatedId: mapping.id },
    ]
    const made = await there('POST', '/vdrs', { objectName: 'mine', fields: [{ path: 'id' }, ...foreign] })
    expect(made.status, made.text).toBe(200)
    expect(made.headers['elements-error']).toBe('ignored: s, a, i')
    expect(made.json.fields).toMatchObject([{ path: 'id', level: 'organization' }])
    const put = await there('PUT', `/vdrs/${made.json.id}`, { fields: [{ path: 'x' }, ...foreign] })
    expect(put.headers['elements-error']).toBe('ignored: s, a, i')
    expect(put.json.fields).toMatchObject([{ path: 'x' }])
    expect((await there('PUT', `/vdrs/${made.json.id}`, put.json)).headers).not.toHaveProperty(
      'elements-error',
    )
    for (const [, at] of levels())
      expect((await call('GET', `${at}/objects/mine/definitions`)).status).toBe(404)
    for (const method of ['GET', 'PUT', 'DELETE'])
      expect((await call(method, `/vdrs/${made.json.id}`, method === 'PUT' ? {} : undefined)).status).toBe(
        404,
      )
    for (const method of ['POST', 'PUT', 'DELETE'] as const) {
      const path = method === 'POST' ? '/vdrs' : `/vdrs/${made.json.id}`
      const body = method === 'DELETE' ? undefined : { objectName: 'x' }
      expect((await there(method, `${path}?systemOnly=true`, body)).status, method).toBe(403)
    }
  })

  it('6.4/1, 6.1/4 have one number however many levels are made at once, and lose no change', async () => {
    const names = Array.from({ length: 8 }, (_, at) => `at${at}`)
    const made = await Promise.all(
      names.flatMap((name) =>
        levels().map(([, at]) => call('POST', `${at}/objects/${name}/definitions`, { fields: [] })),
      ),
    )
    expect(made.map(({ status }) => status).filter((status) => status !== 200)).toEqual([])
    const found: Row[] = (await call('GET', '/vdrs')).json
    expect(found.map(({ objectName }) => objectName)).toEqual(names)
    const rows = await stage.product.context.store.objectDefinitions.everywhere(2)
    expect(new Set(rows.map(({ vdrId, objectName }) => `${vdrId} ${objectName}`)).size).toBe(names.length)
    const at = `/vdrs/${found[0]?.['id']}`
    const puts = await Promise.all(everyLevel().map((field) => call('PUT', at, { fields: [field] })))
    expect(puts.map(({ status }) => status)).toEqual([200, 200, 200])
    expect((await call('GET', at)).json.fields).toMatchObject(everyLevel())
    for (const { id } of found) await call('DELETE', `/vdrs/${id}`)
    expect((await call('GET', '/vdrs')).json).toEqual([])
  })

  it('6.4/1, 6.1/4 wait for a change of the organization that is under way', async () => {
    const owner = { organizationId: 2, level: 'organization', ownerId: 2 } as const
    const below: Promise<Answer>[] = []
    await stage.product.context.store.transaction(async (inside) => {
      await inside.objectDefinitions.lock(2)
      await inside.objectDefinitions.insert(owner, { objectName: 'raced', description: null, fields: [] })
      for (const [, at] of levels().slice(1))
        below.push(call('POST', `${at}/objects/raced/definitions`, { fields: [] }))
      // Those that did not wait would be done long before.
      await Promise.race([Promise.all(below), setTimeout(1_000)])
    })
    expect((await Promise.all(below)).map(({ status }) => status)).toEqual([200, 200])
    const rows = await stage.product.context.store.objectDefinitions.everywhere(2, { objectName: 'raced' })
    expect(rows.map(({ vdrId }) => vdrId)).toEqual(rows.map(() => rows[0]?.vdrId))
    expect(rows).toHaveLength(3)
    await call('DELETE', '/common-resources/raced')
  })
})
