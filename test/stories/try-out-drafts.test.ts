import { beforeEach, describe, expect, it } from 'vitest'
import { type Mapping, off, onMapping } from '../support/mapping.ts'

let mapping: Mapping

onMapping((made) => {
  ;({ mapping } = made)
})

const row = { ID: 'a', Name: 'n', Total: 3 }
const wide = '/organizations/elements/concur/transformations/drafts'
const draft = {
  vendorName: 'reports',
  fields: [
    { path: 'key', vendorPath: 'ID' },
    { path: 'sum.amount', type: 'number', vendorPath: 'Total' },
  ],
  configuration: [off],
}

const tried = async (body: Record<string, unknown>) =>
  mapping.call('POST', '/transformations/drafts/execute', { payload: row, ...body })

const shown = async (body: Record<string, unknown>): Promise<unknown> => {
  const answer = await tried(body)
  expect(answer.status, answer.text).toBe(200)
  return answer.json
}

describe('a transformation that is not stored', () => {
  beforeEach(async () => {
    for (const place of [`/instances/${mapping.id}`, '/accounts/elements/concur'])
      await mapping.call('DELETE', `${place}/transformations`)
    await mapping.call('DELETE', wide)
    for (const place of [`/instances/${mapping.id}`, '/accounts', '/organizations'])
      await mapping.call('DELETE', `${place}/objects/definitions`)
    await mapping.call('POST', '/organizations/objects/drafts/definitions', { fields: [] })
  })

  it('6.3/1 is tried both ways at each level, and stores nothing', async () => {
    const { id } = mapping
    for (const at of [
      { instanceId: id, transformation: draft },
      { instanceId: id, transformation: { ...draft, level: 'instance' } },
      { instanceId: id, transformation: { ...draft, level: 'account' } },
      { elementId: 'concur', transformation: draft },
      { elementId: 'concur', transformation: { ...draft, level: 'account' } },
      { elementId: 'concur', transformation: { ...draft, level: 'organization' } },
    ]) {
      expect(await shown(at)).toEqual({ key: 'a', sum: { amount: 3 } })
      expect(await shown({ ...at, method: 'POST', payload: { key: 'b', sum: { amount: 4 } } })).toEqual({
        ...{ ID: 'b', Total: 4 },
      })
    }
    expect((await tried({ instanceId: id })).status).toBe(404)
    expect((await mapping.onHub('GET', 'drafts')).status).toBe(404)
  })

  it('6.3/1, 6.2/4 takes the place of what its level has, and inherits from above alone', async () => {
    const { id, call } = mapping
    await call('POST', wide, { ...draft, fields: [{ path: 'title', vendorPath: 'Name' }] })
    await call('POST', `/instances/${id}/transformations/drafts`, {
      ...{ vendorName: 'reports', fields: [{ path: 'old', vendorPath: 'ID' }], configuration: [off] },
    })
    const inherits = { ...draft, configuration: [{ type: 'inherit' }] }
    expect(await shown({ instanceId: id, transformation: inherits })).toEqual({
      ...{ title: 'n', key: 'a', sum: { amount: 3 } },
    })
    const own = { ...draft, level: 'organization' }
    expect(await shown({ instanceId: id, transformation: own })).toEqual({ key: 'a', sum: { amount: 3 } })
    expect(await shown({ instanceId: id })).toEqual({ old: 'a' })
    const read = (await call('GET', `/instances/${id}/transformations/drafts`)).json
    expect(await shown({ instanceId: id, transformation: read })).toEqual({ old: 'a' })
  })

  it('6.3/1 is refused as it would be when it is stored', async () => {
    const { id, call } = mapping
    const path = `/instances/${id}/transformations/drafts`
    for (const change of [
      { vendorName: 'reportz' },
      { fields: [{ path: 'a[0]', vendorPath: 'ID' }] },
      { fields: [{ path: 'a' }, { path: 'a' }] },
      { configuration: [{ type: 'nonsense' }] },
    ]) {
      const stored = await call('POST', path, { ...draft, ...change })
      const refused = await tried({ instanceId: id, transformation: { ...draft, ...change } })
      expect(refused.status, refused.text).toBe(stored.status)
      expect(refused.status).toBe(400)
      expect(refused.json.message).toBe(stored.json.message)
    }
    await call('POST', path, draft)
    const legacy = await tried({ instanceId: id, transformation: { ...draft, isLegacy: true } })
    expect(legacy.status).toBe(400)
    expect(legacy.json.message).toContain('isLegacy')
    const nameless = { elementId: 'concur', transformation: { ...draft, level: 'instance' } }
    expect((await tried(nameless)).json.message).toContain('instanceId')
    const noElement = { elementId: 'nothing', transformation: draft }
    expect((await tried(noElement)).status).toBe(404)
    const undefinedName = await call('POST', '/transformations/never/execute', {
      ...{ payload: row, instanceId: id, transformation: draft },
    })
    expect(undefinedName.status).toBe(404)
    expect(undefinedName.json.message).toContain('POST it first')
  })
})
