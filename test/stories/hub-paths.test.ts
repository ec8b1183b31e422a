import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { callsOf, openApiFaults, swaggerFaults } from '../support/api-document.ts'
import { type Answer, type AskOptions, ask, callbackUrl, hub, platform } from '../support/client.ts'
import { loopbackAllowed } from '../support/events.ts'
import { pathElement } from '../support/path-element.ts'
import { type Product, startProduct } from '../support/product.ts'
import { type Answered, type Received, startVendor } from '../support/small-vendor.ts'

let product: Product
let vendor: Awaited<ReturnType<typeof startVendor>>
let token: string

const granted = { access_token: 'a', token_type: 'Bearer', refresh_token: 'r', expires_in: 3600 }

const rows: readonly object[] = [
  { noteId: 'n1', words: 'red', rank: 2 },
  { noteId: 'n2', words: 'round', rank: 1, color: null },
  { noteId: 'n3', words: 'ripe', rank: 3 },
]

/** What the orchard answers, by method and path. */
const answers: Readonly<Record<string, Answered>> = {
  'POST /token': { body: granted },
  'GET /apples/7/notes': { body: { list: rows } },
  'POST /apples/7/notes': { status: 201, body: { noteId: 'n4' } },
  'GET /apples/7/notes/n4': { body: { noteId: 'n4', words: 'new' } },
  'PATCH /apples/7/notes/n4': { status: 204 },
  'PUT /apples/7/notes/n4': { status: 204 },
  'DELETE /apples/7/notes/n4': { status: 204 },
  'GET /apples/7': { body: { ID: '7', Name: 'Boskoop' } },
  'PUT /apples/7': { status: 204 },
  'GET /apples/7/picture': { headers: { 'content-type': 'image/png' }, body: 'a picture' },
  'PUT /apples/7/picture': { status: 204 },
  'POST /apples/7/washing': { status: 204 },
  'GET /gardener': { body: { ID: '1', Name: 'Anna' } },
}

const answer = ({ method, path }: Received): Answered =>
  answers[`${method} ${path}`] ?? { status: 404, body: { message: `no ${method} ${path}` } }

beforeAll(async () => {
  vendor = await startVendor()
  vendor.answer(answer)
  product = await startProduct({
    sandbox: { reports: 1 },
    environment: loopbackAllowed,
    elements: [pathElement(vendor.url)],
  })
  const made = await ask(`${product.url}/instances`, {
    headers: platform(product.admin),
    body: {
      name: 'Orchard',
      element: { key: 'orchard' },
      configuration: {
        ...{ 'oauth.api.key': 'k', 'oauth.api.secret': 's', 'oauth.callback.url': callbackUrl },
      },
      providerData: { code: 'c' },
    },
  })
  expect(made.status, made.text).toBe(200)
  token = made.json.token
})
beforeEach(() => vendor.answer(answer))
afterAll(async () => {
  await product?.close()
  await vendor?.close()
})

const call = (path: string, options: AskOptions = {}): Promise<Answer> =>
  ask(`${product.url}/hubs/fruit${path}`, {
    ...options,
    headers: { ...hub(product.admin, token), ...options.headers },
  })

const done = (reply: Answer): Answer => {
  expect(reply.status, reply.text).toBe(200)
  return reply
}

describe('rows below a row', () => {
  it('are listed with where, orderBy, fields, pages and without nulls', async () => {
    const sorted = done(await call('/apples/7/notes', { query: { where: 'rank < 3', orderBy: 'rank' } }))
    expect(sorted.json).toEqual([
      { id: 'n2', noteId: 'n2', words: 'round', rank: 1 },
      { id: 'n1', noteId: 'n1', words: 'red', rank: 2 },
    ])
    expect(vendor.received().at(-1)?.path).toBe('/apples/7/notes')

    const first = done(await call('/apples/7/notes', { query: { pageSize: '2', fields: 'words' } }))
    expect([first.json, first.headers['elements-returned-count']]).toEqual([
      [{ words: 'red' }, { words: 'round' }],
      '2',
    ])
    const nextPage = String(first.headers['elements-next-page-token'])
    const second = done(await call('/apples/7/notes', { query: { nextPage } }))
    expect(second.json).toEqual([{ words: 'ripe' }])
    const foreign = await call('/apples/8/notes', { query: { nextPage } })
    expect([foreign.status, foreign.json.message]).toEqual([400, expect.stringContaining('appleId')])
  })

  it('are created, read, changed, replaced and removed', async () => {
    const made = done(await call('/apples/7/notes', { body: { words: 'new' } }))
    expect(made.json).toEqual({ id: 'n4', noteId: 'n4', words: 'new' })
    for (const method of ['PATCH', 'PUT']) {
      done(await call('/apples/7/notes/n4', { method, body: { words: 'other' } }))
      expect(vendor.received().at(-2)).toMatchObject({ method, body: { words: 'other' } })
    }
    expect(done(await call('/apples/7/notes/n4', { method: 'DELETE' })).text).toBe('')
    expect(vendor.received().at(-1)).toMatchObject({ method: 'DELETE', path: '/apples/7/notes/n4' })
    const missing = await call('/apples/7/notes/n5')
    expect([missing.status, missing.json.hop]).toEqual([404, 'provider'])
  })

  it('are no objects of their own', async () => {
    expect(done(await call('/objects')).json).toEqual(['apples'])
    expect((await call('/notes')).status).toBe(404)
    expect((await call('/bulk/notes', { method: 'POST', body: {} })).status).not.toBe(200)
  })
})

describe('other paths of an element', () => {
  it('lead to a row without an id', async () => {
    expect(done(await call('/me')).json).toEqual({ id: '1', ID: '1', Name: 'Anna' })
  })

  it('are taken without the hub where an Element token is sent', async () => {
    const bare = (path: string, headers: Record<string, string>) => ask(`${product.url}${path}`, { headers })
    expect(done(await bare('/me', hub(product.admin, token))).json.Name).toBe('Anna')
    expect(done(await bare('/apples/7/notes', hub(product.admin, token))).json).toHaveLength(3)
    expect((await bare('/me', platform(product.admin))).status).toBe(401)
  })

  it('reply with a file, and take one', async () => {
    const read = done(await call('/apples/pictures', { query: { apple: '7' } }))
    expect([read.text, read.headers['content-type']]).toEqual(['a picture', 'image/png'])
    const bytes = new TextEncoder().encode('another')
    const headers = { 'content-type': 'image/png' }
    const sent = await call('/apples/pictures', { method: 'POST', query: { apple: '7' }, bytes, headers })
    expect(done(sent).json).toMatchObject({ ID: '7' })
    expect(vendor.received().at(-2)).toMatchObject({ method: 'PUT', text: 'another' })
    const nameless = await call('/apples/pictures')
    expect([nameless.status, nameless.json.message]).toEqual([400, expect.stringContaining('apple:')])
  })

  it('do something with a row', async () => {
    expect(done(await call('/apples/7/wash', { body: { degrees: 30 } })).json).toMatchObject({ ID: '7' })
    expect((await call('/apples/7/wash', { body: {} })).status).toBe(400)
  })

  it('answer 405 with what they have, and 404 with words for what the vendor does not have', async () => {
    const wrong = await call('/apples/7/notes', { method: 'PUT', body: {} })
    expect([wrong.status, wrong.headers.allow]).toEqual([405, 'GET, HEAD, POST, OPTIONS'])
    const gone = await call('/apples/pictures', { method: 'DELETE' })
    expect([gone.status, gone.json.message]).toEqual([404, 'Orchard keeps every picture.'])
    expect((await call('/apples/7/nothing/1')).status).toBe(404)
  })
})

describe('PUT on a row', () => {
  it('replaces it where the element can, and is 405 elsewhere', async () => {
    expect(done(await call('/apples/7', { method: 'PUT', body: { Name: 'x' } })).json.Name).toBe('Boskoop')
    expect(vendor.received().at(0)).toMatchObject({ method: 'PUT', path: '/apples/7', body: { Name: 'x' } })
    const never = await call('/apples/7', { method: 'POST', body: {} })
    expect([never.status, never.headers.allow]).toEqual([405, 'GET, HEAD, PATCH, PUT, OPTIONS'])
  })
})

describe('documents', () => {
  const listed = [
    'GET /apples/{appleId}/notes',
    'PUT /apples/{appleId}/notes/{noteId}',
    'POST /apples/pictures',
    'POST /apples/{appleId}/wash',
    'PUT /apples/{id}',
    'GET /me',
  ]

  it('show the paths of an element, in both formats and in its resources', async () => {
    const asked = (path: string) => ask(`${product.url}${path}`, { headers: platform(product.admin) })
    const swagger = done(await asked('/elements/orchard/docs')).json
    expect(swaggerFaults(swagger)).toEqual([])
    const open = done(await asked('/elements/orchard/openapi')).json
    expect(openApiFaults(open)).toEqual([])
    const names = (document: typeof swagger) =>
      callsOf(document).map(({ method, path }) => `${method.toUpperCase()} ${path}`)
    expect(names(swagger)).toEqual(expect.arrayContaining(listed))
    expect(names(swagger)).not.toContain('DELETE /apples/pictures')
    expect(names(open)).toEqual(names(swagger))
    const picture = callsOf(swagger).find(
      ({ path, method }) => path === '/apples/pictures' && method === 'get',
    )
    expect(picture?.operation.parameters).toContainEqual(
      expect.objectContaining({ name: 'apple', in: 'query', required: true }),
    )
    const resources = done(await asked('/elements/orchard/resources')).json
    const inHub = resources.map(({ method, path }: Record<string, string>) => `${method} ${path}`)
    expect(inHub).toEqual(expect.arrayContaining(listed.map((one) => one.replace(' /', ' /hubs/fruit/'))))
  })
})
