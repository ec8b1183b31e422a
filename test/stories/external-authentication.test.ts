import { describe, expect, it } from 'vitest'
import { ask } from '../support/client.ts'
import {
  adminLogin,
  allowAt,
  codeFor,
  connected,
  consentPage,
  keysOf,
  legacyApp,
  post,
} from '../support/grants.ts'
import { app } from '../support/instances.ts'
import type { Member, Product } from '../support/product.ts'
import { everyRow } from '../support/rows.ts'
import type { Controls } from '../support/sandbox.ts'
import { onProduct } from '../support/stage.ts'

let product: Product
let member: Member
let sandbox: Controls

onProduct((stage) => {
  ;({ product, member, sandbox } = stage)
})

interface Brought {
  readonly 'oauth.user.refresh_token': string
  readonly 'oauth.user.token'?: string
}

const byForm = async (form: Record<string, string>, at = ''): Promise<Brought> => {
  const { json } = await ask(`${product.sandbox.url}${at}/oauth2/v0/token`, {
    form: { client_id: app.key, client_secret: app.secret, ...form },
  })
  return { 'oauth.user.refresh_token': json.refresh_token }
}

/** Tokens that the vendor gave without this product. */
const given = {
  user: () => byForm({ grant_type: 'password', username: adminLogin, password: 'sandbox' }),
  abroad: () =>
    byForm({ grant_type: 'password', username: 'abroad@sandbox.example', password: 'sandbox' }, '/dc/eu2'),
  company: async () => {
    const { companyId, requestToken } = await sandbox.requestToken()
    const credentials = { username: companyId, password: requestToken, credtype: 'authtoken' }
    return byForm({ grant_type: 'password', ...credentials })
  },
  legacy: async (): Promise<Brought> => {
    const { json } = await ask(`${product.sandbox.url}/net2/oauth2/accesstoken.ashx`, {
      headers: {
        accept: 'application/json',
        authorization: `Basic ${Buffer.from(`${adminLogin}:sandbox`).toString('base64')}`,
        'x-consumerkey': legacyApp.key,
      },
    })
    return { 'oauth.user.refresh_token': json.Refresh_Token, 'oauth.user.token': json.Token }
  },
}

const bring = (configuration: Record<string, string>) =>
  post(product, member, {
    externalAuthentication: 'initial',
    configuration: { ...keysOf(app), ...configuration },
  })

describe('tokens that a client brings', () => {
  it.each([
    ['a person’s', 'user', {}, 'user', ''],
    ['of somebody in the other data centre', 'abroad', {}, 'user', '/dc/eu2'],
    ['a company’s', 'company', { 'authentication.type': 'company' }, 'company', ''],
    [
      'of the deprecated framework',
      'legacy',
      { 'authentication.type': 'legacy', ...keysOf(legacyApp) },
      'user',
      '',
    ],
  ] as const)('%s connect, are renewed, and are not kept in the configuration', async (...row) => {
    const [, kind, more, principal, at] = row
    const tokens = await given[kind]()
    const made = await bring({ ...tokens, ...more })
    expect(made.status, made.text).toBe(200)
    expect(made.json).toMatchObject({
      externalAuthentication: 'initial',
      valid: true,
      authentication: [{ principal, state: 'ok', geolocation: `${product.sandbox.url}${at}` }],
    })
    const instance = connected(product, member, made)
    expect((await instance.reports()).status).toBe(200)
    await sandbox.addSeconds(kind === 'legacy' ? 366 * 86_400 : 3_700)
    expect((await instance.reports()).status).toBe(200)
    await product.context.requestLog.flush()
    const seen = made.text + (await instance.show()).text + (await everyRow(product))
    for (const secret of Object.values(tokens)) expect(seen).not.toContain(secret)
  })

  it('of the deprecated framework come together, since one renews nothing without the other', async () => {
    const { 'oauth.user.token': _, ...alone } = await given.legacy()
    const reply = await bring({ ...alone, 'authentication.type': 'legacy', ...keysOf(legacyApp) })
    expect([reply.status, reply.json.code]).toEqual([400, 'bad-request'])
    expect(reply.json.message).toContain('oauth.user.token')
  })

  it('must be there', async () => {
    const reply = await bring({})
    expect([reply.status, reply.json.code]).toEqual([400, 'bad-request'])
    expect(reply.json.message).toContain('oauth.user.refresh_token')
  })

  const application = (name: string) => keysOf({ key: name, secret: `${name}-secret` })
  it.each([
    ['another application’s', application('other-sandbox'), 105, 401, 'needs-reconnect'],
    ['an application’s that may not refresh', application('limited-sandbox'), 107, 401, 'needs-reconnect'],
    ['a disabled application’s', application('disabled-sandbox'), 59, 400, 'provider-refused'],
    ['with a wrong secret', keysOf({ key: app.key, secret: 'not-the-secret' }), 64, 400, 'provider-refused'],
    ['that the vendor does not know', { 'oauth.user.refresh_token': 'none' }, 108, 401, 'needs-reconnect'],
  ] as const)('%s connect nothing: code %i', async (...row) => {
    const [, more, code, status, name] = row
    const reply = await bring({ ...(await given.user()), ...more })
    expect([reply.status, reply.json.code, reply.json.hop]).toEqual([status, name, 'provider'])
    expect(reply.json.providerMessage).toContain(`code ${code})`)
  })
})

describe('an application’s own rules', () => {
  const configuration = (name: string) => ({
    ...keysOf({ key: name, secret: `${name}-secret` }),
    'oauth.callback.url': 'http://127.0.0.1:9/callback',
  })
  it('one that may not refresh serves as long as its token, and then ends with code 107', async () => {
    const made = await post(product, member, {
      configuration: configuration('limited-sandbox'),
      providerData: { code: await codeFor(product, member, { apiKey: 'limited-sandbox' }) },
    })
    const instance = connected(product, member, made)
    expect((await instance.reports()).status).toBe(200)
    await sandbox.endTokens()
    expect((await instance.reports()).json).toMatchObject({
      ...{ code: 'needs-reconnect', providerMessage: expect.stringContaining('code 107') },
    })
  })

  it.each([
    ['60 for a company by an application for codes alone', 'limited-sandbox', 'us2', 60],
    ['53 for a company that has not enabled it', 'other-sandbox', 'eu2', 53],
  ])('%s', async (_title, name, company, code) => {
    const { companyId, requestToken } = await sandbox.requestToken({ company, client: name })
    const reply = await post(product, member, {
      configuration: {
        ...{ ...configuration(name), 'authentication.type': 'company' },
        ...{ 'concur.company.id': companyId, 'concur.company.request.token': requestToken },
      },
    })
    expect([reply.status, reply.json.code]).toEqual([400, 'provider-refused'])
    expect(reply.json.providerMessage).toContain(`code ${code})`)
  })

  it('a narrower scope is asked for, granted, shown, and kept by each renewal', async () => {
    const scope = 'openid EXPRPT'
    const page = await consentPage(product, member, { scope })
    expect(page.searchParams.get('scope')).toBe(scope)
    const code = (await allowAt(page)).searchParams.get('code')
    const made = await post(product, member, {
      configuration: { ...configuration(app.key), 'oauth.api.secret': app.secret },
      providerData: { code },
    })
    const instance = connected(product, member, made)
    for (let round = 0; round < 2; round++) {
      expect((await instance.show()).json.authentication[0].scopes).toEqual(['openid', 'EXPRPT'])
      expect((await instance.reports()).status).toBe(200)
      const people = await instance.call('/users', { query: { pageSize: '1' } })
      expect([people.status, people.json.code]).toEqual([403, 'provider-denied'])
      expect(people.json.message).toMatch(
        /documents this call for the grant of a company.* The grant of a person \(principal user\) lacks the scope identity\.user\.core\.read or .*oauth\.scope/,
      )
      await sandbox.endTokens()
    }
  })

  it('a scope that the application has not is refused on the vendor’s page: code 54', async () => {
    const back = await allowAt(await consentPage(product, member, { scope: 'no.such.scope' }))
    expect(back.searchParams.get('error_code')).toBe('54')
  })
})
