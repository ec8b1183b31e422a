import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { OpenApiReply, SwaggerReply } from '#src/contract/index.ts'
import type { JsonObject } from '#src/lib/json.ts'
import {
  array,
  bodyOf,
  callsOf,
  object,
  objects,
  openApiFaults,
  refsIn,
  swaggerFaults,
} from '../support/api-document.ts'
import { ask, connect, hub, platform } from '../support/client.ts'
import { type Product, startProduct } from '../support/product.ts'

let product: Product
let headers: Record<string, string>

beforeAll(async () => {
  product = await startProduct()
  headers = platform(product.admin)
})
afterAll(() => product?.close())

const call = (path: string, query: Record<string, string> = {}) =>
  ask(`${product.url}${path}`, { headers, query })

const get = async (path: string, query: Record<string, string> = {}) => {
  const reply = await call(path, query)
  expect(reply.status, reply.text).toBe(200)
  return reply.json
}

const swagger = async (path: string, query: Record<string, string> = {}) => {
  const document = await get(path, query)
  fits(SwaggerReply, document)
  expect(swaggerFaults(document)).toEqual([])
  return document
}

const fits = (schema: z.ZodType, value: unknown) =>
  expect(schema.safeParse(value).error?.issues ?? []).toEqual([])

describe('Swagger 2.0', () => {
  it.each([
    '/elements/concur/docs',
    '/elements/4933/docs',
    '/elements/3129/docs',
    '/elements/concur/lbdocs?force=true',
    '/docs/expense',
    '/docs/concur',
    '/docs/4933',
    '/docs/all',
  ])('9/1 is a sound document at %s', async (path) => {
    const document = await swagger(path)
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining(['/reports', '/reports/{id}', '/users', '/ping', '/objects']),
    )
    expect(document.basePath).toBe('/elements/api-v2')
    expect(document.definitions).toHaveProperty('reports')
    expect(document.tags.map(({ name }: { name: string }) => name)).toEqual(
      expect.arrayContaining(['reports', 'users']),
    )
  })

  it('9/1 belongs to the host and scheme of baseUrl', async () => {
    for (const path of ['/elements/concur/docs', '/docs/expense']) {
      const document = await swagger(path, { baseUrl: 'https://api.acme.test' })
      expect(document).toMatchObject({ host: 'api.acme.test', basePath: '/elements/api-v2' })
      expect(document.schemes).toContain('https')
      expect((await swagger(path, { baseUrl: 'http://api.acme.test:8080/x' })).host).toBe(
        'api.acme.test:8080',
      )
      for (const baseUrl of ['acme', 'ftp://acme.test', 'javascript:1']) {
        const reply = await call(path, { baseUrl })
        expect(reply.status).toBe(400)
        expect(reply.json.message).toMatch(/^baseUrl: a full URL/)
      }
    }
  })

  it('9/1 is for a gateway with provider=aws: its host, no API prefix, its key as second parameter', async () => {
    const document = await swagger('/docs/expense', { provider: 'aws', baseUrl: '' })
    expect(document.host).toBe('aws-api.cloud-elements.com')
    expect(document.basePath).not.toContain('api-v2')
    const gets = callsOf(document).filter(({ method }) => method === 'get')
    expect(gets.length).toBeGreaterThan(5)
    for (const { operation } of gets) expect(objects(operation.parameters)[1]?.name).toBe('x-api-key')
    const plain = JSON.stringify(await swagger('/docs/expense', { provider: 'other' }))
    expect(plain).not.toContain('x-api-key')
  })

  it('9/1 shows in the body of a POST what can be written', async () => {
    const document = await swagger('/elements/concur/docs')
    const schema = bodyOf(document, '/reports', 'post')
    expect(schema['x-vendor-objectname']).toBe('reports')
    expect(object(schema.properties)).toMatchObject({
      Name: { type: 'string' },
      Purpose: { type: 'string' },
      Custom1: { type: 'string' },
    })
    for (const name of ['id', 'ID', 'Total', 'CreateDate']) expect(schema.properties).not.toHaveProperty(name)
    expect(schema.required).toEqual(['Name'])
    const change = bodyOf(document, '/reports/{id}', 'patch')
    expect(change.properties).toEqual(schema.properties)
    expect(change).not.toHaveProperty('required')
    const posts = callsOf(document).filter((one) => one.method === 'post')
    for (const { path, method, operation } of posts) {
      if (operation.consumes !== undefined || /\/(submit|recall)$/.test(path)) continue
      expect(Object.keys(object(bodyOf(document, path, method).properties)).length, path).toBeGreaterThan(0)
      expect(bodyOf(document, path, method)['x-vendor-objectname'], path).toBe(array(operation.tags)[0])
    }
  })

  it('shows of an action what it takes, and no body where it takes nothing', async () => {
    const document = await swagger('/elements/concur/docs')
    const back = bodyOf(document, '/reports/{id}/send-back', 'post')
    expect(back.required).toEqual(['comment'])
    expect(object(back.properties).comment).toMatchObject({ type: 'string', maxLength: 2000 })
    const bodies = (path: string) =>
      objects(callsOf(document).find((one) => one.path === path)?.operation.parameters).filter(
        (parameter) => parameter.in === 'body',
      )
    expect(bodies('/reports/{id}/submit')).toEqual([])
    expect(bodies('/reports/{id}/approve')).toMatchObject([{ required: false }])
    expect(bodies('/reports/{id}/send-back')).toMatchObject([{ required: true }])
  })

  it('9/1 has a definition for each resource, of the fields that are read', async () => {
    const { definitions } = await swagger('/elements/concur/docs')
    expect(definitions.reports.properties).toMatchObject({
      id: { type: 'string' },
      ID: { type: 'string' },
      Total: { type: 'number' },
      HasException: { type: 'boolean' },
      LastModifiedDate: { type: 'string' },
      Custom1: { type: 'object' },
    })
    expect(definitions.reports.properties).not.toHaveProperty('Purpose')
  })

  it('9/1 documents each field of the rows that really come', async () => {
    const made = await connect(product, product.admin)
    const { definitions, paths } = await swagger('/elements/concur/docs')
    const needed: Readonly<Record<string, Record<string, string>>> = {
      '/locations': { where: `city = 'Munich'` },
    }
    // Only what an application posted is listed, and nobody has here.
    const posted = ['/receipts', '/receipt-images']
    // Those that need an address are listed by their own stories.
    const isListedAlone = (path: string) =>
      paths[path].get !== undefined &&
      !objects(paths[path].get.parameters).some((one) => one.in === 'query' && one.required === true)
    const lists = Object.keys(paths)
      .filter((path) => Object.hasOwn(definitions, path.slice(1)))
      .filter((path) => isListedAlone(path))
    expect(lists).toEqual(expect.arrayContaining(['/reports', '/users', '/attendees', '/expense-types']))
    expect(lists).not.toContain('/expense-attendees')
    for (const path of lists) {
      const reply = await ask(`${product.url}${path}`, {
        headers: hub(product.admin, made.json.token),
        query: { pageSize: '20', ...needed[path] },
      })
      expect(reply.status, `${path} ${reply.text}`).toBe(200)
      expect(reply.json.length > 0, path).toBe(!posted.includes(path))
      const known = Object.keys(definitions[path.slice(1)].properties)
      const shown = new Set<string>(reply.json.flatMap((row: object) => Object.keys(row)))
      expect([...shown].filter((name) => !known.includes(name))).toEqual([])
    }
  })

  it('9/1 puts definitions in the place of references with resolveReferences', async () => {
    const [plain, resolved] = await Promise.all([
      swagger('/elements/concur/docs'),
      swagger('/elements/concur/docs', { resolveReferences: 'true' }),
    ])
    expect(refsIn(plain).length).toBeGreaterThan(10)
    expect(refsIn(resolved)).toEqual([])
    expect(resolved.paths['/reports/{id}'].get.responses['200'].schema).toEqual(plain.definitions.reports)
    expect(resolved.definitions).toEqual(plain.definitions)
  })

  it('9/1 tolerates version, basic and discovery', async () => {
    const plain = await swagger('/elements/concur/docs')
    const query = {
      version: '-1',
      basic: 'true',
      discovery: 'true',
      force: 'true',
      operationId: '',
      other: 'x',
    }
    expect(await swagger('/elements/concur/docs', query)).toEqual(plain)
  })

  it.each([
    ['/elements/4933/docs/GET-reports', '/reports', 'get'],
    ['/elements/concur/docs/get-reports', '/reports', 'get'],
    ['/elements/concur/docs?operationId=GET-reports', '/reports', 'get'],
    ['/elements/concur/docs/POST-reports', '/reports', 'post'],
    ['/elements/concur/docs/GET-reports-id', '/reports/{id}', 'get'],
    ['/elements/concur/docs/GET-reports-%7Bid%7D', '/reports/{id}', 'get'],
    ['/elements/concur/docs/PATCH-reports', '/reports/{id}', 'patch'],
    ['/elements/concur/lbdocs/GET-users', '/users', 'get'],
    ['/docs/expense/GET-reports', '/reports', 'get'],
    ['/docs/expense/docs/GET-reports', '/reports', 'get'],
    ['/docs/concur/docs/GET-objects', '/objects', 'get'],
  ])('9/1 tells one operation at %s', async (path, only, method) => {
    const document = await swagger(path)
    expect(callsOf(document).map((one) => [one.path, one.method])).toEqual([[only, method]])
    expect(Object.keys(document.definitions)).toHaveLength(2)
  })

  it.each([
    ['/elements/concur/docs/GET-nothing', /^No operation found with id 'GET-nothing' in SAP Concur/],
    ['/elements/concur/docs/DELETE-reports', /^No operation found/],
    ['/elements/nothing/docs', /^No element found/],
    ['/docs/nothing', /^No element found/],
    ['/elements/-1/openapi', /^No element found/],
  ])('answers %s with 404', async (path, message) => {
    const reply = await call(path)
    expect(reply.status).toBe(404)
    expect(reply.json.message).toMatch(message)
  })

  it('asks who is calling', async () => {
    for (const path of ['/elements/concur/docs', '/docs/expense', '/elements/concur/openapi'])
      expect((await ask(`${product.url}${path}`)).status).toBe(401)
  })
})

describe('OpenAPI 3.1', () => {
  it('is a sound document of the same calls', async () => {
    const [document, twin] = await Promise.all([
      get('/elements/concur/openapi'),
      swagger('/elements/concur/docs'),
    ])
    fits(OpenApiReply, document)
    expect(openApiFaults(document)).toEqual([])
    const names = (one: JsonObject) => callsOf(one).map(({ path, method }) => `${method} ${path}`)
    expect(names(document)).toEqual(names(twin))
    expect(document.components.schemas).toEqual(twin.definitions)
    expect(document.servers).toEqual([{ url: `${product.config.publicUrl}/elements/api-v2` }])
    expect(document.paths['/reports'].post.requestBody.content['application/json'].schema).toEqual(
      bodyOf(twin, '/reports', 'post'),
    )
    for (const name of ['4933', '3129']) expect(await get(`/elements/${name}/openapi`)).toEqual(document)
  })

  it('takes the same options', async () => {
    const one = await get('/elements/concur/openapi', {
      baseUrl: 'https://api.acme.test',
      operationId: 'GET-reports',
      resolveReferences: 'true',
    })
    expect(openApiFaults(one)).toEqual([])
    expect(one.servers).toEqual([{ url: 'https://api.acme.test/elements/api-v2' }])
    expect(callsOf(one)).toHaveLength(1)
    expect(refsIn(one)).toEqual([])
    const aws = await get('/elements/concur/openapi', { provider: 'aws' })
    expect(aws.servers).toEqual([{ url: 'https://aws-api.cloud-elements.com/' }])
    expect(aws.security).toEqual([{ secrets: [], gateway: [] }])
  })
})
