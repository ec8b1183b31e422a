import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Auth, Element, TokenSettings } from '#src/element/index.ts'
import { ask, platform } from '../support/client.ts'
import { three } from '../support/instances.ts'
import { configField, loginElement, said } from '../support/login-element.ts'
import type { Member, Product } from '../support/product.ts'
import { type Answered, type Received, startVendor } from '../support/small-vendor.ts'
import { onProduct } from '../support/stage.ts'

let product: Product
let member: Member
let vendor: Awaited<ReturnType<typeof startVendor>>

const settings: Extract<Auth, { kind: 'oauth2-code' }>['settings'] = (configured): TokenSettings => ({
  scope: configured('oauth.scope') ?? '',
  clientIn: configured('oauth.basic.header') === 'true' ? 'header' : 'body',
  lifeSeconds: Number(configured('oauth.user.refresh_interval') ?? 3600),
})

const tokenAddress = {
  ...said,
  scheme: 'Bearer',
  tokenPath: '',
  refusals: [{ when: { error: 'invalid_grant' }, means: 'ended' }],
  settings,
  looseReplies: true,
} as const

const byCode = loginElement({
  key: 'orchardcode',
  auth: {
    ...tokenAddress,
    kind: 'oauth2-code',
    type: 'oauth2',
    authorizePath: '',
    scopes: [],
    scopeSeparator: ' ',
  },
  config: ['oauth.authorization.url', 'oauth.token.url', 'oauth.callback.url'].map((key) => configField(key)),
  tokenIn: { query: 'k' },
})

const byPassword = loginElement({
  key: 'orchardpassword',
  auth: {
    ...tokenAddress,
    kind: 'oauth2-password',
    type: 'oauth2Password',
    usernameKey: 'username',
    passwordKey: 'password',
    hint: 'Check them.',
    extra: {},
    at: 'tokenUrl',
  },
  config: [configField('username'), configField('password', { kind: 'secret' })],
  tokenIn: { header: 'X-Orchard-Token', prefix: 'Token ' },
})

const byOauth1 = loginElement({
  key: 'orchardone',
  auth: {
    ...said,
    kind: 'oauth1',
    type: 'oauth1',
    requestPath: '',
    authorizePath: '',
    tokenPath: '',
    signature: 'HMAC-SHA1',
  },
})

const elements: readonly Element[] = [byCode, byPassword, byOauth1]

beforeAll(async () => {
  vendor = await startVendor()
})
afterAll(() => vendor.close())

onProduct(
  (stage) => {
    ;({ product, member } = stage)
  },
  { elements, environment: { OUTBOUND_ALLOW: '127.0.0.1' } },
)

const callbackUrl = 'https://app.example/cb'
const client = { 'oauth.api.key': 'an app', 'oauth.api.secret': 'its s&cret' } as const

/** Addresses below `{place}`, as customers write them. */
const addresses = () => ({
  'base.url': `${vendor.url}/api`,
  'oauth.authorization.url': `${vendor.url}/{place}/authorize?tenant=1`,
  'oauth.token.url': `${vendor.url}/{place}/token`,
  'oauth.request.url': `${vendor.url}/{place}/request`,
  place: 'eu',
})

const connect = (key: string, more: object, configuration: object = {}) =>
  ask(`${product.url}/instances`, {
    headers: platform(member),
    body: {
      name: 'Trees',
      element: { key },
      configuration: { ...addresses(), ...client, 'oauth.callback.url': callbackUrl, ...configuration },
      ...more,
    },
  })

const get = (token: string, path: string) =>
  ask(`${product.url}/hubs/fruit${path}`, { headers: three(member, token) })

const oauthUrl = (key: string, query: Readonly<Record<string, string>> = {}, path = 'url') =>
  ask(`${product.url}/elements/${key}/oauth/${path}`, {
    headers: platform(member),
    query: {
      ...{ apiKey: client['oauth.api.key'], apiSecret: client['oauth.api.secret'], callbackUrl },
      ...addresses(),
      ...query,
    },
  })

const isToken = ({ path }: Received): boolean => path === '/eu/token'
const formOf = ({ text }: Received) => Object.fromEntries(new URLSearchParams(text))
const tokenCalls = () => vendor.received().filter(isToken).map(formOf)

/** The vendor grants this, and answers calls so. */
const grants = (granted: Answered, answer: (request: Received) => Answered) =>
  vendor.answer((request) => (isToken(request) ? granted : answer(request)))

describe('a login by OAuth 2 whose addresses are configured', () => {
  it('fills them in for the consent page, with what is sent for it', async () => {
    const { json } = await oauthUrl('orchardcode', { 'oauth.scope': 'read write', state: 's' })
    const url = new URL(json.oauthUrl)
    expect([url.origin, url.pathname]).toEqual([vendor.url, '/eu/authorize'])
    expect(Object.fromEntries(url.searchParams)).toEqual({
      tenant: '1',
      client_id: 'an app',
      redirect_uri: callbackUrl,
      scope: 'read write',
      response_type: 'code',
      state: 's',
    })
    const without = new URL((await oauthUrl('orchardcode')).json.oauthUrl)
    expect(without.searchParams.has('scope')).toBe(false)
  })

  it('uses a token without a refresh token until it is refused, in a query that nobody sees', async () => {
    const token = 'token-in-a-query'
    let alive = true
    grants({ body: { access_token: token } }, ({ query }) =>
      alive ? { body: {} } : { status: 401, body: { message: `dead: ${query.map(String).join()}` } },
    )
    const made = await connect('orchardcode', { providerData: { code: 'c1' } })
    expect(made.json.authentication).toMatchObject([{ state: 'ok', expiresAt: null }])
    expect(tokenCalls()).toEqual([
      {
        grant_type: 'authorization_code',
        code: 'c1',
        redirect_uri: callbackUrl,
        client_id: 'an app',
        client_secret: 'its s&cret',
      },
    ])
    await get(made.json.token, '/pears/p')
    const [called] = vendor.received().filter((request) => !isToken(request))
    expect([called?.path, called?.query, called?.headers.authorization]).toEqual([
      '/api/pears/p',
      [['k', token]],
      undefined,
    ])
    alive = false
    const refused = await get(made.json.token, `/pears/${token}`)
    expect([refused.status, refused.json.code]).toEqual([401, 'needs-reconnect'])
    expect(refused.json.message).toMatch(/no refresh token/)
    const find = () =>
      ask(`${product.url}/usage/${String(refused.headers['elements-request-id'])}`, {
        headers: platform(member),
      })
    await expect.poll(async () => (await find()).status, { timeout: 10_000 }).toBe(200)
    const { vendorCalls } = (await find()).json
    expect(vendorCalls).toMatchObject([{ path: '/api/pears/***', status: 401 }])
    expect(JSON.stringify([vendorCalls, refused.json.providerMessage])).not.toContain(token)
  })

  it('masks the token that a vendor repeats in its words', async () => {
    const token = 'token-that-is-repeated'
    grants({ body: { access_token: token } }, ({ query }) => ({
      status: 403,
      body: { message: `not with ${query.map(([, value]) => value).join()}` },
    }))
    const made = await connect('orchardcode', { providerData: { code: 'c2' } })
    const refused = await get(made.json.token, '/pears/p')
    expect(refused.json.message).toContain('not with ***')
    expect(refused.text).not.toContain(token)
  })

  it('is renewed at the address that is configured then, the application in the header, replies as forms', async () => {
    let at = 0
    grants({ body: { access_token: 't0', refresh_token: 'r0', expires_in: '30' } }, () => ({ body: {} }))
    const made = await connect(
      'orchardcode',
      { providerData: { code: 'c3' } },
      { 'oauth.basic.header': 'true' },
    )
    expect([made.status, tokenCalls()[0]?.['client_secret']]).toEqual([200, undefined])
    expect(vendor.received()[0]?.headers.authorization).toBe(
      `Basic ${Buffer.from('an+app:its+s%26cret').toString('base64')}`,
    )
    await ask(`${product.url}/instances/${made.json.id}`, {
      method: 'PATCH',
      headers: platform(member),
      body: { configuration: { place: 'us' } },
    })
    vendor.answer(({ path }) => {
      if (path !== '/us/token') return { body: {} }
      at += 1
      return { body: `access_token=t${at}&refresh_token=r${at}&expires_in=3600` }
    })
    await get(made.json.token, '/pears/p')
    const [renewal, call] = vendor.received()
    expect([renewal?.path, formOf(renewal as Received)]).toEqual([
      '/us/token',
      { grant_type: 'refresh_token', refresh_token: 'r0' },
    ])
    expect(call?.query).toEqual([['k', 't1']])
  })

  it('takes a token that was granted elsewhere, without a code', async () => {
    grants({ status: 500 }, () => ({ body: {} }))
    const made = await connect(
      'orchardcode',
      { externalAuthentication: 'initial' },
      { 'oauth.user.token': 'brought' },
    )
    expect([made.status, made.json.externalAuthentication]).toEqual([200, 'initial'])
    expect(made.text).not.toContain('brought')
    await get(made.json.token, '/pears/p')
    expect(vendor.received().map(({ query }) => query)).toEqual([[['k', 'brought']]])
  })
})

describe('a login by the password grant whose addresses are configured', () => {
  it('puts the token into the header that the element names, and asks again by the password', async () => {
    let at = 0
    vendor.answer((request) => {
      if (!isToken(request)) return { body: {} }
      at += 1
      return { body: { access_token: `p${at}`, token_type: 'odd', expires_in: at === 1 ? 20 : 3600 } }
    })
    const made = await connect('orchardpassword', {}, { username: 'kim', password: 'secret word' })
    expect(made.json.configuration).toMatchObject({ username: 'kim', password: '********' })
    expect(made.json.authentication).toMatchObject([{ type: 'oauth2Password', state: 'ok' }])
    await get(made.json.token, '/pears/p')
    expect(tokenCalls()).toEqual(
      [1, 2].map(() => ({
        grant_type: 'password',
        username: 'kim',
        password: 'secret word',
        client_id: 'an app',
        client_secret: 'its s&cret',
      })),
    )
    expect(vendor.received().at(-1)?.headers).toMatchObject({ 'x-orchard-token': 'Token p2' })
    expect(vendor.received().at(-1)?.headers.authorization).toBeUndefined()
  })

  it('tells a refused password in the vendor’s words, without it', async () => {
    grants(
      { status: 400, body: { error: 'invalid_grant', message: 'no such person with secret word' } },
      () => ({ status: 500 }),
    )
    const made = await connect('orchardpassword', {}, { username: 'kim', password: 'secret word' })
    expect(made.json).toMatchObject({
      code: 'provider-refused',
      message: expect.stringMatching(/configuration\.password: no such person with \*\*\*.*Check them\./),
    })
  })
})

const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)

/** The parameters of an OAuth header, and whether its signature is that of the request (RFC 5849 3.4). */
const signedBy = ({ method, path, query, headers, text }: Received, tokenSecret: string) => {
  const parameters = [...(headers.authorization ?? '').matchAll(/(\w+)="([^"]*)"/g)].map(
    ([, name = '', value = '']) => [name, decodeURIComponent(value)] as const,
  )
  const { oauth_signature: signature, ...oauth } = Object.fromEntries(parameters)
  const form = headers['content-type']?.startsWith('application/x-www-form-urlencoded') ? text : ''
  const all = [...query, ...Object.entries(oauth), ...new URLSearchParams(form)]
  const normal = all
    .map(([name, value]) => `${encode(name)}=${encode(value ?? '')}`)
    .sort()
    .join('&')
  const base = [method, `${vendor.url}${path}`, normal].map(encode).join('&')
  const key = `${encode(client['oauth.api.secret'])}&${encode(tokenSecret)}`
  return { oauth, isRight: signature === createHmac('sha1', key).update(base).digest('base64') }
}

describe('a login by OAuth 1.0', () => {
  const serve = () =>
    vendor.answer(({ path }) => {
      if (path === '/eu/request')
        return { body: 'oauth_token=req&oauth_token_secret=req%26s&oauth_callback_confirmed=true' }
      if (path === '/eu/token') return { body: 'oauth_token=acc&oauth_token_secret=acc%20s' }
      return { body: { list: [{ ID: 'a' }] } }
    })

  it('3/4 is begun with a request token, and every call is signed over its query', async () => {
    serve()
    const asked = await oauthUrl('orchardone', {}, 'token')
    expect([asked.status, asked.json]).toEqual([200, { token: 'req', secret: 'req&s' }])
    const first = signedBy(vendor.received()[0] as Received, '')
    expect(first.isRight).toBe(true)
    expect(first.oauth).toMatchObject({ oauth_consumer_key: 'an app', oauth_callback: callbackUrl })
    const page = await oauthUrl('orchardone', { requestToken: 'req' })
    expect(page.json).toEqual({
      element: 'orchardone',
      oauthUrl: `${vendor.url}/eu/authorize?tenant=1&oauth_token=req`,
    })
    const made = await connect('orchardone', {
      providerData: { oauth_token: 'req', oauth_verifier: 'ver', secret: 'req&s' },
    })
    expect(made.json.authentication).toMatchObject([{ type: 'oauth1', state: 'ok', expiresAt: null }])
    const traded = signedBy(vendor.received()[1] as Received, 'req&s')
    expect([traded.isRight, traded.oauth['oauth_token'], traded.oauth['oauth_verifier']]).toEqual([
      true,
      'req',
      'ver',
    ])
    for (const id of ["it's (one)", 'b']) await get(made.json.token, `/apples/${encodeURIComponent(id)}`)
    const calls = vendor
      .received()
      .slice(2)
      .map((request) => signedBy(request, 'acc s'))
    expect(calls.map(({ isRight }) => isRight)).toEqual([true, true])
    expect(new Set(calls.map(({ oauth }) => oauth['oauth_nonce'])).size).toBe(2)
  })

  it('signs each attempt anew', async () => {
    serve()
    const made = await connect(
      'orchardone',
      { externalAuthentication: 'initial' },
      { 'oauth.user.token': 'acc', 'oauth.user.token.secret': 'acc s' },
    )
    expect([made.status, made.text.includes('acc')]).toEqual([200, false])
    let failures = 0
    vendor.answer(() => {
      failures += 1
      return failures === 1 ? { status: 503, headers: { 'retry-after': '0' } } : { body: { list: [] } }
    })
    expect((await get(made.json.token, '/apples')).status).toBe(200)
    const calls = vendor.received().map((request) => signedBy(request, 'acc s'))
    expect(calls.map(({ isRight }) => isRight)).toEqual([true, true])
    expect(new Set(calls.map(({ oauth }) => oauth['oauth_nonce'])).size).toBe(2)
  })

  it('is not renewed, says what to do, and keeps its secrets', async () => {
    serve()
    const made = await connect(
      'orchardone',
      { externalAuthentication: 'initial' },
      { 'oauth.user.token': 'long-token', 'oauth.user.token.secret': 'long-secret' },
    )
    vendor.answer(({ headers }) => ({ status: 401, body: { message: `bad: ${headers.authorization}` } }))
    const refused = await get(made.json.token, '/apples')
    expect([refused.status, refused.json.code]).toEqual([401, 'needs-reconnect'])
    expect(refused.json.message).toMatch(/Connect the instance again/)
    expect(refused.text).not.toMatch(/long-token|long-secret/)
    expect(vendor.received()).toHaveLength(1)
    serve()
    const again = await ask(`${product.url}/instances/${made.json.id}`, {
      method: 'PUT',
      headers: platform(member),
      body: {
        ...made.json,
        providerData: { oauth_token: 'req', oauth_verifier: 'ver', secret: 'req&s' },
      },
    })
    expect([again.status, again.json.token]).toEqual([200, made.json.token])
    expect((await get(made.json.token, '/apples')).status).toBe(200)
  })

  it('says what is missing, and tells a refusal in the vendor’s words', async () => {
    serve()
    for (const [providerData, message] of [
      [{ oauth_token: 'req', oauth_verifier: 'ver' }, /^providerData: missing secret;/],
      [{}, /^providerData: missing oauth_token, oauth_verifier, secret\. Ask GET .*oauth\/token/],
    ] as const) {
      const reply = await connect('orchardone', { providerData })
      expect([reply.status, reply.json.code]).toEqual([400, 'bad-request'])
      expect(reply.json.message).toMatch(message)
    }
    expect((await oauthUrl('orchardone')).json.message).toMatch(/^requestToken: missing/)
    expect((await oauthUrl('orchardcode', {}, 'token')).json.message).toMatch(/takes no request token/)
    vendor.answer(() => ({ status: 401, body: 'wrong key' }))
    const refused = await oauthUrl('orchardone', {}, 'token')
    expect(refused.json).toMatchObject({
      code: 'provider-refused',
      message: expect.stringContaining('gave no request token: wrong key'),
    })
  })

  it('is connected through this server’s own callback', async () => {
    serve()
    const started = await ask(`${product.url}/connects`, {
      headers: platform(member),
      body: {
        element: { key: 'orchardone' },
        name: 'By consent',
        configuration: { ...addresses(), ...client },
      },
    })
    expect(started.json.oauthUrl).toBe(`${vendor.url}/eu/authorize?tenant=1&oauth_token=req`)
    const { oauth } = signedBy(vendor.received()[0] as Received, '')
    const back = new URL(oauth['oauth_callback'] ?? 'none:')
    back.searchParams.set('oauth_token', 'req')
    back.searchParams.set('oauth_verifier', 'ver')
    const led = await ask(`${new URL(product.url).origin}${back.pathname}${back.search}`)
    expect(led.status).toBe(303)
    const { json } = await ask(`${product.url}/connects/${started.json.id}`, { headers: platform(member) })
    expect(json).toMatchObject({ state: 'connected' })
    expect(signedBy(vendor.received()[1] as Received, 'req&s').isRight).toBe(true)
  })
})
