import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ElementPreviewReply } from '#src/contract/index.ts'
import { ask } from '../support/client.ts'
import { connectMadeUp, madeUpElement } from '../support/made-up-element.ts'
import { asMember, orchardElement } from '../support/posted-elements.ts'
import { type Member, type Product, startProduct } from '../support/product.ts'

let product: Product
let other: Member
let call: ReturnType<typeof asMember>

const vendorUrl = 'http://127.0.0.1:9'

beforeAll(async () => {
  product = await startProduct({ sandbox: { reports: 1 }, environment: { OUTBOUND_ALLOW: '127.0.0.1' } })
  other = await product.addMember('Southwind', 'admin@southwind.example')
  call = asMember(product, product.admin)
})
afterAll(() => product?.close())

/** Operations of a resource as `verb METHOD path -> METHOD path`. */
const operationsOf = (json: ElementPreview, name: string): readonly string[] =>
  (json.resources.find((one) => one.name === name)?.operations ?? []).map(
    ({ verb, method, path, vendorMethod, vendorPath }) =>
      `${verb} ${method} ${path} -> ${vendorMethod} ${vendorPath}`,
  )

type ElementPreview = ReturnType<typeof ElementPreviewReply.parse>

const preview = async (body: object): Promise<ElementPreview> => {
  const reply = await call('POST', '/elements/preview', body)
  expect(reply.status, reply.text).toBe(200)
  expect(ElementPreviewReply.safeParse(reply.json).error?.issues ?? []).toEqual([])
  return reply.json
}

describe('an element before it is posted', () => {
  it('is told as it would run, and nothing is stored', async () => {
    const before = (await call('GET', '/elements/keys')).json
    const json = await preview(madeUpElement(vendorUrl))
    expect(json).toMatchObject({ key: 'madeup', name: 'Made Up', hub: 'crm', baseUrl: vendorUrl })
    expect(json).not.toHaveProperty('taken')
    expect(json.login).toEqual({
      ...{ type: 'custom', consent: false, words: expect.stringContaining('configuration') },
      asks: [{ key: 'key', name: 'Key', isSecret: true }],
    })
    expect(operationsOf(json, 'people')).toEqual([
      'search GET /people -> GET /v1/people',
      'create POST /people -> POST /v1/people',
      'retrieve GET /people/{id} -> GET /v1/people/{id}',
      'update PATCH /people/{id} -> PATCH /v1/people/{id}',
      'remove DELETE /people/{id} -> DELETE /v1/people/{id}',
    ])
    expect(operationsOf(json, 'people/{id}/notes')).toEqual([
      'search GET /people/{id}/notes -> GET /v1/people/{id}/notes',
    ])
    expect((await call('GET', '/elements/keys')).json).toEqual(before)
  })

  it('tells whose work pages and where are, how changes are found, what hooks run and what follows', async () => {
    const json = await preview(madeUpElement(vendorUrl))
    const people = json.resources.find(({ name }) => name === 'people')
    expect(people?.changes).toEqual({ by: 'date', field: 'changedAt' })
    expect(people?.bulk).toEqual({ download: true, upload: true })
    expect(people?.operations[0]?.listing).toEqual({ pages: 'provider', where: 'equals' })
    expect(people?.operations[1]?.hooks).toEqual({ before: 1, after: 1 })
    const notes = json.resources.find(({ name }) => name === 'people/{id}/notes')
    expect(notes?.operations[0]?.listing).toEqual({ pages: 'here', where: 'here' })
    expect(notes).not.toHaveProperty('changes')
    const me = json.resources.find(({ name }) => name === 'me')
    expect(me?.changes).toEqual({ by: 'comparing' })
    const chained = orchardElement(vendorUrl, {
      resources: [
        { path: '/trees', method: 'POST', nextResource: 'GET:/hubs/farming/trees/{id}' },
        { path: '/trees/{id}', method: 'GET' },
      ],
    })
    expect((await preview(chained)).resources[0]?.operations[0]?.next).toBe('GET /trees/{id}')
  })

  it('tells what it cannot do, by member and operation', async () => {
    const resources = [
      { path: '/trees', method: 'GET', kind: 'java' },
      {
        ...{ path: '/trees', method: 'POST' },
        hooks: [{ type: 'preRequest', body: "const request = require('request')" }],
      },
      { path: '/hook', method: 'POST', type: 'onProvisionWebhook' },
    ]
    const { findings } = await preview(orchardElement(vendorUrl, { resources }))
    expect(findings.map(({ where, operation }) => `${where}: ${operation}`)).toEqual([
      'resources[0].kind: GET /hubs/farming/trees',
      'resources[1].hooks[0]: POST /hubs/farming/trees',
      'resources[2].type: POST /hubs/farming/hook',
    ])
    expect(findings[1]?.words).toContain("'request'")
  })

  it.each([
    ['oauth2', true, ['API key', 'API secret']],
    ['oauth2Password', false, ['API key', 'API secret', 'User name', 'Password']],
    ['basic', false, ['API key', 'API secret', 'User name', 'Password']],
  ])('with the login %s tells what a person is asked for', async (type, consent, names) => {
    const { login } = await preview(orchardElement(vendorUrl, { authentication: { type } }))
    expect([login.type, login.consent]).toEqual([type, consent])
    expect(login.asks.map(({ name }) => name)).toEqual(names)
  })

  it('names the member that is wrong, as POST /elements does', async () => {
    const wrong: readonly (readonly [object, string])[] = [
      [{ resources: [{ path: '/trees', method: 'GET' }, { path: '/trees' }] }, 'resources[1].method: '],
      [{ resources: [{ path: '/trees', method: 'FETCH' }] }, 'resources[0].method: '],
      [{ configuration: [] }, 'configuration: base.url is missing'],
      [{ protocolType: 'soap' }, "protocolType: 'soap'"],
      [{ authentication: { type: 'kerberos' } }, 'authentication.type: '],
      [{ key: 'all' }, "key: 'all'"],
    ]
    for (const [over, words] of wrong) {
      const body = orchardElement(vendorUrl, { key: 'wrong', ...over })
      const previewed = await call('POST', '/elements/preview', body)
      const posted = await call('POST', '/elements', body)
      expect([previewed.status, previewed.json.message], words).toEqual([
        400,
        expect.stringMatching(new RegExp(`^${words.replaceAll(/[[\].]/g, '\\$&')}`)),
      ])
      expect([posted.status, posted.json.message]).toEqual([400, previewed.json.message])
    }
  })

  it('tells whose its key is already, and how many instances would run on it', async () => {
    expect((await preview(orchardElement(vendorUrl, { key: 'concur' }))).taken).toMatchObject({
      by: 'catalogue',
    })
    await call('POST', '/elements', orchardElement(vendorUrl))
    expect((await preview(orchardElement(vendorUrl))).taken).toEqual({
      ...{ by: 'own', name: 'Acme Orchard', instances: 0 },
    })
    const { resources, ...rest } = madeUpElement(vendorUrl)
    await connectMadeUp(product, { ...rest, resources: resources.filter(({ type }) => type === 'api') })
    expect((await preview({ ...madeUpElement(vendorUrl), key: 'MadeUp' })).taken).toMatchObject({
      ...{ by: 'own', instances: 1 },
    })
    const elsewhere = await asMember(product, other)('POST', '/elements/preview', orchardElement(vendorUrl))
    expect([elsewhere.status, elsewhere.json.taken]).toEqual([200, undefined])
  })

  it('is told as a clone where an exported clone says what it is one of', async () => {
    const clone = await call('POST', '/elements/concur/clone')
    expect(clone.status, clone.text).toBe(200)
    const exported = (await call('GET', `/elements/${clone.json.key}/export`)).json
    const json = await preview({ ...exported, key: 'clone-of-mine' })
    expect(json).toMatchObject({ key: 'clone-of-mine', hub: 'expense', login: { consent: true } })
    expect(operationsOf(json, 'reports')[0]).toMatch(/^search GET \/reports -> GET /)
    const lost = await call('POST', '/elements/preview', { ...exported, clonedFrom: 'nowhere' })
    expect([lost.status, lost.json.message]).toEqual([400, expect.stringMatching(/^clonedFrom: 'nowhere'/)])
  })

  it('and what a form draws of it hold no secret that the element has', async () => {
    const configuration = [
      { key: 'base.url', defaultValue: vendorUrl },
      { key: 'shared', name: 'Shared', type: 'PASSWORD', defaultValue: 'never-shown' },
    ]
    const body = orchardElement(vendorUrl, {
      key: 'shared',
      authentication: { type: 'custom' },
      configuration,
    })
    const previewed = await call('POST', '/elements/preview', body)
    expect((await call('POST', '/elements', body)).status).toBe(200)
    const metadata = await call('GET', '/elements/shared/metadata', undefined, { expand: 'true' })
    expect(metadata.json.connect.ways[0].inputs.map(({ key }: { key: string }) => key)).toContain('shared')
    expect(previewed.text + metadata.text).not.toContain('never-shown')
  })

  it('is told to nobody who does not say who asks', async () => {
    const reply = await ask(`${product.url}/elements/preview`, { body: orchardElement(vendorUrl) })
    expect(reply.status).toBe(401)
  })
})
