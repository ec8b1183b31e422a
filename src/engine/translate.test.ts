import { describe, expect, it } from 'vitest'
import type { Given } from '#src/element/index.ts'
import type { JsonObject } from '#src/lib/json.ts'
import { apples, onSmallVendor } from '../../test/support/small-vendor.ts'

const { vendor, engine, connect } = await onSmallVendor()

const seen: Given[] = []
const path = '/trees/{treeId}/apples'
const resource = apples({
  address: [{ name: 'treeId', description: 'Id of the tree.' }],
  owner: { param: 'owner', field: 'Owner', everybody: 'ALL', configKey: 'x' },
  translate: {
    treeId: async (port, value, given) => {
      seen.push(given)
      const { body } = await port.ask({ method: 'GET', path: `/names/${value}` })
      return (body as { id: string }).id
    },
    id: (_port, value) => value.toLowerCase(),
    Name: (_port, value) => `${value}!`,
  },
  verbs: {
    search: { method: 'GET', path, rows: 'list' },
    retrieve: { method: 'GET', path: `${path}/{id}` },
    create: { method: 'POST', path, newId: { kind: 'field', name: 'ID' } },
    update: { method: 'PATCH', path: `${path}/{id}` },
  },
})
const answerNames = () =>
  vendor.answer(({ path: at }) => {
    const [, name] = /^\/names\/(\w+)$/.exec(at) ?? []
    if (name !== undefined) return { body: { id: `T-${name}` } }
    return { body: { list: [{ ID: 'a' }], ID: 'a' } }
  })
const paths = () =>
  vendor.received().flatMap(({ method, path: at }) => (at.startsWith('/names') ? [] : [`${method} ${at}`]))

describe('a value in another form', () => {
  it('is translated wherever a caller says it', async () => {
    answerNames()
    const { connection } = connect(resource)
    await engine.searchText(connection, resource, { given: { treeId: 'oak' } }, false)
    await engine.searchText(connection, resource, { where: "treeId = 'oak'" }, false)
    await engine.retrieveText(connection, resource, { id: 'A', given: { treeId: 'oak' } }, '', false)
    await engine.create(connection, resource, { treeId: 'oak', Name: 'x' }, {})
    await engine.create(connection, resource, { Name: 'x' }, { treeId: 'oak' })
    await engine.update(connection, resource, { id: 'A', given: { treeId: 'oak' } }, { Name: 'x' })
    const tree = '/trees/T-oak/apples'
    expect(paths()).toEqual([
      ...[`GET ${tree}`, `GET ${tree}`, `GET ${tree}/a`, `POST ${tree}`, `GET ${tree}/a`, `POST ${tree}`],
      ...[`GET ${tree}/a`, `PATCH ${tree}/a`, `GET ${tree}/a`],
    ])
    const bodies = vendor.received().flatMap(({ body }) => (body === undefined ? [] : [body]))
    expect(bodies).toEqual([{ Name: 'x!' }, { Name: 'x!' }, { Name: 'x!' }])
  })

  it('is told with what else is said', async () => {
    answerNames()
    seen.length = 0
    const { connection } = connect(resource)
    const address = { id: 'A', owner: 'kim', given: { treeId: 'oak' } }
    await engine.update(connection, resource, address, { Name: 'x', Weight: 3 })
    expect(seen[0]).toEqual({ Name: 'x', treeId: 'oak', owner: 'kim' })
    await engine.searchText(connection, resource, { given: { treeId: 'oak' }, where: "Name = 'y'" }, false)
    expect(seen.at(-1)).toEqual({ Name: 'y', treeId: 'oak' })
  })

  it('is another one in each term of a query', async () => {
    answerNames()
    const { connection } = connect(resource)
    for (const input of [
      { given: { treeId: 'oak' }, where: "treeId = 'elm'" },
      { where: "treeId = 'oak' and treeId = 'elm'" },
    ]) {
      await expect(engine.searchText(connection, resource, input, false)).rejects.toMatchObject({
        code: 'bad-query',
        message: expect.stringContaining('only be given once'),
      })
    }
    vendor.answer(() => ({ body: { list: [{ ID: 'a', Name: 'x!' }], id: 't' } }))
    const where = "treeId = 'oak' and Name = 'x' and Name = 'y'"
    const { json } = await engine.searchText(connection, resource, { where }, false)
    expect(JSON.parse(json.toString())).toEqual([] satisfies JsonObject[])
  })
})
