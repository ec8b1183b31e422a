import { describe, expect, it } from 'vitest'
import { ask, platform } from '../support/client.ts'
import { configField, loginElement, said } from '../support/login-element.ts'
import { onLoginStage } from '../support/login-stage.ts'

const basic = loginElement({
  key: 'orchardbasic',
  auth: { ...said, kind: 'basic', type: 'basic', usernameKey: 'username', passwordKey: 'password' },
  config: [configField('username'), configField('password', { kind: 'secret' })],
})

const custom = loginElement({
  key: 'orchardcustom',
  auth: { ...said, kind: 'custom', type: 'custom' },
  config: [configField('shared.secret', { kind: 'secret', required: true })],
  secretHeader: 'x-orchard',
  readsSecrets: true,
})

const stage = onLoginStage([basic, custom])

const pair = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`

const connect = (configuration: Readonly<Record<string, unknown>>, key = 'orchardbasic') =>
  stage.connect(key, {}, { 'base.url': stage.vendor.url, ...configuration })

/** The vendor lets in whoever sends this. */
const letIn = (user: string, password: string) =>
  stage.vendor.answer(({ headers }) =>
    headers.authorization === pair(user, password)
      ? { body: { list: [{ ID: 'a' }], ID: 'a' } }
      : { status: 401, body: { message: `not ${String(headers.authorization)}` } },
  )

describe('a login by name and password with every call', () => {
  it('asks the vendor nothing at connect, and signs as RFC 7617 says', async () => {
    letIn('kim', 'pässwörd: x')
    const made = await connect({ username: 'kim', password: 'pässwörd: x' })
    expect([made.status, made.json.valid]).toEqual([200, true])
    expect(made.json.configuration).toMatchObject({ username: 'kim', password: '********' })
    expect(made.json.authentication).toMatchObject([{ type: 'basic', state: 'ok', expiresAt: null }])
    expect(stage.vendor.received()).toEqual([])
    const listed = await stage.get(made.json.token, '/apples')
    expect([listed.status, listed.json]).toEqual([200, [{ id: 'a', ID: 'a' }]])
    expect(stage.vendor.received()[0]?.headers.authorization).toBe(pair('kim', 'pässwörd: x'))
  })

  it('tells a wrong password in the vendor’s words without it, and takes a new one from the next call', async () => {
    letIn('kim', 'right one')
    const { json } = await connect({ username: 'kim', password: 'wrong one' })
    const refused = await stage.get(json.token, '/apples')
    expect([refused.status, refused.json.code]).toEqual([401, 'needs-reconnect'])
    expect(refused.json.message).toMatch(
      /not Basic \*\*\*\. Change configuration\.username or configuration\.password with PATCH/,
    )
    expect(refused.text).not.toContain('wrong one')
    expect((await stage.patch(json.id, { password: 'right one' })).status).toBe(200)
    expect((await stage.get(json.token, '/apples')).status).toBe(200)
    // A masked value that comes back changes nothing.
    expect((await stage.patch(json.id, { password: '********' })).status).toBe(200)
    expect((await stage.get(json.token, '/apples')).status).toBe(200)
  })

  it('is 400 where a call could not carry it, at connect and at a change', async () => {
    letIn('kim', 'p')
    const { json } = await connect({ username: 'kim', password: 'p' })
    for (const [configuration, message] of [
      [{ username: 'k:m', password: 'p' }, /^configuration\.username: no colon/],
      [{ username: 'kim', password: 'a\nb' }, /^configuration\.password: no line end/],
      [{ username: null, password: null }, /missing username and password/],
    ] as const) {
      for (const reply of [await connect(configuration), await stage.patch(json.id, configuration)]) {
        expect([reply.status, reply.json.code]).toEqual([400, 'bad-request'])
        expect(reply.json.message).toMatch(message)
      }
    }
    expect((await stage.get(json.token, '/apples')).status).toBe(200)
  })

  it('takes a password alone, and the address of a changed base.url at the next call', async () => {
    letIn('', 'only a key')
    const { json } = await connect({ 'base.url': `${stage.vendor.url}/v1`, password: 'only a key' })
    await stage.get(json.token, '/apples')
    const { json: moved } = await stage.patch(json.id, { 'base.url': `${stage.vendor.url}/v2` })
    expect(moved.authentication[0].geolocation).toBe(`${stage.vendor.url}/v2`)
    await stage.get(json.token, '/apples')
    expect(stage.vendor.received().map(({ path }) => path)).toEqual(['/v1/apples', '/v2/apples'])
  })

  it('shows nobody the secret of which its address is made', async () => {
    letIn('kim', 'in-the-path')
    const { json } = await connect({
      'base.url': `${stage.vendor.url}/{password}/v1`,
      ...{ username: 'kim', password: 'in-the-path' },
    })
    expect(json.authentication[0].geolocation).toBe(`${stage.vendor.url}/***/v1`)
    const listed = await stage.get(json.token, '/apples')
    expect([listed.status, stage.vendor.received()[0]?.path]).toEqual([200, '/in-the-path/v1/apples'])
    expect(await stage.vendorCalls(listed)).toMatchObject([{ path: '/***/v1/apples' }])
  })

  it('shows no consent page', async () => {
    const reply = await stage.oauth('orchardbasic')
    const started = await ask(`${stage.product.url}/connects`, {
      headers: platform(stage.member),
      body: { element: { key: 'orchardbasic' }, name: 'x', configuration: {} },
    })
    for (const { json } of [reply, started])
      expect(json).toMatchObject({
        code: 'bad-request',
        message: expect.stringContaining('configuration.username and configuration.password'),
      })
  })
})

describe('a login that the element’s own parameters carry', () => {
  const secret = 'a-very-own-secret'

  it('is signed by nothing else, and its secret reaches nobody else', async () => {
    stage.vendor.answer(({ path, headers }) =>
      path === '/pears/p'
        ? { body: 'not JSON' }
        : { status: 401, body: { message: `unknown ${String(headers['x-orchard'])}` } },
    )
    const made = await connect({ 'shared.secret': secret }, 'orchardcustom')
    expect([made.status, made.json.configuration['shared.secret']]).toEqual([200, '********'])
    const read = await stage.get(made.json.token, '/pears/p')
    expect(read.json).toMatchObject({ Text: 'not JSON', IsJson: false })
    const [first] = stage.vendor.received()
    expect([first?.headers.authorization, first?.headers['x-orchard'], first?.query]).toEqual([
      undefined,
      secret,
      [['by', secret]],
    ])
    const refused = await stage.get(made.json.token, `/pears/${secret}`)
    expect([refused.status, refused.json.code]).toEqual([401, 'needs-reconnect'])
    expect(refused.json.message).toMatch(/unknown \*\*\*\. Change the credentials in configuration/)
    expect(JSON.stringify(refused.json)).not.toContain(secret)
    const vendorCalls = await stage.vendorCalls(refused)
    expect(vendorCalls).toMatchObject([{ path: '/pears/***', status: 401 }])
    expect(JSON.stringify(vendorCalls)).not.toContain(secret)
  })

  it('needs what the element says', async () => {
    const reply = await connect({}, 'orchardcustom')
    expect(reply.json).toMatchObject({
      code: 'bad-request',
      message: expect.stringContaining('shared.secret'),
    })
  })
})
