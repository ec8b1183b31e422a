import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addAccount } from '../support/accounts.ts'
import { ask, connect, hub } from '../support/client.ts'
import { type OrchardVendor, startOrchard } from '../support/orchard-vendor.ts'
import { asMember, connectTo, orchardElement } from '../support/posted-elements.ts'
import { type Member, type Product, startProduct } from '../support/product.ts'

let product: Product
let vendor: OrchardVendor
let branch: Member & { readonly accountId: number }
let other: Member & { readonly accountId: number }
let mine: ReturnType<typeof asMember>
let branchs: ReturnType<typeof asMember>
let others: ReturnType<typeof asMember>

beforeAll(async () => {
  vendor = await startOrchard()
  product = await startProduct({ environment: { OUTBOUND_ALLOW: '127.0.0.1' } })
  branch = await addAccount(product, 'branch')
  other = await addAccount(product, 'other')
  mine = asMember(product, product.admin)
  branchs = asMember(product, branch)
  others = asMember(product, other)
})
afterAll(async () => {
  await product?.close()
  await vendor?.close()
})

interface Resource {
  readonly id: number
  readonly path: string
  readonly method: string
}

const operation = (over: Record<string, unknown> = {}) => ({
  ...{ path: '/crates', method: 'GET', vendorPath: '/v1/crates', vendorMethod: 'GET', rootKey: '|items' },
  ...{ description: 'Search crates', type: 'api', objectName: 'crates', paginationType: 'NO_PAGINATION' },
  ...over,
})

const pathsOf = (resources: readonly Resource[]) => resources.map(({ path }) => path)

describe('an extension', () => {
  it("4/12 of the catalogue's element is seen by its account alone, in every view", async () => {
    const before = (await branchs('GET', '/elements/concur/resources')).json
    const made = await branchs('POST', '/elements/concur/resources', operation({ path: '/own-words' }))
    expect(made.status, made.text).toBe(200)
    expect(made.json).toMatchObject({ path: '/hubs/expense/own-words', method: 'GET' })
    const { id } = made.json
    const listed = (await branchs('GET', '/elements/concur/resources')).json
    expect(listed).toEqual([...before, made.json])
    expect((await branchs('GET', `/elements/concur/resources/${id}`)).json).toEqual(made.json)
    const own = await branchs('GET', '/elements/concur/resources', undefined, { accountOnly: 'true' })
    expect(own.json).toEqual([made.json])
    expect((await branchs('GET', '/elements/concur')).json).toMatchObject({ extended: true, private: false })
    const exported = await branchs('GET', '/elements/concur/export', undefined, { extendedOnly: 'true' })
    expect(exported.json.resources).toEqual([made.json])
    const extended = await branchs('GET', '/elements', undefined, { where: "extended='true'" })
    expect(extended.json.map(({ key }: { key: string }) => key)).toEqual(['concur'])
    for (const call of [mine, others]) {
      expect(pathsOf((await call('GET', '/elements/concur/resources')).json)).toEqual(pathsOf(before))
      expect((await call('GET', `/elements/concur/resources/${id}`)).status).toBe(404)
      expect((await call('PUT', `/elements/concur/resources/${id}`, operation())).status).toBe(404)
      expect((await call('DELETE', `/elements/concur/resources/${id}`)).status).toBe(404)
      expect((await call('GET', '/elements/concur')).json).toMatchObject({ extended: false })
      expect(
        (await call('GET', '/elements/concur/resources', undefined, { accountOnly: 'true' })).json,
      ).toEqual([])
    }
    expect((await branchs('DELETE', `/elements/concur/resources/${id}`)).status).toBe(200)
    expect((await branchs('GET', '/elements/concur/resources')).json).toEqual(before)
  })

  it('4/12 may stand below a row, or do something else with a row, and leaves the rest as it is', async () => {
    const below = operation({ path: '/reports/{id}/words', vendorPath: '/v1/words/{id}' })
    const onRow = operation({ path: '/reports/{id}', method: 'POST', vendorPath: '/v1/words/{id}' })
    for (const one of [below, onRow]) {
      const made = await branchs('POST', '/elements/concur/resources', one)
      expect(made.status, made.text).toBe(200)
    }
    const headers = hub(branch, (await connect(product, branch)).json.token)
    const path = `${product.url}/hubs/expense/reports`
    const listed = await ask(path, { headers, query: { pageSize: '1' } })
    expect(listed.status, listed.text).toBe(200)
    const { ID } = listed.json[0]
    expect((await ask(`${path}/${ID}`, { headers })).json).toMatchObject({ ID })
    const words = await ask(`${path}/${ID}/words`, { headers })
    expect([words.status, words.json.hop], words.text).toEqual([404, 'provider'])
  })

  it("9/1 4/12 is documented for its account alone, and called through its account's instances", async () => {
    const own = operation({ path: '/catalogued', vendorPath: '/list/v4/lists', rootKey: '|content' })
    const { json: made } = await branchs('POST', '/elements/concur/resources', own)
    const pathsIn = async (call: ReturnType<typeof asMember>) =>
      Object.keys((await call('GET', '/elements/concur/docs')).json.paths)
    expect(await pathsIn(branchs)).toContain('/catalogued')
    expect(await pathsIn(mine)).not.toContain('/catalogued')
    const [ofBranch, ofMain] = [await connect(product, branch), await connect(product, product.admin)]
    const reply = await ask(`${product.url}/catalogued`, {
      headers: hub(branch, ofBranch.json.token),
    })
    expect(reply.status, reply.text).toBe(200)
    expect(reply.json[0]).toMatchObject({ id: expect.any(String), levelCount: expect.any(Number) })
    const reports = await ask(`${product.url}/reports`, { headers: hub(branch, ofBranch.json.token) })
    expect(reports.status).toBe(200)
    const without = await ask(`${product.url}/hubs/expense/catalogued`, {
      headers: hub(product.admin, ofMain.json.token),
    })
    expect(without.status).toBe(404)
    await branchs('DELETE', `/elements/concur/resources/${made.id}`)
    const gone = await ask(`${product.url}/hubs/expense/catalogued`, {
      headers: hub(branch, ofBranch.json.token),
    })
    expect(gone.status).toBe(404)
  })

  it("4/12 with the element's own path replaces it for its account", async () => {
    await mine('POST', '/elements', orchardElement(vendor.url, { key: 'common' }))
    const over = operation({ path: '/trees', vendorPath: '/v2/trees', objectName: 'trees' })
    const made = await branchs('POST', '/elements/common/resources', over)
    expect(made.status, made.text).toBe(200)
    const listed = (await branchs('GET', '/elements/common/resources')).json as Resource[]
    expect(listed.filter(({ method, path }) => method === 'GET' && path.endsWith('/trees'))).toEqual([
      made.json,
    ])
    const trees = async (member: Member) => {
      const { json } = await connectTo(product, member, 'common')
      return (await ask(`${product.url}/trees`, { headers: hub(member, json.token) })).json[0]
    }
    expect(await trees(branch)).toMatchObject({ version: 2 })
    expect(await trees(product.admin)).not.toHaveProperty('version')
    expect((await branchs('GET', '/elements/common/resources')).json).toHaveLength(2)
  })

  it("4/12 has parameters, hooks and a model; those of the element's own resources are not found", async () => {
    const { json: made } = await branchs('POST', '/elements/concur/resources', operation({ path: '/parts' }))
    const of = (id: number, path: string): string => `/elements/concur/resources/${id}${path}`
    const [system] = (await branchs('GET', '/elements/concur/resources')).json
    for (const [path, body] of [
      ['/parameters', { name: 'a', type: 'query' }],
      ['/hooks', { type: 'preRequest', body: 'done()' }],
    ] as const) {
      const part = await branchs('POST', of(made.id, path), body)
      expect(part.status, part.text).toBe(200)
      expect((await branchs('PUT', of(made.id, `${path}/${part.json.id}`), body)).status).toBe(200)
      expect((await branchs('POST', of(system.id, path), body)).status, path).toBe(404)
      expect((await branchs('PUT', of(system.id, `${path}/1`), body)).status, path).toBe(404)
      expect((await branchs('DELETE', of(system.id, `${path}/1`))).status, path).toBe(404)
    }
    expect((await branchs('POST', of(made.id, '/models'), { name: 'm' })).status).toBe(200)
    for (const method of ['POST', 'PUT', 'DELETE']) {
      const body = method === 'DELETE' ? undefined : { name: 'm' }
      expect((await branchs(method, of(system.id, '/models'), body)).status).toBe(404)
    }
    expect((await branchs('PUT', of(system.id, ''), operation())).status).toBe(404)
    expect((await branchs('DELETE', of(system.id, ''))).status).toBe(404)
    await branchs('DELETE', of(made.id, ''))
  })

  it("4/12 is all that can be changed of the catalogue's elements; else a clone is to be made", async () => {
    for (const [method, path, body] of [
      ['PUT', '/elements/concur', orchardElement(vendor.url, { key: 'concur' })],
      ['DELETE', '/elements/concur', undefined],
      ['DELETE', '/elements/concur/active', undefined],
      ['POST', '/elements/concur/configuration', { key: 'own', name: 'own' }],
      ['POST', '/elements/concur/hooks', { type: 'preRequest', body: '' }],
      ['PUT', '/elements/concur/models', { name: 'm' }],
    ] as const) {
      const reply = await mine(method, path, body)
      expect(reply.status, `${method} ${path}: ${reply.text}`).toBe(403)
      expect(reply.json.message).toMatch(/clone/)
    }
  })
})

describe('an element of one account', () => {
  it('4/6 is seen by it and the main account, and by those that it is shared with', async () => {
    const made = await branchs('POST', '/elements', orchardElement(vendor.url, { key: 'branchs' }))
    expect(made.status, made.text).toBe(200)
    const path = `/elements/${made.json.id}`
    expect((await mine('GET', path)).status).toBe(200)
    expect((await others('GET', path)).status).toBe(404)
    expect((await connectTo(product, other, 'branchs')).status).toBe(404)
    expect((await others('PUT', `${path}/accounts/${other.accountId}`)).status).toBe(404)
    expect((await branchs('GET', `${path}/accounts`)).json).toEqual([])
    const shared = await branchs('PUT', `${path}/accounts/${other.accountId}`)
    expect(shared.json).toEqual([other.accountId])
    expect((await branchs('GET', `${path}/accounts`)).json).toEqual([other.accountId])
    expect((await others('GET', '/elements/keys')).json).toContain('branchs')
    expect((await others('GET', path)).status).toBe(200)
    expect((await others('PUT', path, orchardElement(vendor.url, { key: 'branchs' }))).status).toBe(403)
    expect((await others('DELETE', path)).status).toBe(403)
    const { json: instance } = await connectTo(product, other, 'branchs')
    expect((await branchs('DELETE', `${path}/accounts/${other.accountId}`)).status).toBe(200)
    expect((await branchs('DELETE', `${path}/accounts/${other.accountId}`)).status).toBe(404)
    expect((await others('GET', path)).status).toBe(404)
    const goesOn = await ask(`${product.url}/trees`, { headers: hub(other, instance.token) })
    expect(goesOn.status).toBe(200)
    expect((await others('GET', `/instances/${instance.id}`)).status).toBe(200)
  })

  it('4/6 is shared with accounts of its own organization only', async () => {
    await branchs('POST', '/elements', orchardElement(vendor.url, { key: 'unshared' }))
    for (const account of [1, 999_999]) {
      const reply = await branchs('PUT', `/elements/unshared/accounts/${account}`)
      expect(reply.status).toBe(403)
    }
    expect((await branchs('GET', '/elements/unshared/accounts')).json).toEqual([])
  })

  it('4/6 of the main account is seen by all of its organization, and changed by it alone', async () => {
    await mine('POST', '/elements', orchardElement(vendor.url, { key: 'everybodys' }))
    expect((await others('GET', '/elements/everybodys')).status).toBe(200)
    expect((await others('DELETE', '/elements/everybodys')).status).toBe(403)
    const clone = await others('POST', '/elements/everybodys/clone')
    expect((await others('DELETE', `/elements/${clone.json.key}`)).status).toBe(200)
    expect((await mine('DELETE', '/elements/branchs/active')).status).toBe(200)
  })
})
