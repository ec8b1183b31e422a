import { describe, expect, it } from 'vitest'
import { type Mapping, off, onMapping, tripFields } from '../support/mapping.ts'
import type { Stage } from '../support/stage.ts'

type Row = Record<string, unknown>

let stage: Stage
let mapping: Mapping

onMapping((made) => {
  ;({ stage, mapping } = made)
})

const ok = async (method: string, path: string, body?: unknown) => {
  const answer = await mapping.call(method, path, body)
  expect(answer.status, answer.text).toBe(200)
  return answer
}

const script = (body: string, more: Row = {}) => ({ script: { body, ...more } })

describe('scripts at several levels', () => {
  it('6.2/8, 6.2/5 are inherited, and the lowest one runs in the engine of its own level', async () => {
    const fields = [{ path: 'id', vendorPath: 'ID' }]
    const path = { organization: '/organizations/elements/concur', account: '/accounts/elements/concur' }
    const instance = `/instances/${mapping.id}/transformations/levels`
    await ok('POST', '/organizations/objects/levels/definitions', { fields })
    await ok('POST', `${path.organization}/transformations/levels`, {
      ...{ vendorName: 'reports', fields, configuration: [off], isLegacy: true },
      ...script('return { at: "organization", id: transformedObject.id }'),
    })
    const inherit = { vendorName: 'reports', configuration: [{ type: 'inherit' }] }
    await ok('POST', instance, inherit)
    const shown = await ok('GET', instance)
    expect(shown.json).toMatchObject({ isLegacy: false, script: { level: 'organization' } })
    const [row] = await mapping.rows('levels')
    expect(row).toEqual({ at: 'organization', id: expect.any(String) })

    // What was read may be sent back: the script stays the organization's.
    await ok('PUT', instance, shown.json)
    await ok('PUT', `${path.organization}/transformations/levels`, {
      ...{ vendorName: 'reports', fields, configuration: [off] },
      ...script('return { at: "mended" }'),
    })
    expect((await mapping.rows('levels'))[0]).toEqual({ at: 'mended' })

    await ok('POST', `${path.account}/transformations/levels`, {
      ...inherit,
      ...script('transformedObject.at = "account"; done(transformedObject)'),
    })
    expect((await mapping.rows('levels'))[0]).toEqual({ at: 'account', id: row?.['id'] })
    expect((await ok('GET', instance)).json.script.level).toBe('account')

    await ok('PUT', instance, { vendorName: 'reports', ...script('done({ at: "instance" })') })
    expect((await mapping.rows('levels'))[0]).toEqual({ at: 'instance' })
    await ok('PUT', instance, { vendorName: 'reports', script: null })
    expect((await ok('GET', instance)).json.script).toBeUndefined()
    expect((await mapping.rows('levels'))[0]).toHaveProperty('ID')
  })

  it('6.2/8 stay in the engine that a transformation has, unless PUT says the new one', async () => {
    const path = `/instances/${mapping.id}/transformations/engine`
    const body = script('return { id: transformedObject.id }')
    await mapping.map('engine', 'reports', tripFields, [], { ...body, isLegacy: true })
    expect((await ok('PUT', path, { vendorName: 'reports', ...body })).json.isLegacy).toBe(true)
    expect((await ok('PUT', path, { vendorName: 'reports', isLegacy: false })).json.isLegacy).toBe(false)
    const refused = await mapping.call('PUT', path, { vendorName: 'reports', isLegacy: true })
    expect(refused.status).toBe(400)
    const long = await mapping.call('PUT', path, { vendorName: 'reports', ...script('x'.repeat(200_001)) })
    expect([long.status, long.json.message]).toEqual([400, expect.stringContaining('script.body')])
  })
})

describe('a script', () => {
  it('6.2/8 rewrites the values of where clauses, where it is to', async () => {
    const body = `if (!isWhere) done(transformedObject)
      else {
        for (const clause of originalObject.where)
          if (clause.attribute === 'title' && clause.operator === '=') clause.value = clause.value.slice(3)
        done(originalObject)
      }`
    const where = { type: 'applyJSOnQueryFieldValue' }
    await mapping.map('asked', 'reports', tripFields, [off, where], script(body))
    const title = String((await mapping.rows('asked'))[1]?.['title'])
    const query = { where: `title = 'xx:${title}' and sum.amount >= 0`, pageSize: '500' }
    const found = await mapping.onHub('GET', 'asked', query)
    expect(found.headers['elements-error']).toBeUndefined()
    expect(found.json.length).toBeGreaterThan(0)
    for (const row of found.json) expect(row.title).toBe(title)

    await mapping.map('asked', 'reports', tripFields, [off], script(body))
    expect((await mapping.onHub('GET', 'asked', query)).json).toEqual([])

    await mapping.map('asked', 'reports', tripFields, [off, where], script('done({ where: [] })'))
    const refused = await mapping.onHub('GET', 'asked', query)
    expect(refused.headers['elements-error']).toContain("no list 'where' of 2 clauses")
    expect((await mapping.onHub('GET', 'asked', { where: 'title = ' })).status).toBe(400)
  })

  it('6.2/8 finds where this server is, and nobody’s secrets', async () => {
    await mapping.map(
      'where',
      'reports',
      tripFields,
      [],
      script('done({ configuration, fromVendor, isWhere })'),
    )
    const { host, protocol } = new URL(stage.product.config.publicUrl)
    expect((await mapping.rows('where'))[0]).toEqual({
      configuration: { host, protocol: protocol.slice(0, -1), pathPrefix: '/elements/api-v2' },
      ...{ fromVendor: true, isWhere: false },
    })
  })

  it('6.2/8, 6.2/10 shows no null and only what was asked for by fields', async () => {
    const body =
      'transformedObject.none = null; transformedObject.sum.none = null; transformedObject.two = { a: 1, b: 2 }; done(transformedObject)'
    await mapping.map('nulls', 'reports', tripFields, [off], script(body))
    const [row] = await mapping.rows('nulls')
    expect(row).toMatchObject({ two: { a: 1, b: 2 } })
    expect(JSON.stringify(row)).not.toContain('none')
    expect(await mapping.rows('nulls', { fields: 'two.a' })).toContainEqual({ two: { a: 1 } })
    const page = await mapping.onHub('GET', 'nulls', { pageSize: '2', fields: 'two', where: "user='ALL'" })
    const nextPage = String(page.headers['elements-next-page-token'])
    const next = await mapping.onHub('GET', 'nulls', { pageSize: '2', nextPage })
    expect(next.json).toEqual([{ two: { a: 1, b: 2 } }, { two: { a: 1, b: 2 } }])
  })

  it('6.3/1 is tried out, in both directions', async () => {
    const body = `if (fromVendor) transformedObject.title += '!'
      else transformedObject.Name = originalObject.title.slice(0, -1)
      done(transformedObject)`
    await mapping.map('tried', 'reports', tripFields, [off], script(body))
    const tryOut = (payload: Row, more: Row = {}) =>
      ok('POST', '/transformations/tried/execute', { payload, instanceId: mapping.id, ...more })
    expect((await tryOut({ ID: 'a', Name: 'Fair', Other: 1 })).json).toEqual({ id: 'a', title: 'Fair!' })
    expect((await tryOut({ title: 'Fair!' }, { method: 'POST' })).json).toEqual({ Name: 'Fair' })
    const failed = await tryOut({ id: 'a' }, { method: 'POST' })
    expect(failed.json).toEqual({ ID: 'a' })
    expect(failed.headers['elements-error']).toContain('sent without it')
  })

  it('6.2/8 that holds a thread holds up no call without a script', async () => {
    await mapping.map('stuck', 'reports', tripFields, [off], script('for (;;);'))
    await mapping.map('free', 'reports', tripFields, [off], script('done({ free: true })'))
    const ended: string[] = []
    const stuck = mapping.onHub('GET', 'stuck').then(({ status }) => ended.push(`stuck ${status}`))
    for (const _time of [1, 2]) {
      const { status } = await mapping.onHub('GET', 'reports', { pageSize: '5' })
      ended.push(`reports ${status}`)
    }
    // One of the same organization has its turn when that one was stopped.
    const free = await mapping.onHub('GET', 'free', { pageSize: '5' })
    expect(free.json[0]).toEqual({ free: true })
    await stuck
    expect(ended).toEqual(['reports 200', 'reports 200', 'stuck 200'])
  })
})
