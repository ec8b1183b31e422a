import { describe, expect, it } from 'vitest'
import { type Answer, ask, platform } from '../support/client.ts'
import {
  adminLogin,
  type Connected,
  codeFor,
  euAdminLogin,
  legacyApp,
  legacyInstance,
  userInstance,
} from '../support/grants.ts'
import { app, three } from '../support/instances.ts'
import type { Member, Product } from '../support/product.ts'
import type { Controls } from '../support/sandbox.ts'
import { onProduct } from '../support/stage.ts'

let product: Product
let member: Member
let sandbox: Controls

onProduct((stage) => {
  ;({ product, member, sandbox } = stage)
})

const application = { apiKey: app.key, apiSecret: app.secret }

const migrate = ({ id }: Connected, body: object): Promise<Answer> =>
  ask(`${product.url}/instances/${id}/migrate-authentication`, { headers: platform(member), body })

const people = (instance: Connected) => instance.call('/users', { query: { pageSize: '1' } })

describe('an instance of the deprecated framework that is moved', () => {
  it.each([
    ['to the person', {}, 'user', 'oauth2', 'own'],
    ['to the person, by name', { principal: 'user' }, 'user', 'oauth2', 'own'],
    ['to the company', { principal: 'company' }, 'company', 'company', undefined],
  ] as const)('%s keeps id and token, and is called as the current framework is', async (...row) => {
    const [, more, principal, type, scope] = row
    const instance = await legacyInstance(product, member, { configuration: { 'my.own': 'kept' } })
    let reply: Answer | undefined
    const { grants } = await sandbox.during(async () => {
      reply = await migrate(instance, { ...application, ...more })
    })
    expect(reply?.status, reply?.text).toBe(200)
    expect(grants).toEqual({ client_credentials: 1, legacy_migration: 1, refresh_token: 1 })
    expect(reply?.json).toMatchObject({ id: instance.id, token: instance.token, name: 'Grants', valid: true })
    expect(reply?.json.configuration).toMatchObject({ 'authentication.type': type, 'my.own': 'kept' })
    expect(reply?.json.authentication).toMatchObject([{ principal, type, state: 'ok' }])
    const { requests } = await sandbox.during(async () => {
      const list = await instance.reports()
      expect([list.status, list.headers['elements-scope']]).toEqual([200, scope])
      expect((await people(instance)).status).toBe(200)
    })
    expect(requests.map(({ path }) => path).join()).toContain('/profile/identity/v4.1/Users')
    await sandbox.endTokens()
    expect((await instance.reports()).status).toBe(200)
  })

  it('in the other data centre is followed there', async () => {
    const instance = await legacyInstance(product, member, { login: euAdminLogin })
    const reply = await migrate(instance, application)
    expect(reply.json.authentication[0].geolocation).toBe(`${product.sandbox.url}/dc/eu2`)
    expect((await instance.reports()).json[0].OwnerLoginID).toBe(euAdminLogin)
  })

  it('is renewed first when its token has ended', async () => {
    await sandbox.faults({ fault: 'expire-tokens', value: 0, operation: 'legacy.token' })
    const instance = await legacyInstance(product, member)
    await sandbox.faults({ fault: 'legacy-new-token', value: 'kill-old' })
    const { grants } = await sandbox.during(async () => {
      expect((await migrate(instance, application)).status).toBe(200)
    })
    expect(grants).toMatchObject({ legacy_refresh: 1, legacy_migration: 1 })
  })

  it('with a token alone is moved by that', async () => {
    await sandbox.faults({ fault: 'legacy-no-refresh' })
    const instance = await legacyInstance(product, member)
    expect((await migrate(instance, application)).status).toBe(200)
    expect((await people(instance)).status).toBe(200)
  })

  it('by its Element token, as the other calls on an instance', async () => {
    const instance = await legacyInstance(product, member)
    const reply = await ask(`${product.url}/instances/migrate-authentication`, {
      headers: three(member, instance.token),
      body: application,
    })
    expect(reply.json, reply.text).toMatchObject({ id: instance.id, valid: true })
  })

  it('can be connected again as any other afterwards', async () => {
    const instance = await legacyInstance(product, member, {
      configuration: { 'oauth.callback.url': 'http://127.0.0.1:9/callback' },
    })
    await migrate(instance, application)
    await sandbox.revoke()
    expect((await instance.reports()).status).toBe(401)
    const code = await codeFor(product, member)
    expect((await instance.patch({ providerData: { code } })).json.valid).toBe(true)
    expect((await instance.reports()).status).toBe(200)
  })
})

describe('a move that is refused', () => {
  const somebody = async (): Promise<string> => {
    const rows = await (await legacyInstance(product, member)).call('/users', {
      query: { where: `active = 'true'`, pageSize: '5' },
    })
    return rows.json.find((row: { LoginID: string }) => row.LoginID !== adminLogin).LoginID
  }

  const refusals: readonly [
    title: string,
    options: () => Promise<Parameters<typeof legacyInstance>[2] & { scope?: string }>,
    body: object,
    code: string,
    words: RegExp,
  ][] = [
    [
      'scopes: INVALIDSCOPES',
      async () => ({ scope: 'EXPRPT,MTNG' }),
      application,
      'provider-refused',
      /MTNG.*INVALIDSCOPES/,
    ],
    [
      'another partner’s application: INVALIDAPP',
      async () => ({}),
      { apiKey: 'other-sandbox', apiSecret: 'other-sandbox-secret' },
      'provider-refused',
      /consumer key.*INVALIDAPP/,
    ],
    [
      'the company, by somebody who is no administrator: UNAUTHORIZED',
      async () => ({ login: await somebody() }),
      { ...application, principal: 'company' },
      'provider-refused',
      /Web Services Administrator.*UNAUTHORIZED/,
    ],
    [
      'an application that may not ask for itself: 60',
      async () => ({}),
      { apiKey: 'limited-sandbox', apiSecret: 'limited-sandbox-secret' },
      'provider-refused',
      /application no token.*code 60.*apiKey and apiSecret/,
    ],
    [
      'a wrong secret: 64',
      async () => ({}),
      { ...application, apiSecret: 'x' },
      'provider-refused',
      /code 64/,
    ],
    [
      'a disabled application: 59',
      async () => ({}),
      { apiKey: 'disabled-sandbox', apiSecret: 'disabled-sandbox-secret' },
      'provider-refused',
      /code 59/,
    ],
    [
      'the old application: 61',
      async () => ({}),
      { apiKey: legacyApp.key, apiSecret: legacyApp.secret },
      'provider-refused',
      /code 61/,
    ],
    ['no application', async () => ({}), {}, 'bad-request', /apiKey/],
    ['no secret', async () => ({}), { apiKey: app.key }, 'bad-request', /apiSecret/],
    ['nobody', async () => ({}), { ...application, principal: 'app' }, 'bad-request', /principal/],
    [
      'to the real vendor with the application of the sandbox',
      async () => ({}),
      { ...application, siteAddress: 'eu2' },
      'bad-request',
      /siteAddress/,
    ],
  ]

  it.each(refusals)('%s: the instance is as it was', async (_title, options, body, code, words) => {
    const instance = await legacyInstance(product, member, await options())
    const before = (await instance.show()).json
    const reply = await migrate(instance, body)
    expect([reply.status, reply.json.code], reply.text).toEqual([400, code])
    expect(reply.json.message).toMatch(words)
    if (code === 'provider-refused') expect(reply.json.hop).toBe('provider')
    expect(reply.text).not.toContain(app.secret)
    expect((await instance.show()).json).toEqual(before)
    const { requests } = await sandbox.during(async () => {
      expect((await instance.reports()).status).toBe(200)
    })
    expect(requests).toHaveLength(1)
  })

  it.each([
    [
      '108 for the token that the vendor just gave',
      { fault: 'oauth-error', value: 108 },
      400,
      'provider-refused',
    ],
    [
      'a foreign host',
      { fault: 'hostile-geolocation', value: 'https://evil.example' },
      400,
      'provider-refused',
    ],
    ['a failure', { fault: 'server-error', value: 500 }, 502, 'provider-failed'],
  ])('at its last step, by %s: the instance is as it was', async (_title, fault, status, code) => {
    const instance = await legacyInstance(product, member)
    const before = (await instance.show()).json
    // The application's own token comes first by the same address: that one is let through.
    await sandbox.faults({ ...fault, operation: 'oauth.token', rate: 0.5 })
    const reply = await migrate(instance, application)
    await sandbox.faults()
    expect([reply.status, reply.json.code], reply.text).toEqual([status, code])
    expect((await instance.show()).json).toEqual(before)
    expect((await instance.reports()).status).toBe(200)
  })

  it('with a token that the vendor does not know any more says so', async () => {
    const instance = await legacyInstance(product, member)
    const twin = await legacyInstance(product, member)
    await twin.remove()
    await sandbox.revoke()
    const reply = await migrate(instance, application)
    expect([reply.status, reply.json.code], reply.text).toEqual([400, 'provider-refused'])
    expect(reply.json.message).toContain('INVALIDTOKEN')
  })

  it('where there is nothing to move from: 400; nobody’s or another’s instance: 404', async () => {
    const current = await userInstance(product, member)
    const reply = await migrate(current, application)
    expect([reply.status, reply.json.code]).toEqual([400, 'bad-request'])
    expect(reply.json.message).toContain("'oauth2'")
    const stranger = await product.addMember('Move', 'admin@move.example')
    const legacy = await legacyInstance(product, member)
    const foreign = await ask(`${product.url}/instances/${legacy.id}/migrate-authentication`, {
      headers: platform(stranger),
      body: application,
    })
    expect(foreign.status).toBe(404)
  })
})
