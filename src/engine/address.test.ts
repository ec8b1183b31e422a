import { describe, expect, it } from 'vitest'
import type { Given, Resource } from '#src/element/index.ts'
import type { JsonObject } from '#src/lib/json.ts'
import { apples, type ConnectionOptions, onSmallVendor } from '../../test/support/small-vendor.ts'
import type { SearchInput } from './index.ts'

const { vendor, engine, connect } = await onSmallVendor()

const treeId = {
  name: 'treeId',
  description: 'Id of the tree.',
  neededBy: ['search', 'retrieve', 'create', 'update', 'remove'],
} as const
const path = '/trees/{treeId}/apples'

const onTree = apples({
  address: [treeId, { name: 'gardener', description: 'Who picks.' }],
  verbs: {
    search: { method: 'GET', path, rows: 'list' },
    retrieve: { method: 'GET', path: `${path}/{id}` },
    create: { method: 'POST', path, newId: { kind: 'field', name: 'ID' } },
    update: { method: 'PATCH', path: `${path}/{id}` },
    remove: { method: 'DELETE', path: `${path}/{id}` },
  },
})

const list = (resource: Resource, input: SearchInput, options?: ConnectionOptions) =>
  engine.searchText(connect(resource, options).connection, resource, input, false)

const rowsOf = async (resource: Resource, input: SearchInput, options?: ConnectionOptions) =>
  JSON.parse((await list(resource, input, options)).json.toString()) as JsonObject[]

const get = async (resource: Resource, id: string, given: Given = {}, options?: ConnectionOptions) =>
  JSON.parse(
    String(
      await engine.retrieveText(connect(resource, options).connection, resource, { id, given }, '', false),
    ),
  ) as JsonObject

const create = (resource: Resource, body: JsonObject, given: Given = {}) =>
  engine.create(connect(resource).connection, resource, body, given)

const sent = () => vendor.received().map(({ method, path: at }) => `${method} ${at}`)
const last = () => vendor.received().at(-1)

const oneApple = () => vendor.answer(() => ({ body: { list: [{ ID: 'a' }], ID: 'a' } }))

describe('a part of the address', () => {
  it('of a list is said beside the query or in it', async () => {
    oneApple()
    for (const input of [
      { given: { treeId: 't 1' } },
      { where: "treeId = 't 1'" },
      { where: "(treeId='t 1')" },
    ])
      expect(await rowsOf(onTree, input)).toEqual([{ id: 'a', ID: 'a' }])
    expect(sent()).toEqual(Array.from({ length: 3 }, () => 'GET /trees/t%201/apples'))
    expect(last()?.query).toEqual([])
  })

  it('leaves the rest of the query, and the place of its errors, as the caller wrote it', async () => {
    vendor.answer(() => ({
      body: {
        list: [
          { ID: 'a', Weight: 1 },
          { ID: 'b', Weight: 3 },
        ],
      },
    }))
    const { connection, said } = connect(onTree)
    const heavy = await engine.searchText(
      connection,
      onTree,
      { given: { treeId: 't' }, where: "Weight > 2 or ID = 'z'" },
      false,
    )
    expect(JSON.parse(heavy.json.toString())).toEqual([{ id: 'b', ID: 'b', Weight: 3 }])
    expect(said.plan).toContain("provider: treeId='t'")
    await expect(list(onTree, { given: { treeId: 't' }, where: 'Weight >' })).rejects.toThrow(/position 9/)
  })

  it('is 400 where it is missing, with what it is', async () => {
    const asked = {
      code: 'bad-request',
      message: expect.stringMatching(/^treeId: apples needs it.*Id of the tree\./),
    }
    await expect(list(onTree, {})).rejects.toMatchObject(asked)
    await expect(get(onTree, 'a')).rejects.toMatchObject(asked)
    await expect(create(onTree, { Name: 'x' })).rejects.toMatchObject(asked)
    await expect(create(onTree, { Name: 'x', treeId: '' })).rejects.toMatchObject(asked)
    const { connection } = connect(onTree)
    await expect(engine.update(connection, onTree, { id: 'a' }, { Name: 'x' })).rejects.toMatchObject(asked)
    await expect(engine.remove(connection, onTree, { id: 'a' })).rejects.toMatchObject(asked)
    expect(vendor.received()).toEqual([])
  })

  it('is needed although only a parameter of the call names it', async () => {
    const call = { method: 'DELETE', path: '/apples/{id}', query: { tree: '{treeId}' } } as const
    const resource = apples({ address: [treeId], verbs: { remove: call } })
    const { connection } = connect(resource)
    await expect(engine.remove(connection, resource, { id: 'a' })).rejects.toMatchObject({
      code: 'bad-request',
    })
    expect(vendor.received()).toEqual([])
    vendor.answer(() => ({ status: 204 }))
    await engine.remove(connection, resource, { id: 'a', given: { treeId: 't&1' } })
    expect(last()?.query).toEqual([['tree', 't&1']])
  })

  it.each([
    "treeId = 't' or Name = 'x'",
    "not (treeId = 't')",
    "treeId in ('t', 'u')",
    "treeId like 't%'",
    'treeId is null',
    "treeId > 't'",
    "treeId = 't' and treeId = 'u'",
    "treeId = ''",
  ])('is refused where it could not reach the vendor whole: %s', async (where) => {
    await expect(list(onTree, { where })).rejects.toMatchObject({
      code: 'bad-query',
      message: expect.stringContaining('treeId'),
    })
    expect(vendor.received()).toEqual([])
  })

  it('that is said twice must be the same', async () => {
    oneApple()
    await list(onTree, { given: { treeId: 't' }, where: "treeId = 't' and Name is null" })
    await expect(list(onTree, { given: { treeId: 't' }, where: "treeId = 'u'" })).rejects.toMatchObject({
      code: 'bad-query',
    })
  })

  it('goes out as one segment of the path, whatever is in it', async () => {
    oneApple()
    await get(onTree, "x/y'z", { treeId: "../a?b#c'd%2F" })
    expect(sent()).toEqual(["GET /trees/..%2Fa%3Fb%23c'd%252F/apples/x%2Fy'z"])
    await rowsOf(onTree, { given: { treeId: "it's ~" } })
    expect(sent().at(-1)).toBe("GET /trees/it's%20~/apples")
  })

  it.each(['.', '..'])('that is %s names nothing and reaches nobody', async (odd) => {
    await expect(get(onTree, 'a', { treeId: odd })).rejects.toMatchObject({ code: 'provider-not-found' })
    await expect(get(onTree, odd, { treeId: 't' })).rejects.toMatchObject({ code: 'provider-not-found' })
    await expect(list(onTree, { given: { treeId: odd } })).rejects.toMatchObject({
      code: 'provider-not-found',
    })
    expect(vendor.received()).toEqual([])
  })

  it('that no call names is no parameter of the vendor’s', async () => {
    oneApple()
    await list(onTree, { given: { treeId: 't', gardener: 'kim' } })
    expect(last()?.query).toEqual([])
  })
})

describe('the address in the body of a write', () => {
  it('leads the create to its place and is left out of what is sent', async () => {
    oneApple()
    const { row, ignored } = await create(onTree, { treeId: 5, Name: 'x', Odd: 1 })
    expect(sent()).toEqual(['POST /trees/5/apples', 'GET /trees/5/apples/a'])
    expect(vendor.received()[0]?.body).toEqual({ Name: 'x' })
    expect([row, ignored]).toEqual([{ id: 'a', list: [{ ID: 'a' }], ID: 'a' }, ['Odd']])
  })

  it('is sent too where it is also a field of the row', async () => {
    const resource = apples({
      ...onTree,
      fields: { ...onTree.fields, treeId: { type: 'text', access: 'once' } },
    })
    oneApple()
    await create(resource, { treeId: 't', Name: 'x' })
    expect(vendor.received()[0]).toMatchObject({ path: '/trees/t/apples', body: { treeId: 't', Name: 'x' } })
  })

  it('must not contradict the parameter, nor be anything but a text', async () => {
    oneApple()
    await create(onTree, { treeId: 't', Name: 'x' }, { treeId: 't' })
    const before = vendor.received().length
    for (const treeIdOf of ['u', { ID: 't' }, true, ['t']]) {
      await expect(create(onTree, { treeId: treeIdOf, Name: 'x' }, { treeId: 't' })).rejects.toMatchObject({
        code: 'bad-request',
        message: expect.stringContaining('body.treeId'),
      })
    }
    const { connection } = connect(onTree)
    const address = { id: 'a', given: { treeId: 't' } }
    await expect(
      engine.update(connection, onTree, address, { treeId: 'u', Name: 'x' }),
    ).rejects.toMatchObject({
      code: 'bad-request',
    })
    expect(vendor.received()).toHaveLength(before)
  })

  it('alone is nothing to write', async () => {
    await expect(create(onTree, { treeId: 't' })).rejects.toMatchObject({ code: 'bad-request' })
    oneApple()
    const { connection } = connect(onTree)
    await engine.update(connection, onTree, { id: 'a' }, { treeId: 't' })
    expect(sent()).toEqual(['GET /trees/t/apples/a'])
  })
})

describe('a token of the next page', () => {
  const paged = apples({
    ...onTree,
    page: { kind: 'cursor', next: 'more', cursorParam: 'from', sizeParam: 'size', maxSize: 2 },
  })
  const answerPages = () =>
    vendor.answer(({ query }) => {
      const from = query.find(([name]) => name === 'from')?.[1] ?? null
      return {
        body: from === null ? { list: [{ ID: 'a' }], more: 'two' } : { list: [{ ID: 'b' }], more: null },
      }
    })

  it.each([
    ['beside the query', { given: { treeId: "t'1" }, where: 'ID is not null' }],
    ['in the query', { where: "treeId = 't''1' and ID is not null" }],
  ])('leads on with the address that was said %s', async (_how, first) => {
    answerPages()
    const { nextPage = '' } = await list(paged, { ...first, pageSize: 1 })
    for (const again of [{}, first, { given: { treeId: "t'1" } }]) {
      const rows = await rowsOf(paged, { ...again, nextPage, pageSize: 1 })
      expect(rows).toEqual([{ id: 'b', ID: 'b' }])
      expect(last()?.path).toBe("/trees/t'1/apples")
    }
    for (const other of [{ treeId: 'u' }, { gardener: 'kim' }]) {
      await expect(list(paged, { given: other, nextPage })).rejects.toMatchObject({
        code: 'bad-request',
        message: expect.stringMatching(/^(treeId|gardener): it differs/),
      })
    }
    await expect(list(paged, { where: 'ID is null', nextPage })).rejects.toMatchObject({
      code: 'bad-request',
    })
  })
})
