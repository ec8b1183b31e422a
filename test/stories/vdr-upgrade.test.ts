import { describe, expect, it } from 'vitest'
import { migrate, migrations } from '#src/store/index.ts'
import { ask, platform } from '../support/client.ts'
import { createTestDatabase } from '../support/database.ts'
import { type Mapping, off, onMapping, tripFields } from '../support/mapping.ts'
import type { Stage } from '../support/stage.ts'

type Row = Record<string, unknown>

/** The migration that numbers definitions and fields. */
const definitionIds = 24

let stage: Stage
let mapping: Mapping

onMapping((made) => {
  ;({ stage, mapping } = made)
})

const call: Mapping['call'] = (...of) => mapping.call(...of)
const upgrade = '/vdrs/upgrade/v2'
const version = async () => (await call('GET', '/organizations/me')).json.vdrVersion

const levels = () => ['/organizations', '/accounts', `/instances/${mapping.id}`]
const definitions = async (name: string) => {
  const found = await Promise.all(levels().map((at) => call('GET', `${at}/objects/${name}/definitions`)))
  return found.map(({ json }) => json)
}
const withoutIds = ({ id: _, fields, ...rest }: Row) => ({
  ...rest,
  fields: (fields as Row[]).map(({ id: __, ...field }) => field),
})

describe('the generations of an organization', () => {
  it('6.4/6, 6.1/6 go to v2 and back, repeatedly, and change nothing but the numbers of level replies', async () => {
    expect(await version()).toBe('v1')
    const fields = [{ path: 'id' }, { path: 'total', type: 'number' }]
    for (const at of levels())
      expect((await call('POST', `${at}/objects/trips/definitions`, { fields })).json).not.toHaveProperty(
        'id',
      )
    await mapping.map('trips', 'reports', tripFields, [off])
    const seen = async () => ({
      rows: await mapping.rows('trips'),
      mapped: (await call('GET', `/instances/${mapping.id}/transformations`)).json,
      all: (await call('GET', '/organizations/objects/definitions')).json,
    })
    const [before, apart] = [await seen(), await definitions('trips')]
    for (const _ of [1, 2]) {
      const up = await call('PUT', upgrade)
      expect(up.status, up.text).toBe(200)
      expect(await version()).toBe('v2')
    }
    const numbered = await definitions('trips')
    const [{ id }] = numbered
    expect(id).toEqual(expect.any(Number))
    for (const one of numbered) {
      expect(one.id).toBe(id)
      for (const field of one.fields)
        expect(field).toMatchObject({ id: expect.any(Number), path: expect.any(String), level: one.level })
    }
    const fieldIds = numbered.flatMap((one) => one.fields.map((field: Row) => field['id']))
    expect(new Set(fieldIds).size).toBe(6)
    expect(numbered.map(withoutIds)).toEqual(apart)
    const after = await seen()
    expect(after.rows).toEqual(before.rows)
    expect(after.mapped).toEqual(before.mapped)
    expect(withoutIds(after.all.trips)).toEqual(before.all.trips)
    for (const _ of [1, 2]) {
      expect((await call('DELETE', upgrade)).status).toBe(200)
      expect(await version()).toBe('v1')
    }
    expect(await seen()).toEqual(before)
    expect(await definitions('trips')).toEqual(apart)
    await call('PUT', upgrade)
    expect(await definitions('trips')).toEqual(numbered)
    await call('DELETE', upgrade)
  })

  it('6.4/6 upgrades the own organization, by number or without, and no other', async () => {
    const own = (await call('GET', '/organizations/me')).json.id
    for (const query of [`orgIds[]=${own}`, `orgIds=${own},${own}`, ''])
      expect((await call('PUT', `${upgrade}?${query}`)).status, query).toBe(200)
    const stranger = await stage.product.addMember('Globex', 'admin@globex.example')
    const there = (method: string, path: string) =>
      ask(`${stage.product.url}${path}`, { method, headers: platform(stranger) })
    const foreign = await there('DELETE', `${upgrade}?orgIds[]=${own}`)
    expect(foreign.status).toBe(403)
    expect(foreign.json.message).toContain('orgIds')
    expect(await version()).toBe('v2')
    expect((await there('GET', '/organizations/me')).json.vdrVersion).toBe('v1')
    await call('DELETE', upgrade)
  })

  it('6.4/1, 6.1/7 keep the number of a resource and its fields when it is renamed, at every level of its own', async () => {
    await call('PUT', upgrade)
    const fields = [{ path: 'a' }, { path: 'b' }]
    for (const at of levels()) {
      const made = (await call('POST', `${at}/objects/alone/definitions`, { fields })).json
      const changed = await call('PUT', `${at}/objects/alone/definitions`, {
        fields: [{ path: 'c' }, ...fields],
      })
      expect(changed.json.id).toBe(made.id)
      expect(changed.json.fields.slice(1)).toEqual(made.fields)
      const renamed = await call('PATCH', `${at}/objects/alone`, { objectName: 'renamed' })
      expect(renamed.json).toEqual({ ...changed.json, objectName: 'renamed' })
      // Another level joins the resource of that name, and leaves it again.
      const other = at === '/organizations' ? '/accounts' : '/organizations'
      const joined = await call('POST', `${other}/objects/renamed/definitions`, { fields })
      expect(joined.json.id).toBe(made.id)
      const left = await call('PATCH', `${other}/objects/renamed`, { objectName: 'apart' })
      expect(left.json.id).not.toBe(made.id)
      expect((await call('GET', `${at}/objects/renamed/definitions`)).json.id).toBe(made.id)
      await call('DELETE', `${other}/objects/apart/definitions`)
      await call('DELETE', `${at}/objects/renamed/definitions`)
    }
    await call('DELETE', upgrade)
  })

  it('6.4/6 numbers what was defined before there were numbers', async () => {
    const database = await createTestDatabase()
    const db = await database.open()
    try {
      const before = migrations.filter(({ id }) => id < definitionIds)
      await migrate(db, before, () => undefined)
      await db.query({
        text: `insert into object_definitions (organization_id, level, owner_id, object_name, fields) values
          (2, 'organization', 2, 'a', '[{"path":"x","type":"string"},{"path":"y","type":"date","displayName":"Y"}]'),
          (2, 'instance', 5, 'a', '[{"path":"x","type":"string"}]'), (2, 'organization', 2, 'b', '[]'),
          (3, 'organization', 3, 'a', '[{"path":"x","type":"string"}]')`,
        values: [],
      })
      await migrate(db, migrations, () => undefined)
      const rows = await db.query<{ vdr: number; fields: Row[] }>({
        text: `select vdr_id as vdr, fields from object_definitions order by organization_id, object_name, level desc`,
        values: [],
      })
      expect(rows.map(({ vdr }) => rows.findIndex((row) => row.vdr === vdr))).toEqual([0, 0, 2, 3])
      const fields = rows.flatMap((row) => row.fields)
      expect(fields.map(({ path, type, displayName }) => [path, type, displayName])).toEqual([
        ...[
          ['x', 'string', undefined],
          ['y', 'date', 'Y'],
          ['x', 'string', undefined],
          ['x', 'string', undefined],
        ],
      ])
      const ids = [...fields.map(({ id }) => id), ...rows.map(({ vdr }) => vdr)]
      expect(ids.every((id) => typeof id === 'number')).toBe(true)
      expect(new Set(ids).size).toBe(4 + 3)
    } finally {
      await db.close()
      await database.drop()
    }
  })
})
