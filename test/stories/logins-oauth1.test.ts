import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { ask, platform } from '../support/client.ts'
import { loginElement, said } from '../support/login-element.ts'
import { client, onLoginStage } from '../support/login-stage.ts'
import type { Received } from '../support/small-vendor.ts'

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

const stage = onLoginStage([byOauth1])

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
  const base = [method, `${stage.vendor.url}${path}`, normal].map(encode).join('&')
  const key = `${encode(client['oauth.api.secret'])}&${encode(tokenSecret)}`
  return { oauth, isRight: signature === createHmac('sha1', key).update(base).digest('base64') }
}

describe('a login by OAuth 1.0', () => {
  const serve = () =>
    stage.vendor.answer(({ path }) => {
      if (path === '/eu/request')
        return { body: 'oauth_token=req&oauth_token_secret=req%26s&oauth_callback_confirmed=true' }
      if (path === '/eu/token') return { body: 'oauth_token=acc&oauth_token_secret=acc%20s' }
      return { body: { list: [{ ID: 'a' }] } }
    })

  it('3/4 is begun with a request token, and every call is signed over its query', async () => {
    serve()
    const asked = await stage.oauth('orchardone', {}, 'token')
    expect([asked.status, asked.json]).toEqual([200, { token: 'req', secret: 'req&s' }])
    const first = signedBy(stage.vendor.received()[0] as Received, '')
    expect(first.isRight).toBe(true)
    expect(first.oauth).toMatchObject({
      oauth_consumer_key: 'an app',
      oauth_callback: 'https://app.example/cb',
    })
    const page = await stage.oauth('orchardone', { requestToken: 'req' })
    expect(page.json).toEqual({
      element: 'orchardone',
      oauthUrl: `${stage.vendor.url}/eu/authorize?tenant=1&oauth_token=req`,
    })
    const made = await stage.connect('orchardone', {
      providerData: { oauth_token: 'req', oauth_verifier: 'ver', secret: 'req&s' },
    })
    expect(made.json.authentication).toMatchObject([{ type: 'oauth1', state: 'ok', expiresAt: null }])
    const traded = signedBy(stage.vendor.received()[1] as Received, 'req&s')
    expect([traded.isRight, traded.oauth['oauth_token'], traded.oauth['oauth_verifier']]).toEqual([
      true,
      'req',
      'ver',
    ])
    for (const id of ["it's (one)", 'b'])
      await stage.get(made.json.token, `/apples/${encodeURIComponent(id)}`)
    const calls = stage.vendor
      .received()
      .slice(2)
      .map((request) => signedBy(request, 'acc s'))
    expect(calls.map(({ isRight }) => isRight)).toEqual([true, true])
    expect(new Set(calls.map(({ oauth }) => oauth['oauth_nonce'])).size).toBe(2)
  })

  it('signs each attempt anew', async () => {
    serve()
    const made = await stage.connect(
      'orchardone',
      { externalAuthentication: 'initial' },
      { 'oauth.user.token': 'acc', 'oauth.user.token.secret': 'acc s' },
    )
    expect([made.status, made.text.includes('acc')]).toEqual([200, false])
    let failures = 0
    stage.vendor.answer(() => {
      failures += 1
      return failures === 1 ? { status: 503, headers: { 'retry-after': '0' } } : { body: { list: [] } }
    })
    expect((await stage.get(made.json.token, '/apples')).status).toBe(200)
    const calls = stage.vendor.received().map((request) => signedBy(request, 'acc s'))
    expect(calls.map(({ isRight }) => isRight)).toEqual([true, true])
    expect(new Set(calls.map(({ oauth }) => oauth['oauth_nonce'])).size).toBe(2)
  })

  it('is not renewed, says what to do, and keeps its secrets', async () => {
    serve()
    const made = await stage.connect(
      'orchardone',
      { externalAuthentication: 'initial' },
      { 'oauth.user.token': 'long-token', 'oauth.user.token.secret': 'long-secret' },
    )
    stage.vendor.answer(({ headers }) => ({
      status: 401,
      body: { message: `bad: ${headers.authorization}` },
    }))
    const refused = await stage.get(made.json.token, '/apples')
    expect([refused.status, refused.json.code]).toEqual([401, 'needs-reconnect'])
    expect(refused.json.message).toMatch(/Connect the instance again/)
    expect(refused.text).not.toMatch(/long-token|long-secret/)
    expect(stage.vendor.received()).toHaveLength(1)
    serve()
    const again = await ask(`${stage.product.url}/instances/${made.json.id}`, {
      method: 'PUT',
      headers: platform(stage.member),
      body: {
        ...made.json,
        providerData: { oauth_token: 'req', oauth_verifier: 'ver', secret: 'req&s' },
      },
    })
    expect([again.status, again.json.token]).toEqual([200, made.json.token])
    expect((await stage.get(made.json.token, '/apples')).status).toBe(200)
  })

  it('says what is missing, and tells a refusal in the vendor’s words', async () => {
    serve()
    for (const [providerData, message] of [
      [{ oauth_token: 'req', oauth_verifier: 'ver' }, /^providerData: missing secret;/],
      [{}, /^providerData: missing oauth_token, oauth_verifier, secret\. Ask GET .*oauth\/token/],
    ] as const) {
      const reply = await stage.connect('orchardone', { providerData })
      expect([reply.status, reply.json.code]).toEqual([400, 'bad-request'])
      expect(reply.json.message).toMatch(message)
    }
    expect((await stage.oauth('orchardone')).json.message).toMatch(/^requestToken: missing/)
    expect((await stage.oauth('concur', {}, 'token')).json.message).toMatch(/takes no request token/)
    stage.vendor.answer(() => ({ status: 401, body: 'wrong key' }))
    const refused = await stage.oauth('orchardone', {}, 'token')
    expect(refused.json).toMatchObject({
      code: 'provider-refused',
      message: expect.stringContaining('gave no request token: wrong key'),
    })
  })

  it('is connected through this server’s own callback', async () => {
    serve()
    const started = await ask(`${stage.product.url}/connects`, {
      headers: platform(stage.member),
      body: {
        element: { key: 'orchardone' },
        name: 'By consent',
        configuration: { ...stage.addresses(), ...client },
      },
    })
    expect(started.json.oauthUrl).toBe(`${stage.vendor.url}/eu/authorize?tenant=1&oauth_token=req`)
    const { oauth } = signedBy(stage.vendor.received()[0] as Received, '')
    const back = new URL(oauth['oauth_callback'] ?? 'none:')
    back.searchParams.set('oauth_token', 'req')
    back.searchParams.set('oauth_verifier', 'ver')
    const led = await ask(`${new URL(stage.product.url).origin}${back.pathname}${back.search}`)
    expect(led.status).toBe(303)
    const { json } = await ask(`${stage.product.url}/connects/${started.json.id}`, {
      headers: platform(stage.member),
    })
    expect(json).toMatchObject({ state: 'connected' })
    expect(signedBy(stage.vendor.received()[1] as Received, 'req&s').isRight).toBe(true)
  })
})
