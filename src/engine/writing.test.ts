import { describe, expect, it } from 'vitest'
import type { Given, NewId, Resource } from '#src/element/index.ts'
import type { JsonObject } from '#src/lib/json.ts'
import {
  type Answered,
  apples,
  type ConnectionOptions,
  onSmallVendor,
} from '../../test/support/small-vendor.ts'

const { vendor, engine, connect } = await onSmallVendor()

const open = (resource: Resource, options?: ConnectionOptions) => connect(resource, options).connection
const create = (resource: Resource, body: JsonObject, given: Given = {}) =>
  engine.create(open(resource), resource, body, given)
const update = (resource: Resource, id: string, body: JsonObject, given: Given = {}) =>
  engine.update(open(resource), resource, { id, given }, body)

const sent = () => vendor.received().map(({ method, path }) => `${method} ${path}`)
const bodies = () => vendor.received().map(({ body }) => body)
const retrieve = { method: 'GET', path: '/apples/{id}' } as const

describe('the id of a created row', () => {
  const answers: readonly (readonly [string, NewId, Answered, string])[] = [
    ['a field', { kind: 'field', name: 'newId' }, { body: { newId: 'a/1' } }, 'a%2F1'],
    ['a number in a field', { kind: 'field', name: 'newId' }, { body: { newId: 17 } }, '17'],
    [
      'the end of an address',
      { kind: 'uri-field', name: 'uri' },
      { body: { uri: 'http://x/apples/a%2F1?y=1' } },
      'a%2F1',
    ],
    ['the end of a path', { kind: 'uri-field', name: 'uri' }, { body: { uri: '/apples/b/' } }, 'b'],
    ['a strange end', { kind: 'uri-field', name: 'uri' }, { body: { uri: '/apples/100%' } }, '100%25'],
    ['Location', { kind: 'location' }, { status: 201, headers: { location: '/apples/c#top' } }, 'c'],
    ["the caller's field", { kind: 'own-field', name: 'Name' }, { status: 204 }, 'x%20y'],
  ]

  it.each(answers)('is %s', async (_what, newId, answer, inPath) => {
    const resource = apples({ verbs: { retrieve, create: { method: 'POST', path: '/apples', newId } } })
    vendor.answer(({ method }) => (method === 'POST' ? answer : { body: { ID: 'read' } }))
    expect((await create(resource, { Name: 'x y' })).row).toEqual({ id: 'read', ID: 'read' })
    expect(sent()).toEqual(['POST /apples', `GET /apples/${inPath}`])
  })

  it.each([
    ['field', { kind: 'field', name: 'newId' }, { body: { newId: null } }],
    ['body', { kind: 'field', name: 'newId' }, { status: 204 }],
    ['address', { kind: 'uri-field', name: 'uri' }, { body: { uri: '/' } }],
    ['header', { kind: 'location' }, { status: 201 }],
  ] as const)('that no %s tells is a failure', async (_what, newId, answer) => {
    const resource = apples({ verbs: { retrieve, create: { method: 'POST', path: '/apples', newId } } })
    vendor.answer(() => answer)
    await expect(create(resource, { Name: 'x' })).rejects.toMatchObject({ code: 'provider-failed' })
    expect(sent()).toEqual(['POST /apples'])
  })

  it('is what is shown where the row cannot be read back, or there is no call for it', async () => {
    const newId = { kind: 'field', name: 'newId' } as const
    const post = { method: 'POST', path: '/apples', newId } as const
    vendor.answer(({ method }) => (method === 'POST' ? { body: { newId: 7 } } : { status: 404, body: {} }))
    expect(await create(apples({ verbs: { create: post } }), { Name: 'x' })).toEqual({
      row: { id: '7', ID: '7' },
      ignored: [],
    })
    expect(await create(apples({ verbs: { create: post, retrieve } }), { Name: 'x' })).toMatchObject({
      row: { id: '7', ID: '7' },
      unread: expect.stringContaining('not read back'),
    })
  })
})

describe('a change', () => {
  it('of whole rows reads the row and lays the change over it', async () => {
    const resource = apples({
      fields: {
        ID: { type: 'text', access: 'read' },
        Kind: { type: 'text', access: 'once' },
        Name: { type: 'text', access: 'write', from: ['about', 'name'] },
        Weight: { type: 'number', access: 'write', to: ['size', 'grams'] },
        Ripe: {
          type: 'boolean',
          access: 'write',
          from: ['state'],
          values: [
            ['RIPE', true],
            ['GREEN', false],
          ],
        },
        Tree: { type: 'object', access: 'write', sendMember: ['code', 'name'] },
      },
      keepUnknown: false,
      verbs: { retrieve, update: { method: 'PUT', path: '/apples/{id}', whole: true } },
    })
    const row = {
      ...{ ID: 'a', Kind: 'k', about: { name: 'x' }, Weight: 3, state: 'GREEN', extra: 1 },
      Tree: { name: 'Old tree', code: 'T1' },
    }
    vendor.answer(({ method }) => (method === 'GET' ? { body: row } : { status: 204 }))
    const { row: shown, ignored } = await update(resource, 'a', { Weight: null, Kind: 'other' })
    expect(sent()).toEqual(['GET /apples/a', 'PUT /apples/a', 'GET /apples/a'])
    const whole = { about: { name: 'x' }, size: { grams: null }, state: 'GREEN', Tree: 'T1' }
    expect(bodies()[1]).toEqual(whole)
    expect(ignored).toEqual(['Kind'])
    expect(shown).toMatchObject({ Name: 'x', Ripe: false, Kind: 'k' })
    await update(resource, 'a', { Ripe: true, Name: 'y' })
    expect(bodies()[4]).toEqual({ ...whole, about: { name: 'y' }, size: { grams: 3 }, state: 'RIPE' })
  })

  it('of a part sends that alone, and nothing where nothing can be written', async () => {
    const resource = apples({ verbs: { retrieve, update: { method: 'PATCH', path: '/apples/{id}' } } })
    vendor.answer(({ method }) => (method === 'GET' ? { body: { ID: 'a' } } : { status: 204 }))
    expect((await update(resource, 'a', { Name: null, ID: 'b', id: 'b', Odd: 1 })).ignored).toEqual([
      'ID',
      'Odd',
    ])
    expect(bodies()[0]).toEqual({ Name: null })
    expect((await update(resource, 'a', { ID: 'b' })).ignored).toEqual(['ID'])
    expect(sent()).toEqual(['PATCH /apples/a', 'GET /apples/a', 'GET /apples/a'])
  })

  it('that the vendor takes in another form takes the headers and parameters of its call', async () => {
    const call = {
      method: 'PATCH',
      path: '/apples/{id}',
      query: { mode: 'merge', by: '{who}' },
      headers: { 'content-type': 'application/merge-patch+json', 'x-kind': 'apple' },
    } as const
    const resource = apples({
      verbs: { retrieve, update: call },
      address: [{ name: 'who', description: 'Who.' }],
    })
    vendor.answer(() => ({ body: { ID: 'a' } }))
    await update(resource, 'a', { Name: 'x' }, { who: 'kim & co' })
    expect(vendor.received()[0]).toMatchObject({
      headers: {
        'content-type': 'application/merge-patch+json',
        'x-kind': 'apple',
        authorization: 'Bearer user',
      },
      query: [
        ['mode', 'merge'],
        ['by', 'kim & co'],
      ],
    })
    await update(resource, 'a', { Name: 'x' })
    expect(vendor.received()[2]?.query).toEqual([['mode', 'merge']])
  })
})

describe('the values of a field', () => {
  const resource = apples({
    keepUnknown: false,
    fields: {
      ID: { type: 'text', access: 'read' },
      Size: {
        type: 'text',
        access: 'write',
        values: [
          ['L', 'large'],
          [0, 'none'],
          ['U', null],
        ],
      },
      Sold: {
        type: 'boolean',
        access: 'write',
        from: ['buyer', 'kind'],
        to: ['isSold'],
        values: [['KNOWN', true]],
        otherwise: false,
      },
    },
    verbs: { retrieve, update: { method: 'PATCH', path: '/apples/{id}' } },
  })

  it.each([
    [
      { Size: 'L', buyer: { kind: 'KNOWN' } },
      { Size: 'large', Sold: true },
    ],
    [
      { Size: 0, buyer: { kind: 'x' } },
      { Size: 'none', Sold: false },
    ],
    [
      { Size: 'U', buyer: { kind: null } },
      { Size: null, Sold: false },
    ],
    [{ Size: 'other', buyer: null }, { Size: 'other' }],
  ])('are shown in the hub’s words: %j', async (vendorRow, shown) => {
    vendor.answer(() => ({ body: { ID: 'a', ...vendorRow } }))
    const text = await engine.retrieveText(open(resource), resource, { id: 'a' }, '', true)
    expect(JSON.parse(String(text))).toEqual({ id: 'a', ID: 'a', ...shown })
  })

  it('are written in the vendor’s, where a write puts them', async () => {
    vendor.answer(() => ({ body: { ID: 'a' } }))
    await update(resource, 'a', { Size: 'none', Sold: true })
    await update(resource, 'a', { Size: 'huge', Sold: false })
    expect([bodies()[0], bodies()[2]]).toEqual([
      { Size: 0, isSold: 'KNOWN' },
      { Size: 'huge', isSold: false },
    ])
  })
})

describe('the members of a field', () => {
  const resource = apples({
    fields: {
      ID: { type: 'text', access: 'read' },
      Tree: {
        type: 'object',
        access: 'write',
        members: { code: 'write', kind: 'once', soil: { acid: 'write' } },
      },
    },
    verbs: {
      retrieve,
      create: { method: 'POST', path: '/apples', newId: { kind: 'field', name: 'ID' } },
      update: { method: 'PATCH', path: '/apples/{id}' },
    },
  })

  it('that a write does not take are left out and named, in lists too', async () => {
    vendor.answer(() => ({ body: { ID: 'a' } }))
    const tree = { code: 'T', kind: 'k', age: 9, gone: null, soil: { acid: 5, ph: 7 } }
    expect((await create(resource, { Tree: tree })).ignored).toEqual(['Tree.age', 'Tree.soil.ph'])
    expect(bodies()[0]).toEqual({ Tree: { code: 'T', kind: 'k', soil: { acid: 5 } } })
    expect((await update(resource, 'a', { Tree: [tree, tree, 'x', null] })).ignored).toEqual([
      'Tree.kind',
      'Tree.age',
      'Tree.soil.ph',
    ])
    expect(bodies()[2]).toEqual({
      Tree: [{ code: 'T', soil: { acid: 5 } }, { code: 'T', soil: { acid: 5 } }, 'x', null],
    })
    await update(resource, 'a', { Tree: null })
    expect(bodies()[4]).toEqual({ Tree: null })
  })
})
