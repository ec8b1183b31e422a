import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, type AskOptions, ask, hub } from '../support/client.ts'
import { loopbackAllowed } from '../support/events.ts'
import { connectMadeUp, madeUpElement } from '../support/made-up-element.ts'
import { type MadeUpVendor, startMadeUpVendor } from '../support/made-up-vendor.ts'
import { type Product, startProduct } from '../support/product.ts'

let vendor: MadeUpVendor
let product: Product
let token: string

type Part = Readonly<Record<string, unknown>>

const request = (
  name: string,
  vendorName: string,
  type: string,
  vendorType: string,
  more: Part = {},
): Part => ({
  ...{ name, vendorName, type, vendorType, source: 'request', ...more },
})

/** A resource that the vendor answers with what it was sent. */
const echo = (path: string, method: string, parameters: readonly Part[], more: Part = {}): Part => ({
  ...{ path, method, vendorPath: '/v1/echo', vendorMethod: method, type: 'api', parameters, ...more },
})

const hook = (type: string, body: string, isLegacy = false): Part => ({ type, body, isLegacy })

const chained = (at: number, next: string | undefined): Part =>
  echo(`/chain${at}`, 'GET', [request('text', 'text', 'prevBodyField', 'query')], {
    ...(next === undefined ? {} : { nextResource: `GET:/hubs/crm/${next}` }),
    hooks: [
      hook(
        'postRequest',
        `const before = request_previous_response
        done({ response_body: { text: (before ? before.text : '') + '${at}', query: response_body.query } })`,
      ),
    ],
  })

const resources: readonly Part[] = [
  {
    ...{
      path: '/session',
      method: 'POST',
      vendorPath: '/v1/sessions',
      vendorMethod: 'POST',
      type: 'onProvision',
    },
    parameters: [
      {
        ...{ name: 'session.token', type: 'configuration', source: 'response' },
        ...{ vendorName: 'session.token', vendorType: 'bodyField' },
      },
    ],
    hooks: [hook('postRequest', 'done({ configuration: { "made.by": "hook " + response_status_code } })')],
  },
  echo('/session', 'GET', [
    request('session.token', 'session', 'configuration', 'query'),
    request('made.by', 'by', 'configuration', 'query'),
  ]),
  echo('/kinds/{kind}', 'POST', [
    request('kind', 'kind', 'path', 'query'),
    request('size', 'x-size', 'query', 'header'),
    request('X-From', 'from', 'header', 'query'),
    request('name', 'person.name', 'bodyField', 'bodyField'),
    request('age', 'person.age', 'bodyField', 'bodyField', { vendorDataType: 'integer' }),
    request('{"kind":"{kind}"}', 'ignored', 'value', 'body'),
    request('key', 'key', 'configuration', 'bodyField'),
    request('unused', 'unused', 'query', 'no-op', { required: true }),
  ]),
  echo('/forms', 'POST', [
    request('name', 'first_name', 'form', 'form'),
    request('password', 'password', 'value', 'form'),
  ]),
  echo('/tokens', 'POST', [
    request('{"q":"select * from {table} where n = {n}"}', 'body', 'value', 'body'),
    request('table', 'table', 'bodyField', 'bodyToken'),
    request('n', 'n', 'query', 'bodyToken'),
  ]),
  echo('/needs', 'GET', [
    request('since', 'since', 'query', 'query', { required: true, description: 'A day.' }),
  ]),
  echo('/odata', 'GET', [request('where', '$filter', 'query', 'query', { converter: 'toODataFilter' })]),
  chained(1, 'chain2'),
  chained(2, 'chain3'),
  chained(3, undefined),
  ...Array.from({ length: 7 }, (_, at) =>
    echo(`/long${at}`, 'GET', [], { nextResource: `GET:/hubs/crm/long${at + 1}` }),
  ),
  echo('/skipped', 'GET', [], {
    hooks: [hook('preRequest', 'done({ "continue": false, response_body: { from: "hook" } })')],
  }),
  echo('/changed', 'POST', [], {
    hooks: [
      hook(
        'preRequest',
        `done({ request_vendor_path: '/v1/echo', request_vendor_parameters: { a: null, b: 'two' },
          request_vendor_headers: { 'x-hash': CE.md5(request_body.name) },
          request_vendor_body: _.pick(request_body, ['name']) })`,
      ),
    ],
    parameters: [request('a', 'a', 'query', 'query')],
  }),
  echo('/legacy', 'POST', [], {
    hooks: [
      hook(
        'preRequest',
        `var body = JSON.parse(request_vendor_body); body.old = true; return { request_vendor_body: JSON.stringify(body) }`,
        true,
      ),
    ],
  }),
  {
    ...echo('/refuses', 'GET', []),
    hooks: [hook('postRequest', 'done({ response_error: "not today", response_status_code: 409 })')],
  },
  { ...echo('/broken', 'GET', []), hooks: [hook('preRequest', 'undefinedThing.x = 1; done({})')] },
  {
    ...echo('/forgiven', 'GET', []),
    vendorPath: '/v1/busy',
    hooks: [
      hook(
        'postRequest',
        'done(response_iserror ? { response_iserror: false, response_body: [{ id: "late" }] } : {})',
      ),
    ],
  },
  { ...echo('/foreign', 'GET', []), kind: 'java' },
]

beforeAll(async () => {
  vendor = await startMadeUpVendor()
  product = await startProduct({ sandbox: { reports: 1 }, environment: loopbackAllowed })
  ;({ token } = await connectMadeUp(product, { ...madeUpElement(vendor.url), resources }))
})
afterAll(async () => {
  await product?.close()
  await vendor?.close()
})

const call = (path: string, options: AskOptions = {}): Promise<Answer> =>
  ask(`${product.url}/hubs/crm${path}`, {
    ...options,
    headers: { ...hub(product.admin, token), ...options.headers },
  })

// biome-ignore lint/suspicious/noExplicitAny: what the vendor was sent, in whatever shape.
const good = async (path: string, options: AskOptions = {}): Promise<any> => {
  const answer = await call(path, options)
  expect(answer.status, answer.text).toBe(200)
  return answer.json
}

describe('parameters of a posted element', () => {
  it('go from path, query, headers, body, configuration and literals to where the vendor wants them', async () => {
    const sent = await good('/kinds/red%2Fblue', {
      body: { name: 'Ann', age: '7' },
      query: { size: 'XL' },
      headers: { 'x-from': 'here' },
    })
    expect(sent.query).toEqual({ kind: 'red/blue', from: 'here' })
    expect(sent.headers).toMatchObject({ 'x-size': 'XL', 'x-api-key': 'opensesame' })
    expect(JSON.parse(sent.text)).toEqual({
      kind: 'red/blue',
      person: { name: 'Ann', age: 7 },
      key: 'opensesame',
    })
  })

  it('make a form, and fill the tokens of a body', async () => {
    const form = await good('/forms', { body: { name: 'Ann & Bob' } })
    expect(form.headers['content-type']).toBe('application/x-www-form-urlencoded')
    expect(form.text).toBe('first_name=Ann+%26+Bob&password=password')
    const tokens = await good('/tokens', { body: { table: 'people' }, query: { n: '3' } })
    expect(JSON.parse(tokens.text)).toEqual({ q: 'select * from people where n = 3' })
  })

  it('that are needed and missing are named', async () => {
    const answer = await call('/needs')
    expect(answer.status).toBe(400)
    expect(answer.json.message).toContain('since: it is needed in the query. A day.')
    expect((await good('/needs', { query: { since: '1 May' } })).query).toEqual({ since: '1 May' })
  })

  it('convert where to the language of the vendor', async () => {
    const where = "name='O''Neil' and (age > 3 or city like 'B%')"
    const sent = await good('/odata', { query: { where } })
    expect(sent.query).toEqual({ $filter: "name eq 'O''Neil' and (age gt 3 or startswith(city,'B'))" })
  })
})

describe('what is called when an instance is made', () => {
  it('puts what the vendor answers into the configuration', async () => {
    expect((await good('/session')).query).toEqual({ session: 's-1', by: 'hook 201' })
  })
})

describe('resources of a posted element that follow one another', () => {
  it('see what the one before answered, and the last answers', async () => {
    expect(await good('/chain1')).toEqual({ text: '123', query: { text: '12' } })
  })

  it('are five at most', async () => {
    const answer = await call('/long0')
    expect(answer.status).toBe(400)
    expect(answer.json.message).toContain('at most 5 resources follow one another')
    expect((await call('/long2')).json.message).toContain('the element has no GET:/hubs/crm/long7')
  })
})

describe('hooks of a posted element', () => {
  it('may answer in place of the vendor', async () => {
    const before = vendor.seen.length
    expect(await good('/skipped')).toEqual({ from: 'hook' })
    expect(vendor.seen).toHaveLength(before)
  })

  it('change what is sent, null taking a parameter away', async () => {
    const sent = await good('/changed', { body: { name: 'a', secret: 1 }, query: { a: 'one' } })
    expect(sent.query).toEqual({ b: 'two' })
    expect(sent.headers['x-hash']).toBe('0cc175b9c0f1b6a831c399e269772661')
    expect(JSON.parse(sent.text)).toEqual({ name: 'a' })
  })

  it('of the legacy kind return, and read bodies as texts', async () => {
    expect(JSON.parse((await good('/legacy', { body: { name: 'a' } })).text)).toEqual({
      name: 'a',
      old: true,
    })
  })

  it('refuse with words and a status, and make a good reply of a bad one', async () => {
    const refused = await call('/refuses')
    expect(refused.status).toBe(409)
    expect(refused.json.message).toContain('not today')
    expect(await good('/forgiven')).toEqual([{ id: 'late' }])
  })

  it('that fail are told by their name and words', async () => {
    const answer = await call('/broken')
    expect(answer.status).toBe(400)
    expect(answer.json.message).toContain('preRequest hook of GET /broken')
    expect(answer.json.message).toContain('undefinedThing')
  })
})

describe('a resource of a posted element that its maker wrote in Java', () => {
  it('says that it is not supported', async () => {
    const answer = await call('/foreign')
    expect(answer.status).toBe(404)
    expect(answer.json.message).toBe('This API is not currently supported for this element')
  })
})
