import { describe, expect, it } from 'vitest'
import { catalogueElements } from '#elements/index.ts'
import type { Element, Resource } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { JsonObject } from '#src/lib/json.ts'
import { callsOf, openApiFaults, swaggerFaults } from '../../../test/support/api-document.ts'
import { openApiOf, swaggerOf, swaggerOfAll, swaggerOfObject } from './index.ts'

const [model] = catalogueElements({})
if (model === undefined) throw new Error('the catalogue is empty')

const things: Resource = {
  name: 'things',
  title: 'Things',
  key: 'Code',
  keepUnknown: false,
  source: 'invented',
  fields: {
    Code: { type: 'text', access: 'read' },
    Title: { type: 'text', access: 'write', required: true },
    Note: { type: 'text', access: 'write-only' },
    Custom: { type: 'object', access: 'write', sendMember: ['Value'] },
    More: { type: 'object', access: 'write' },
    'More.Size': { type: 'number', access: 'write' },
    'More.Made': { type: 'datetime', access: 'read' },
    At: { type: 'datetime', access: 'read' },
  },
  verbs: {
    search: { method: 'GET', path: '/v1/things', rows: 'items' },
    retrieve: { method: 'GET', path: '/v1/things/{id}' },
    create: { method: 'POST', path: '/v1/things', newId: { kind: 'field', name: 'Code' } },
    update: { method: 'PUT', path: '/v1/things/{id}' },
    remove: { method: 'DELETE', path: '/v1/things/{id}' },
  },
  owner: { param: 'owner', field: 'Title', everybody: 'ALL', configKey: 'whose' },
  page: { kind: 'cursor', next: 'next', cursorParam: 'cursor', sizeParam: 'size', maxSize: 10 },
  filterStyle: { kind: 'parameters' },
  filters: [
    { param: 'changedAfter', means: 'after', type: 'datetime', field: 'At' },
    { param: 'inner', means: 'equals', type: 'text', hidden: true },
  ],
}

const readOnly: Resource = {
  ...things,
  name: 'more-things',
  verbs: { search: { method: 'GET', path: '/v1/more', rows: 'items' } },
}

const element: Element = { ...model, key: 'first', title: 'First', resources: { things } }
const second: Element = {
  ...model,
  key: 'second',
  title: 'Second',
  resources: { things: { ...readOnly, name: 'things' }, 'more-things': readOnly },
}

const names = (document: JsonObject): readonly string[] =>
  callsOf(document).map(({ method, path }) => `${method} ${path}`)

const thingCalls = [
  'get /things',
  'post /things',
  'get /things/{id}',
  'patch /things/{id}',
  'delete /things/{id}',
]

describe('documents', () => {
  it('hold every verb of a resource, in both languages', () => {
    const [swagger, openApi] = [swaggerOf(element), openApiOf(element)]
    expect(swaggerFaults(swagger)).toEqual([])
    expect(openApiFaults(openApi)).toEqual([])
    for (const document of [swagger, openApi])
      expect(names(document)).toEqual(expect.arrayContaining(thingCalls))
  })

  it('show what is read, what is written and what a create needs', () => {
    const text = JSON.stringify(swaggerOf(element, { operationId: 'POST-things' }))
    const { definitions, paths } = JSON.parse(text)
    expect(Object.keys(definitions.things.properties)).toEqual([
      'id',
      'Code',
      'Title',
      'Custom',
      'More',
      'At',
    ])
    expect(Object.keys(definitions.things.properties.More.properties)).toEqual(['Size', 'Made'])
    const { schema } = paths['/things'].post.parameters.at(-1)
    expect(Object.keys(schema.properties)).toEqual(['Title', 'Note', 'Custom', 'More'])
    expect(Object.keys(schema.properties.More.properties)).toEqual(['Size'])
    expect(schema).toMatchObject({ required: ['Title'], 'x-vendor-objectname': 'things' })
    expect(schema.properties.Custom.type).toBe('string')
  })

  it('answer a delete with nothing', () => {
    const document = swaggerOf(element, { operationId: 'DELETE-things' })
    expect(names(document)).toEqual(['delete /things/{id}'])
    expect(callsOf(document)[0]?.operation).toMatchObject({
      responses: { '200': { description: expect.stringMatching(/empty/) } },
    })
    expect(document.definitions).toEqual({ apiError: expect.anything() })
  })

  it('name the search names that callers may use, and no other', () => {
    const text = JSON.stringify(swaggerOf(element, { operationId: 'GET-things' }))
    expect(text).toContain('changedAfter')
    expect(text).not.toContain('inner')
    expect(JSON.stringify(swaggerOf(element, { operationId: 'GET-things-id' }))).toContain('"owner"')
  })

  it('tell one object alone', () => {
    const document = swaggerOfObject(second, 'more-things', { baseUrl: 'https://api.app.example' })
    expect(swaggerFaults(document)).toEqual([])
    expect(names(document)).toEqual(['get /more-things'])
    expect(Object.keys(document.definitions as JsonObject)).toEqual(['more-things', 'apiError'])
    expect(document.host).toBe('api.app.example')
    for (const name of ['thing', 'constructor', '__proto__'])
      expect(() => swaggerOfObject(second, name)).toThrow(AppError)
  })

  it('put several elements together, the first winning where both have a path', () => {
    const document = swaggerOfAll('Both', [element, second])
    expect(swaggerFaults(document)).toEqual([])
    expect(names(document)).toEqual(expect.arrayContaining([...thingCalls, 'get /more-things']))
    expect(new Set(names(document)).size).toBe(names(document).length)
    expect(document.info).toMatchObject({ title: 'Both' })
  })

  it('are found faulty by the check when they are', () => {
    const sound = JSON.parse(JSON.stringify(swaggerOf(element)))
    const spoilt = (spoil: (document: typeof sound) => void): readonly string[] => {
      const copy = structuredClone(sound)
      spoil(copy)
      return swaggerFaults(copy)
    }
    expect(spoilt(() => undefined)).toEqual([])
    expect(spoilt((one) => delete one.definitions.things)).not.toEqual([])
    expect(spoilt((one) => delete one.paths['/things'].get.operationId)).not.toEqual([])
    expect(spoilt((one) => one.paths['/things/{id}'].get.parameters.splice(1, 1))).not.toEqual([])
    expect(spoilt((one) => delete one.paths['/things'].get.parameters[0].type)).not.toEqual([])
    expect(spoilt((one) => one.tags.pop())).not.toEqual([])
    expect(openApiFaults(sound)).not.toEqual([])
  })
})
