import { describe, expect, it } from 'vitest'
import { type Mapping, onMapping } from '../support/mapping.ts'

type Row = Record<string, unknown>

let mapping: Mapping

onMapping((made) => {
  ;({ mapping } = made)
})

const call: Mapping['call'] = (...of) => mapping.call(...of)
const names = ['expense-report', 'expense', 'attendee', 'employee', 'list-item', 'invoice']

const systemVdr = async (name: string): Promise<Row> => {
  const found = await call('GET', `/vdrs?systemOnly=true&where=objectName='${name}'`)
  expect(found.status, found.text).toBe(200)
  expect(found.json).toHaveLength(1)
  return found.json[0]
}
const pathsOf = (vdr: Row): readonly unknown[] => (vdr['fields'] as Row[]).map((field) => field['path'])
const levelsOf = (vdr: Row): readonly unknown[] => (vdr['fields'] as Row[]).map((field) => field['level'])

describe('ready-made common resources by number', () => {
  it('6.4/1 are listed by systemOnly, each with its fields and the elements that are mapped to it', async () => {
    const found = await call('GET', '/vdrs?systemOnly=true')
    expect(found.json.map((vdr: Row) => vdr['objectName']).sort()).toEqual([...names].sort())
    const ids: unknown[] = found.json.flatMap((vdr: Row) => [
      vdr['id'],
      ...(vdr['fields'] as Row[]).map((field) => field['id']),
    ])
    expect(new Set(ids).size).toBe(ids.length)
    for (const vdr of found.json) {
      expect(vdr.mappedElementIds).toEqual([4933])
      for (const field of vdr.fields)
        expect(field).toMatchObject({ level: 'system', description: expect.stringMatching(/\.$/) })
      expect((await call('GET', `/vdrs/${vdr.id}`)).json).toEqual(vdr)
    }
    expect((await call('GET', '/vdrs')).json).toEqual([])
  })

  it('4/3 are what the catalogue maps an element to', async () => {
    const found = await call('GET', '/elements/concur/transformations')
    expect(found.status, found.text).toBe(200)
    expect(Object.keys(found.json).sort()).toEqual([...names].sort())
    expect(found.json['expense-report']).toMatchObject({ vendorName: 'reports', level: 'system' })
    expect((await call('GET', '/elements/4933/transformations')).json).toEqual(found.json)
    expect((await call('GET', '/elements/none/transformations')).status).toBe(404)
  })

  it('6.4/3 take fields of lower levels, keep their name and their own fields, and lose only what was added', async () => {
    const before = await systemVdr('expense-report')
    const at = `/vdrs/${before['id']}`
    const added = await call('PUT', at, {
      ...before,
      fields: [
        ...(before['fields'] as Row[]),
        { path: 'costCenter', type: 'string', level: 'organization' },
        { path: 'desk', type: 'number', level: 'account' },
      ],
    })
    expect(added.status, added.text).toBe(200)
    expect(added.headers).not.toHaveProperty('elements-error')
    expect(pathsOf(added.json)).toEqual([...pathsOf(before), 'costCenter', 'desk'])
    expect(levelsOf(added.json).slice(-3)).toEqual(['system', 'organization', 'account'])
    expect((await call('GET', '/organizations/objects/expense-report/definitions')).json).toMatchObject({
      fields: [{ path: 'costCenter' }],
    })

    const renamed = await call('PUT', at, {
      objectName: 'mine',
      fields: [{ path: 'total', type: 'number', level: 'system' }],
    })
    expect(renamed.status, renamed.text).toBe(200)
    expect(renamed.headers['elements-error']).toBe('ignored: objectName, total')
    expect(renamed.json).toEqual(added.json)

    const gone = await call('DELETE', at)
    expect(gone.status, gone.text).toBe(200)
    expect(gone.headers['elements-error']).toContain('ignored')
    expect((await call('GET', at)).json).toEqual(before)
    expect((await call('GET', '/organizations/objects/expense-report/definitions')).status).toBe(404)
    expect((await call('DELETE', at)).status).toBe(200)
  })

  it('6.4/5, 6.4/4 are cloned with their transformations, and answer on the hub', async () => {
    const { id } = await systemVdr('expense-report')
    const cloned = await call('POST', `/vdrs/${id}/clone?level=organization&cloneAllTransformations=true`, {
      objectName: 'claims',
    })
    expect(cloned.status, cloned.text).toBe(200)
    expect(cloned.json.id).not.toBe(id)
    expect(cloned.json.fields[0]).toMatchObject({ level: 'organization', description: expect.any(String) })
    for (const field of cloned.json.fields) expect(field.id).toBeGreaterThan(10_000)
    const [row] = await mapping.rows('claims', { pageSize: '1', fields: 'name,total,currency' })
    expect(row).toMatchObject({ name: expect.any(String), total: expect.stringMatching(/^-?\d/) })
    expect((await call('GET', `/vdrs/${id}/transformations`)).json).toEqual([])
    expect((await call('DELETE', `/vdrs/${cloned.json.id}?force=true`)).status).toBe(200)
  })
})

describe('scripts in bodies of several levels', () => {
  const body = "transformedObject.made = transformedObject.title + '!'; done(transformedObject)"
  const fields = [
    { path: 'id', vendorPath: 'ID' },
    { path: 'title', vendorPath: 'Name' },
  ]

  it('6.3/2 are stored at their level by PUT /transformations, read back, and run', async () => {
    const defined = await call('POST', '/vdrs', {
      objectName: 'scripted',
      fields: [{ path: 'id' }, { path: 'title' }],
    })
    expect(defined.status, defined.text).toBe(200)
    const put = await call('PUT', '/transformations', {
      ...{
        objectName: 'scripted',
        vendorName: 'reports',
        level: 'organization',
        elementInstanceId: mapping.id,
      },
      fields: fields.map((field) => ({ ...field, associatedLevel: 'organization' })),
      script: { body, mimeType: 'application/javascript', filterEmptyResponse: false, level: 'instance' },
    })
    expect(put.status, put.text).toBe(200)
    expect(put.json.script).toMatchObject({ body, level: 'instance' })
    const [row] = await mapping.rows('scripted', { pageSize: '1' })
    expect(row?.['made']).toBe(`${row?.['title']}!`)
    expect((await call('GET', `/instances/${mapping.id}/transformations/scripted`)).json.script.body).toBe(
      body,
    )
    expect((await call('DELETE', `/vdrs/${defined.json.id}?force=true`)).status).toBe(200)
  })

  it('6.3/2, 6.2/8 stay at the levels that a body says nothing of, and keep their engine', async () => {
    const legacy = "transformedObject.made = 'old'; return transformedObject"
    const { json } = await call('POST', '/vdrs', {
      objectName: 'kept',
      fields: [{ path: 'id' }, { path: 'title' }],
    })
    const at = '/organizations/elements/concur/transformations/kept'
    const stored = await call('POST', at, {
      vendorName: 'reports',
      fields,
      isLegacy: true,
      script: { body: legacy },
    })
    expect(stored.status, stored.text).toBe(200)
    const below = {
      ...{ objectName: 'kept', vendorName: 'reports', level: 'instance', elementInstanceId: mapping.id },
      fields: [
        ...fields.map((field) => ({ ...field, associatedLevel: 'organization' })),
        { path: 'title', vendorPath: 'Purpose', associatedLevel: 'instance' },
      ],
    }
    expect((await call('PUT', '/transformations', below)).status).toBe(200)
    expect((await call('GET', at)).json).toMatchObject({ isLegacy: true, script: { body: legacy } })
    const [row] = await mapping.rows('kept', { pageSize: '1' })
    expect(row?.['made']).toBe('old')

    const put = await call('PUT', '/transformations', { ...below, script: { body, level: 'instance' } })
    expect(put.json.script).toMatchObject({ body, level: 'instance' })
    expect((await call('GET', at)).json.script).toMatchObject({ body: legacy })
    // What was read may be sent back.
    const one = `/vdrs/${json.id}/transformations/4933?instanceId=${mapping.id}`
    const read = (await call('GET', one)).json
    expect((await call('PUT', one, read)).status).toBe(200)
    expect((await call('GET', at)).json.script).toMatchObject({ body: legacy })
    expect((await call('DELETE', `/vdrs/${json.id}?force=true`)).status).toBe(200)
  })

  it('6.4/4 are stored by the number of their resource, and go along into its file', async () => {
    const { json } = await call('POST', '/vdrs', {
      objectName: 'told',
      fields: [{ path: 'id' }, { path: 'title' }],
    })
    const made = await call('POST', `/vdrs/${json.id}/transformations`, {
      ...{ vendorName: 'reports', elementKey: 'concur', script: { body, level: 'organization' } },
      fields: fields.map((field) => ({ ...field, level: 'organization' })),
    })
    expect(made.status, made.text).toBe(200)
    expect(made.json.script).toMatchObject({ body, level: 'organization' })
    const [row] = await mapping.rows('told', { pageSize: '1' })
    expect(row?.['made']).toBe(`${row?.['title']}!`)

    const file = await call('GET', '/vdrs/told/export')
    expect(file.json.transformation.concur.script).toMatchObject({ body })
    expect((await call('DELETE', `/vdrs/${json.id}?force=true`)).status).toBe(200)
    expect((await call('PUT', '/vdrs/import', file.json)).status).toBe(200)
    const [again] = await mapping.rows('told', { pageSize: '1' })
    expect(again?.['made']).toBe(row?.['made'])
  })
})
