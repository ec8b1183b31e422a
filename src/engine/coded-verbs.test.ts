import { describe, expect, it } from 'vitest'
import type { Action, Given, GuardedWrite, Resource } from '#src/element/index.ts'
import type { Json, JsonObject } from '#src/lib/json.ts'
import { apples, type ConnectionOptions, onSmallVendor } from '../../test/support/small-vendor.ts'

const { vendor, engine, connect } = await onSmallVendor()

const open = (resource: Resource, options?: ConnectionOptions) => connect(resource, options).connection
const create = (resource: Resource, body: JsonObject, given: Given = {}) =>
  engine.create(open(resource), resource, body, given)
const update = (resource: Resource, id: string, body: JsonObject, given: Given = {}) =>
  engine.update(open(resource), resource, { id, given }, body)
const act = (resource: Resource, action: Action, body: JsonObject, options?: ConnectionOptions) =>
  engine.act(open(resource, options), resource, { id: 'a' }, action, body)

const sent = () => vendor.received().map(({ method, path }) => `${method} ${path}`)
const bodies = () => vendor.received().map(({ body }) => body)
const retrieve = { method: 'GET', path: '/apples/{id}' } as const

describe('a coded verb', () => {
  const asked: { readonly verb: string; readonly input: unknown }[] = []
  const coded = { kind: 'coded', why: 'a test', path: '/x' } as const
  const keep = (verb: string, input: unknown) => asked.push({ verb, input })
  const resource = apples({
    address: [{ name: 'treeId', description: 'Id of the tree.' }],
    idAs: 'appleId',
    owner: { param: 'owner', field: 'Owner', everybody: 'ALL', configKey: 'x' },
    verbs: {
      retrieve: {
        ...coded,
        method: 'GET',
        run: async (_port, input) => {
          keep('retrieve', input)
          return input.id === 'none' ? undefined : { ID: input.id, Name: null }
        },
      },
      create: {
        ...coded,
        method: 'POST',
        run: async (_port, input) => {
          keep('create', input)
          return 'new'
        },
      },
      update: {
        ...coded,
        method: 'PUT',
        run: async (_port, input) => {
          keep('update', input)
        },
      },
    },
  })

  it('is told the id, the address, the owner and what of the body can be written', async () => {
    asked.length = 0
    const { row, ignored } = await create(resource, { treeId: 't', Name: 'x', Odd: 1 })
    expect([row, ignored]).toEqual([{ id: 'new', ID: 'new', Name: null }, ['Odd']])
    const address = { id: 'a', owner: 'kim', given: { treeId: 't' } }
    await engine.update(open(resource), resource, address, { Name: 'y' })
    const given = { treeId: 't', owner: 'kim', appleId: 'a' }
    expect(asked).toEqual([
      { verb: 'create', input: { body: { Name: 'x' }, given: { treeId: 't' } } },
      {
        verb: 'retrieve',
        input: { id: 'new', shows: expect.any(Function), given: { treeId: 't', appleId: 'new' } },
      },
      { verb: 'update', input: { id: 'a', body: { Name: 'y' }, given } },
      { verb: 'retrieve', input: { id: 'a', shows: expect.any(Function), given } },
    ])
    expect(vendor.received()).toEqual([])
  })

  it('that finds no row is 404', async () => {
    await expect(
      engine.retrieveText(open(resource), resource, { id: 'none' }, '', false),
    ).rejects.toMatchObject({ code: 'provider-not-found' })
  })

  it('fails as any call does', async () => {
    const failing = apples({
      verbs: {
        create: {
          ...{ ...coded, method: 'POST' },
          run: async (port) => String((await port.ask({ method: 'POST', path: '/x', body: {} })).status),
        },
      },
    })
    vendor.answer(() => ({ status: 400, body: { message: 'Too green' } }))
    await expect(create(failing, { Name: 'x' })).rejects.toMatchObject({
      code: 'provider-refused',
      details: { providerMessage: 'Too green' },
    })
    vendor.answer(() => ({ status: 503 }))
    await expect(create(failing, { Name: 'x' })).rejects.toMatchObject({ code: 'provider-failed' })
    expect(sent()).toEqual(['POST /x'])
  })
})

describe('an action', () => {
  const action: Action = {
    title: 'Peel an apple',
    call: { method: 'POST', path: '/apples/{id}/peel', pathFor: { company: '/all/{id}/peel' } },
    body: {
      how: { type: 'text', description: 'By hand or machine.', required: true, maxLength: 7 },
      times: { type: 'number', description: 'How often.' },
      deep: { type: 'boolean', description: 'Whether deep.' },
    },
  }
  const resource = apples({ verbs: { retrieve } })

  it('sends the fields that it knows, and reads the row by the same grant', async () => {
    vendor.answer(({ method }) => (method === 'GET' ? { body: { ID: 'a' } } : { status: 202 }))
    const done = await act(
      resource,
      action,
      { how: 'by hand', times: 2, deep: false, odd: 1 },
      { grants: ['company'] },
    )
    expect(done).toEqual({ row: { id: 'a', ID: 'a' }, ignored: ['odd'] })
    expect(sent()).toEqual(['POST /all/a/peel', 'GET /apples/a'])
    expect(bodies()[0]).toEqual({ how: 'by hand', times: 2, deep: false })
  })

  it.each([
    [{}, 'body.how: it is needed. By hand'],
    [{ how: '' }, 'body.how: it is needed'],
    [{ how: null }, 'body.how: it is needed'],
    [{ how: 5 }, 'body.how: a text'],
    [{ how: 'by robot' }, 'body.how: at most 7 characters, not 8'],
    [{ how: 'hand', times: '2' }, 'body.times: a number. How often.'],
    [{ how: 'hand', deep: 'yes' }, 'body.deep: a boolean'],
  ] as [JsonObject, string][])('refuses %j and reaches nobody', async (body, words) => {
    await expect(act(resource, action, body)).rejects.toMatchObject({
      code: 'bad-request',
      message: expect.stringContaining(words),
    })
    expect(vendor.received()).toEqual([])
  })

  it('without fields sends no body, and may answer with something of its own', async () => {
    vendor.answer(() => ({ status: 204 }))
    const bare = { ...action, body: {} }
    await act(resource, bare, {})
    expect([bodies()[0], vendor.received()[0]?.headers['content-length']]).toEqual([undefined, '0'])
    const coded: Action = {
      ...bare,
      call: {
        ...{ kind: 'coded', why: 'a test', method: 'POST', path: '/x' },
        run: async (_port, { id, body, given }) => ({ id, body, given }),
      },
    }
    expect(await act(resource, coded, { odd: 1 })).toEqual({
      row: { id: 'a', body: {}, given: {} },
      ignored: ['odd'],
    })
  })

  it('that is refused is told, and not done again', async () => {
    vendor.answer(() => ({ status: 503 }))
    await expect(act(resource, action, { how: 'hand' })).rejects.toMatchObject({ code: 'provider-failed' })
    expect(sent()).toEqual(['POST /apples/a/peel'])
  })
})

describe('a verb on the collection', () => {
  const address = [
    { name: 'treeId', description: 'Id of the tree.', neededBy: ['updateAll', 'removeAll'] },
  ] as const
  const got: unknown[] = []
  const resource = apples({
    address: [...address],
    translate: { treeId: (_port, value) => value.toUpperCase() },
    verbs: {
      updateAll: {
        ...{ kind: 'coded', why: 'a test', method: 'PUT', path: '/apples' },
        run: async (_port, input) => {
          got.push(input)
          return { answer: input.body as Json, ignored: ['x'] }
        },
      },
      removeAll: { method: 'DELETE', path: '/apples', query: { tree: '{treeId}' } },
    },
  })

  it('takes one record or several, and its address in the vendor’s words', async () => {
    for (const body of [{ Name: 'x' }, [{ Name: 'x' }, { Name: 'y' }]]) {
      expect(await engine.updateAll(open(resource), resource, { treeId: 't' }, body)).toEqual({
        answer: body,
        ignored: ['x'],
      })
      expect(got.at(-1)).toEqual({ body, given: { treeId: 'T' } })
    }
    vendor.answer(() => ({ status: 204 }))
    expect(await engine.removeAll(open(resource), resource, { treeId: 't' })).toEqual({})
    expect(vendor.received()[0]).toMatchObject({ method: 'DELETE', path: '/apples', query: [['tree', 'T']] })
  })

  it('removes nothing where its address is not said', async () => {
    const asked = { code: 'bad-request', message: expect.stringContaining('treeId') }
    await expect(engine.removeAll(open(resource), resource, {})).rejects.toMatchObject(asked)
    await expect(engine.updateAll(open(resource), resource, {}, {})).rejects.toMatchObject(asked)
    expect(vendor.received()).toEqual([])
  })

  it('that a resource has not is 405', async () => {
    await expect(engine.removeAll(open(apples({})), apples({}), {})).rejects.toMatchObject({
      code: 'wrong-verb',
    })
  })
})

describe('a guard', () => {
  const seen: GuardedWrite[] = []
  const resource = apples({
    verbs: { retrieve, update: { method: 'PATCH', path: '/apples/{id}' } },
    guard: {
      why: 'a test',
      refused: async (_port, write) => {
        seen.push(write)
        return write.body.Name === 'bad' ? 'Name: not bad.' : undefined
      },
      written: async (_port, { row, body }) =>
        row.Name === body.Name ? undefined : 'Name: it did not take.',
    },
  })

  it('tells what of a refused write was wrong, and leaves other refusals as they are', async () => {
    vendor.answer(() => ({ status: 400, body: { message: 'No' } }))
    await expect(update(resource, 'a', { Name: 'bad' })).rejects.toMatchObject({
      code: 'bad-request',
      message: 'Name: not bad.',
      details: { providerMessage: 'No' },
    })
    await expect(update(resource, 'a', { Name: 'fine' })).rejects.toMatchObject({ code: 'provider-refused' })
    expect(seen).toEqual(['bad', 'fine'].map((Name) => ({ id: 'a', body: { Name }, given: {} })))
  })

  it('tells what the vendor took only in part', async () => {
    vendor.answer(() => ({ body: { ID: 'a', Name: 'kept' } }))
    expect((await update(resource, 'a', { Name: 'kept' })).row).toMatchObject({ Name: 'kept' })
    await expect(update(resource, 'a', { Name: 'lost' })).rejects.toMatchObject({
      code: 'bad-request',
      message: 'Name: it did not take.',
    })
  })
})
