import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ElementConfigReply, ElementConfigurationReply, ElementResourceReply } from '#src/contract/index.ts'
import { ask, hub } from '../support/client.ts'
import { type OrchardVendor, startOrchard } from '../support/orchard-vendor.ts'
import { asMember, connectTo, orchardElement } from '../support/posted-elements.ts'
import { type Product, startProduct } from '../support/product.ts'

let product: Product
let vendor: OrchardVendor
let call: ReturnType<typeof asMember>

beforeAll(async () => {
  vendor = await startOrchard()
  product = await startProduct({ environment: { OUTBOUND_ALLOW: '127.0.0.1' } })
  call = asMember(product, product.admin)
  await ok('POST', '/elements', orchardElement(vendor.url))
})
afterAll(async () => {
  await product?.close()
  await vendor?.close()
})

const at = (path: string): string => `/elements/acmeorchard${path}`

/** The body of a call that succeeds. */
const ok = async (method: string, path: string, body?: unknown) => {
  const reply = await call(method, path, body)
  expect(reply.status, `${method} ${path}: ${reply.text}`).toBe(200)
  return reply.json
}

const refused = async (method: string, path: string, body: unknown, status: number, message: RegExp) => {
  const reply = await call(method, path, body)
  expect(reply.status, `${method} ${path}: ${reply.text}`).toBe(status)
  expect(reply.json.message).toMatch(message)
}

const cratesResource = {
  ...{ path: '/crates', method: 'get', vendorPath: '/v1/crates', vendorMethod: 'GET', rootKey: '|items' },
  ...{ description: 'Search crates', type: 'api', objectName: 'crates', paginationType: 'NO_PAGINATION' },
}

describe('the parts of an element', () => {
  it('4/5 are configuration keys, told as an object, changed and removed by their key', async () => {
    const made = await ok('POST', at('/configuration'), {
      ...{ key: 'acme.region', name: 'Region', description: 'Where', type: 'COMBO', required: true },
      options: [{ value: 'eu' }],
    })
    expect(ElementConfigReply.safeParse(made).error?.issues ?? []).toEqual([])
    expect(made).toMatchObject({ key: 'acme.region', options: [{ value: 'eu', description: 'eu' }] })
    const all = await ok('GET', at('/configuration'))
    expect(ElementConfigurationReply.safeParse(all).error?.issues ?? []).toEqual([])
    expect(all.configuration).toContainEqual(made)
    const put = await ok('PUT', at('/configuration/acme.region'), { name: 'Data centre', defaultValue: 'eu' })
    expect(put).toMatchObject({ id: made.id, key: 'acme.region', name: 'Data centre', defaultValue: 'eu' })
    await refused('POST', at('/configuration'), { key: 'acme.region', name: 'twice' }, 409, /acme\.region/)
    await ok('DELETE', at('/configuration/acme.region'))
    await refused('DELETE', at('/configuration/acme.region'), undefined, 404, /configuration/)
    await refused('DELETE', at('/configuration/base.url'), undefined, 400, /base\.url/)
    await refused('PUT', at('/configuration/base.url'), { defaultValue: '' }, 400, /base\.url/)
  })

  it('4/7 are resources, which are called as soon as they are there', async () => {
    const { json: instance } = await connectTo(product, product.admin, 'acmeorchard')
    const crates = () =>
      ask(`${product.url}/hubs/farming/crates`, { headers: hub(product.admin, instance.token) })
    expect((await crates()).status).toBe(404)
    const made = await ok('POST', at('/resources'), cratesResource)
    expect(ElementResourceReply.safeParse(made).error?.issues ?? []).toEqual([])
    expect(made).toMatchObject({ path: '/hubs/farming/crates', method: 'GET', object: { name: 'crates' } })
    expect((await crates()).json).toMatchObject([{ id: '7' }])
    expect(await ok('GET', at(`/resources/${made.id}`))).toEqual(made)
    await refused('POST', at('/resources'), cratesResource, 409, /GET \/hubs\/farming\/crates/)
    const put = await ok('PUT', at(`/resources/${made.id}`), { ...cratesResource, description: 'Crates' })
    expect(put).toMatchObject({ id: made.id, description: 'Crates' })
    await ok('DELETE', at(`/resources/${made.id}`))
    expect((await crates()).status).toBe(404)
    await refused('GET', at(`/resources/${made.id}`), undefined, 404, /resource/)
    await refused('POST', at('/resources'), { path: '/x' }, 400, /method/)
  })

  it.each([
    [
      '4/8',
      '/parameters',
      { name: 'a', type: 'query', vendorName: 'b', vendorType: 'header' },
      { name: 'c' },
    ],
    ['4/9', '/hooks', { type: 'preRequest', body: 'this is not checked {' }, { type: 'postRequest' }],
    ['4/11', '/models', { name: 'trees', vendorName: 'Tree', modelFields: [] }, { name: 'bushes' }],
    ['4/2', '/objects', { name: 'crates', primaryKeyName: 'id' }, { vendorName: 'Crate' }],
  ])('%s are its %s: added, listed, read, replaced, removed', async (_row, path, body, change) => {
    const before = await ok('GET', at(path))
    const made = await ok('POST', at(path), body)
    expect(made).toMatchObject({ ...body, id: expect.any(Number) })
    expect(await ok('GET', at(path))).toEqual([...before, made])
    expect(await ok('GET', at(`${path}/${made.id}`))).toEqual(made)
    const changed = await ok('PUT', at(`${path}/${made.id}`), { ...body, ...change, id: 1 })
    expect(changed).toMatchObject({ ...change, id: made.id })
    expect(await ok('GET', at(path))).toEqual([...before, changed])
    await ok('DELETE', at(`${path}/${made.id}`))
    expect(await ok('GET', at(path))).toEqual(before)
    for (const method of ['GET', 'DELETE'])
      await refused(method, at(`${path}/${made.id}`), undefined, 404, /found with id/)
    await refused('PUT', at(`${path}/${made.id}`), body, 404, /found with id/)
  })

  it('4/8 and 4/9 are parameters and hooks of a resource as well', async () => {
    const { id } = await ok('POST', at('/resources'), { ...cratesResource, path: '/boxes' })
    for (const [path, body] of [
      [`/resources/${id}/parameters`, { name: 'a', type: 'query' }],
      [`/resources/${id}/hooks`, { type: 'preRequest', body: 'done()' }],
    ] as const) {
      const made = await ok('POST', at(path), body)
      const put = await ok('PUT', at(`${path}/${made.id}`), { ...body, description: 'told' })
      expect(put).toMatchObject({ ...body, id: made.id, description: 'told' })
      expect(await ok('GET', at(path))).toEqual([put])
      const resource = await ok('GET', at(`/resources/${id}`))
      expect([...resource.parameters, ...resource.hooks].map((part: { id: number }) => part.id)).toContain(
        made.id,
      )
      await ok('DELETE', at(`${path}/${made.id}`))
      expect(await ok('GET', at(path))).toEqual([])
    }
    await refused('POST', at('/resources/999999999/hooks'), { type: 'x', body: '' }, 404, /resource/)
  })

  it('4/9 hooks leave the legacy engine, and do not go back', async () => {
    const hook = { type: 'preRequest', body: 'return {}' }
    const legacy = await ok('POST', at('/hooks'), { ...hook, isLegacy: true })
    expect(legacy.isLegacy).toBe(true)
    expect(await ok('PUT', at(`/hooks/${legacy.id}`), { ...hook, isLegacy: false })).toMatchObject({
      isLegacy: false,
    })
    await refused('PUT', at(`/hooks/${legacy.id}`), { ...hook, isLegacy: true }, 400, /isLegacy/)
    const unsaid = await ok('POST', at('/hooks'), hook)
    expect(unsaid).toMatchObject({ isLegacy: false, mimeType: 'application/javascript' })
    await refused('PUT', at(`/hooks/${unsaid.id}`), { ...hook, isLegacy: true }, 400, /isLegacy/)
    const whole = await ok('GET', at(''))
    const hooks = whole.hooks.map((one: object) => ({ ...one, isLegacy: true }))
    await refused('PUT', at(''), { ...whole, hooks }, 400, /isLegacy/)
  })

  it('4/10 a resource has one model, on the path of its models', async () => {
    const { id } = await ok('POST', at('/resources'), { ...cratesResource, path: '/sacks' })
    const path = at(`/resources/${id}/models`)
    await refused('GET', path, undefined, 404, /no model/)
    const model = { name: 'sacks', swagger: { sacks: { properties: { id: { type: 'string' } } } } }
    const made = await ok('POST', path, model)
    expect(made).toMatchObject(model)
    expect(await ok('GET', path)).toEqual(made)
    expect(await ok('PUT', path, { ...model, requestName: 'sack' })).toEqual({ ...made, requestName: 'sack' })
    expect((await ok('GET', at(`/resources/${id}`))).model).toMatchObject({ requestName: 'sack' })
    await ok('DELETE', path)
    await refused('DELETE', path, undefined, 404, /model/)
  })

  it('4/11 PUT on the models changes one by number or name, or adds it; its resources are replaced', async () => {
    const [first, second] = (await ok('GET', at('/resources'))).map(({ id }: { id: number }) => ({ id }))
    const made = await ok('PUT', at('/models'), { name: 'roots', resources: [first, second] })
    expect(made.resources).toEqual([first, second])
    const named = await ok('PUT', at('/models'), { name: 'roots', resources: [second] })
    expect(named).toMatchObject({ id: made.id, resources: [second] })
    const numbered = await ok('PUT', at('/models'), { id: made.id, name: 'deep roots', resources: [] })
    expect(numbered).toMatchObject({ id: made.id, name: 'deep roots', resources: [] })
    expect(await ok('GET', at('/models'))).toEqual([numbered])
  })

  it('4/2 has objects with fields, each with a number', async () => {
    const [{ id }] = await ok('GET', at('/objects'))
    const path = at(`/objects/${id}/fields`)
    const made = await ok('POST', path, { name: 'height', type: 'number' })
    expect(await ok('PUT', `${path}/${made.id}`, { name: 'height', type: 'integer' })).toEqual({
      ...made,
      type: 'integer',
    })
    expect(await ok('GET', path)).toEqual([{ ...made, type: 'integer' }])
    await ok('DELETE', `${path}/${made.id}`)
  })

  it('4/1 tell the logins with what each needs, and the version, which grows with every change', async () => {
    const [login] = await ok('GET', at('/authentication-types'))
    expect(login.type).toBe('oauth2')
    const needed = await ok('GET', at('/authentication-types/oauth2/configurations'))
    expect(needed.map(({ key }: { key: string }) => key)).toContain('oauth.api.key')
    await refused('GET', at('/authentication-types/nothing/configurations'), undefined, 404, /oauth2/)
    const legacy = await ok('GET', '/elements/concur/authentication-types/company/configurations')
    const keys = legacy.map(({ key }: { key: string }) => key)
    expect(keys).toContain('concur.company.id')
    expect(keys).not.toContain('oauth.callback.url')
    const [{ version }] = await ok('GET', at('/versions'))
    await ok('DELETE', at('/active'))
    await ok('PUT', at('/active'))
    expect(await ok('GET', at('/versions'))).toMatchObject([{ version: version + 2, active: true }])
  })
})
