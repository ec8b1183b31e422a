import { describe, expect, it } from 'vitest'
import { type Given, joinKey, type Resource, splitKey } from '#src/element/index.ts'
import { apples, type ConnectionOptions, onSmallVendor } from '../../test/support/small-vendor.ts'

const { vendor, engine, connect } = await onSmallVendor()

const open = (resource: Resource, options?: ConnectionOptions) => connect(resource, options).connection
const remove = (resource: Resource, id: string, given: Given = {}) =>
  engine.remove(open(resource), resource, { id, given })

const sent = () => vendor.received().map(({ method, path }) => `${method} ${path}`)
const retrieve = { method: 'GET', path: '/apples/{id}' } as const

describe('an id that is made of several fields', () => {
  const given: Given[] = []
  const resource = apples({
    key: 'id',
    keyOf: ['Sort', 'Crate'],
    fields: {
      id: { type: 'text', access: 'read' },
      Sort: { type: 'text', access: 'once' },
      Crate: { type: 'text', access: 'once' },
    },
    verbs: {
      search: { method: 'GET', path: '/apples', rows: 'list' },
      retrieve: { method: 'GET', path: '/sorts/{Sort}/crates/{Crate}' },
      remove: {
        ...{ kind: 'coded', why: 'a test', method: 'DELETE', path: '/apples' },
        run: async (_port, input) => {
          given.push(input.given)
        },
      },
    },
  })

  it.each([
    [['a', 'b']],
    [['a~b', '~']],
    [['100%', '%7E%25']],
    [["it's/..", 'ü ?#&']],
    [['', 'b']],
    [['a', '']],
    [[17, 0]],
  ])('leads back to them: %j', async ([Sort = '', Crate = '']) => {
    vendor.answer(({ path }) => ({
      body: path === '/apples' ? { list: [{ Sort, Crate }] } : { Sort, Crate },
    }))
    const { json } = await engine.searchText(open(resource), resource, {}, false)
    const [row] = JSON.parse(json.toString()) as { id: string }[]
    const id = row?.id ?? ''
    expect(splitKey(id)).toEqual([String(Sort), String(Crate)])
    expect(joinKey(splitKey(id))).toBe(id)
    expect(
      JSON.parse(String(await engine.retrieveText(open(resource), resource, { id }, '', false))),
    ).toEqual(row)
    const parts = [Sort, Crate].map((part) => encodeURIComponent(part))
    expect(sent().at(-1)).toBe(`GET /sorts/${parts[0]}/crates/${parts[1]}`)
    await remove(resource, id)
    expect(given.at(-1)).toEqual({ Sort: String(Sort), Crate: String(Crate) })
  })

  it('finds its row in a query', async () => {
    vendor.answer(() => ({ body: { Sort: 'a', Crate: 'b' } }))
    const { json } = await engine.searchText(open(resource), resource, { where: "id = 'a~b'" }, false)
    expect(JSON.parse(json.toString())).toEqual([{ id: 'a~b', Sort: 'a', Crate: 'b' }])
    expect(sent()).toEqual(['GET /sorts/a/crates/b'])
  })

  it.each(['a', 'a~b~c', ''])('is none with another number of parts: %j', async (id) => {
    const asked = { code: 'provider-not-found' }
    await expect(engine.retrieveText(open(resource), resource, { id }, '', false)).rejects.toMatchObject(
      asked,
    )
    await expect(remove(resource, id)).rejects.toMatchObject(asked)
    expect(vendor.received()).toEqual([])
  })
})

describe('a removal that names fields of the row', () => {
  const call = {
    method: 'DELETE',
    path: '/trees/{TreeID}/people/{personId}/apples/{Number}',
    readFirst: true,
  } as const
  const resource = apples({
    verbs: { retrieve, remove: call },
    address: [{ name: 'personId', description: 'Whose.' }],
  })

  it('reads it before, takes numbers too, and the rest from the address', async () => {
    vendor.answer(({ method }) =>
      method === 'GET' ? { body: { ID: 'a', TreeID: 't/1', Number: 5 } } : { status: 204 },
    )
    await remove(resource, 'a', { personId: 'kim' })
    expect(sent()).toEqual(['GET /apples/a', 'DELETE /trees/t%2F1/people/kim/apples/5'])
    await expect(remove(resource, 'a')).rejects.toMatchObject({ code: 'bad-request' })
  })

  it('removes nothing where the row lacks one', async () => {
    vendor.answer(() => ({ body: { ID: 'a', TreeID: null, Number: 5 } }))
    await expect(remove(resource, 'a', { personId: 'kim' })).rejects.toMatchObject({
      code: 'provider-failed',
      message: expect.stringContaining('TreeID'),
    })
    expect(sent()).toEqual(['GET /apples/a'])
  })
})
