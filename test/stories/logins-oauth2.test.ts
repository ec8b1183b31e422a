import { describe, expect, it } from 'vitest'
import type { Auth, TokenSettings } from '#src/element/index.ts'
import { configField, loginElement, said } from '../support/login-element.ts'
import { onLoginStage } from '../support/login-stage.ts'
import type { Answered, Received } from '../support/small-vendor.ts'

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

const stage = onLoginStage([byCode, byPassword])

const isToken = ({ path }: Received): boolean => path === '/eu/token'
const formOf = ({ text }: Received) => Object.fromEntries(new URLSearchParams(text))
const tokenCalls = () => stage.vendor.received().filter(isToken).map(formOf)

/** The vendor grants this, and answers calls so. */
const grants = (granted: Answered, answer: (request: Received) => Answered) =>
  stage.vendor.answer((request) => (isToken(request) ? granted : answer(request)))

describe('a login by OAuth 2 whose addresses are configured', () => {
  it('fills them in for the consent page, with what is sent for it', async () => {
    const { json } = await stage.oauth('orchardcode', { 'oauth.scope': 'read write', state: 's' })
    const url = new URL(json.oauthUrl)
    expect([url.origin, url.pathname]).toEqual([stage.vendor.url, '/eu/authorize'])
    expect(Object.fromEntries(url.searchParams)).toEqual({
      tenant: '1',
      client_id: 'an app',
      redirect_uri: 'https://app.example/cb',
      scope: 'read write',
      response_type: 'code',
      state: 's',
    })
    const without = new URL((await stage.oauth('orchardcode')).json.oauthUrl)
    expect(without.searchParams.has('scope')).toBe(false)
  })

  it('uses a token without a refresh token until it is refused, in a query that nobody sees', async () => {
    const token = 'token-in-a-query'
    let alive = true
    grants({ body: { access_token: token } }, ({ query }) =>
      alive ? { body: {} } : { status: 401, body: { message: `dead: ${query.map(String).join()}` } },
    )
    const made = await stage.connect('orchardcode', { providerData: { code: 'c1' } })
    expect(made.json.authentication).toMatchObject([{ state: 'ok', expiresAt: null }])
    expect(tokenCalls()).toEqual([
      {
        grant_type: 'authorization_code',
        code: 'c1',
        redirect_uri: 'https://app.example/cb',
        client_id: 'an app',
        client_secret: 'its s&cret',
      },
    ])
    await stage.get(made.json.token, '/pears/p')
    const [called] = stage.vendor.received().filter((request) => !isToken(request))
    expect([called?.path, called?.query, called?.headers.authorization]).toEqual([
      '/api/pears/p',
      [['k', token]],
      undefined,
    ])
    alive = false
    const refused = await stage.get(made.json.token, `/pears/${token}`)
    expect([refused.status, refused.json.code]).toEqual([401, 'needs-reconnect'])
    expect(refused.json.message).toMatch(/no refresh token/)
    const vendorCalls = await stage.vendorCalls(refused)
    expect(vendorCalls).toMatchObject([{ path: '/api/pears/***', status: 401 }])
    expect(JSON.stringify([vendorCalls, refused.json.providerMessage])).not.toContain(token)
  })

  it('masks the token that a vendor repeats in its words', async () => {
    const token = 'token-that-is-repeated'
    grants({ body: { access_token: token } }, ({ query }) => ({
      status: 403,
      body: { message: `not with ${query.map(([, value]) => value).join()}` },
    }))
    const made = await stage.connect('orchardcode', { providerData: { code: 'c2' } })
    const refused = await stage.get(made.json.token, '/pears/p')
    expect(refused.json.message).toContain('not with ***')
    expect(refused.text).not.toContain(token)
  })

  it('is renewed at the address that is configured then, the application in the header, replies as forms', async () => {
    let at = 0
    grants({ body: { access_token: 't0', refresh_token: 'r0', expires_in: '30' } }, () => ({ body: {} }))
    const made = await stage.connect(
      'orchardcode',
      { providerData: { code: 'c3' } },
      { 'oauth.basic.header': 'true' },
    )
    expect([made.status, tokenCalls()[0]?.['client_secret']]).toEqual([200, undefined])
    expect(stage.vendor.received()[0]?.headers.authorization).toBe(
      `Basic ${Buffer.from('an+app:its+s%26cret').toString('base64')}`,
    )
    await stage.patch(made.json.id, { place: 'us' })
    stage.vendor.answer(({ path }) => {
      if (path !== '/us/token') return { body: {} }
      at += 1
      return { body: `access_token=t${at}&refresh_token=r${at}&expires_in=3600` }
    })
    await stage.get(made.json.token, '/pears/p')
    const [renewal, call] = stage.vendor.received()
    expect([renewal?.path, formOf(renewal as Received)]).toEqual([
      '/us/token',
      { grant_type: 'refresh_token', refresh_token: 'r0' },
    ])
    expect(call?.query).toEqual([['k', 't1']])
  })

  it('takes a token that was granted elsewhere, without a code', async () => {
    grants({ status: 500 }, () => ({ body: {} }))
    const made = await stage.connect(
      'orchardcode',
      { externalAuthentication: 'initial' },
      { 'oauth.user.token': 'brought' },
    )
    expect([made.status, made.json.externalAuthentication]).toEqual([200, 'initial'])
    expect(made.text).not.toContain('brought')
    await stage.get(made.json.token, '/pears/p')
    expect(stage.vendor.received().map(({ query }) => query)).toEqual([[['k', 'brought']]])
  })
})

describe('a login by the password grant whose addresses are configured', () => {
  it('puts the token into the header that the element names, and asks again by the password', async () => {
    let at = 0
    stage.vendor.answer((request) => {
      if (!isToken(request)) return { body: {} }
      at += 1
      return { body: { access_token: `p${at}`, token_type: 'odd', expires_in: at === 1 ? 20 : 3600 } }
    })
    const made = await stage.connect('orchardpassword', {}, { username: 'kim', password: 'secret word' })
    expect(made.json.configuration).toMatchObject({ username: 'kim', password: '********' })
    expect(made.json.authentication).toMatchObject([{ type: 'oauth2Password', state: 'ok' }])
    await stage.get(made.json.token, '/pears/p')
    expect(tokenCalls()).toEqual(
      [1, 2].map(() => ({
        grant_type: 'password',
        username: 'kim',
        password: 'secret word',
        client_id: 'an app',
        client_secret: 'its s&cret',
      })),
    )
    expect(stage.vendor.received().at(-1)?.headers).toMatchObject({ 'x-orchard-token': 'Token p2' })
    expect(stage.vendor.received().at(-1)?.headers.authorization).toBeUndefined()
  })

  it('tells a refused password in the vendor’s words, without it', async () => {
    grants(
      { status: 400, body: { error: 'invalid_grant', message: 'no such person with secret word' } },
      () => ({ status: 500 }),
    )
    const made = await stage.connect('orchardpassword', {}, { username: 'kim', password: 'secret word' })
    expect(made.json).toMatchObject({
      code: 'provider-refused',
      message: expect.stringMatching(/configuration\.password: no such person with \*\*\*.*Check them\./),
    })
  })
})
