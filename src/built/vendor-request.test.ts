import { describe, expect, it } from 'vitest'
import { ElementJson } from '#src/contract/index.ts'
import type { Asked } from './asked.ts'
import { operationsOf } from './operation.ts'
import { configuredOf } from './values.ts'
import { draftOf } from './vendor-request.ts'

const nothing: Asked = { path: {}, query: {}, headers: {}, body: undefined, where: null }

const draft = (
  resource: object,
  asked: Partial<Asked>,
  configured: Readonly<Record<string, string>> = {},
) => {
  const json = ElementJson.parse({
    name: 'x',
    authentication: { type: 'custom' },
    resources: [{ path: '/things/{id}', method: 'GET', ...resource }],
  })
  const [operation] = operationsOf(json).ofHub
  if (operation === undefined) throw new Error('there is no operation')
  const port = { configured: (key: string) => configured[key] }
  return draftOf(operation, { ...nothing, ...asked }, configuredOf(port, {}))
}

describe('what a posted element asks of its vendor', () => {
  it.each(['.', '..'])('leads nowhere else for a row that is called %s', (id) => {
    expect(() => draft({ vendorPath: '/v1/things/{id}' }, { path: { id } })).toThrow("'.' or '..'")
    expect(() => draft({ vendorPath: '/v1/{a}{id}/x' }, { path: { id: '.' } }, { a: '.' })).toThrow()
  })

  it('has each value encoded in its path and whole in its query', () => {
    const made = draft(
      { vendorPath: '/v1/things/{id}/{tenant}?kind={kind}&of=all' },
      { path: { id: '../a b?x#y' } },
      { tenant: 'ü/1', kind: 'a&admin=1' },
    )
    expect(made.path).toBe('/v1/things/..%2Fa%20b%3Fx%23y/%C3%BC%2F1')
    expect(made.query).toEqual({ kind: 'a&admin=1', of: 'all' })
  })

  it('names a brace that nothing fills, and takes nothing that every object has', () => {
    expect(() => draft({ vendorPath: '/v1/{constructor}/{id}' }, { path: { id: '1' } })).toThrow(
      'constructor',
    )
    const parameters = [{ name: 'toString', vendorName: 't', type: 'query', vendorType: 'query' }]
    expect(draft({ parameters }, { path: { id: '1' } }).query).toEqual({})
  })
})
