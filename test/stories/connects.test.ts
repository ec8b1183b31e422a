import { describe, expect, it } from 'vitest'
import { type Answer, ask, hub, platform, submit } from '../support/client.ts'
import { allowAt, companyBy, keysOf, legacyApp, userInstance } from '../support/grants.ts'
import { app } from '../support/instances.ts'
import type { Member, Product } from '../support/product.ts'
import { everyRow, openBeside } from '../support/rows.ts'
import type { Controls } from '../support/sandbox.ts'
import { onProduct } from '../support/stage.ts'

let product: Product
let member: Member
let sandbox: Controls

onProduct((stage) => {
  ;({ product, member, sandbox } = stage)
})

const start = (body: object, as: Member = member): Promise<Answer> =>
  ask(`${product.url}/connects`, {
    headers: platform(as),
    body: { element: { key: 'concur' }, name: 'By consent', configuration: keysOf(app), ...body },
  })

const look = (id: number, as: Member = member): Promise<Answer> =>
  ask(`${product.url}/connects/${id}`, { headers: platform(as) })

/** The browser comes back to this server, wherever the address says that it is. */
const comeBack = (at: URL, headers: Record<string, string> = {}): Promise<Answer> =>
  ask(`${new URL(product.url).origin}${at.pathname}${at.search}`, { headers })

const allowed = async ({ json }: Answer, login?: string): Promise<URL> =>
  allowAt(new URL(json.oauthUrl), login)

const instanceOf = async (id: number): Promise<Answer> =>
  ask(`${product.url}/instances/${(await look(id)).json.instanceId}`, { headers: platform(member) })

describe('a connection through this server’s own callback', () => {
  it('waits, is connected when the person comes back, and leads on to its page', async () => {
    const started = await start({
      tags: ['one'],
      configuration: { ...keysOf(app), 'concur.report.owner': 'all' },
    })
    expect(started.status, started.text).toBe(200)
    const page = new URL(started.json.oauthUrl)
    expect(page.searchParams.get('state')).toMatch(/^[\w-]{32,}$/)
    expect(page.searchParams.get('redirect_uri')).toBe(`${product.config.publicUrl}/callback`)
    expect(page.searchParams.get('code_challenge')).toMatch(/^[\w-]{43}$/)
    const minutes = (Date.parse(started.json.expiresAt) - Date.now()) / 60_000
    expect(minutes > 14 && minutes <= 15).toBe(true)
    expect(started.headers['set-cookie']).toBeUndefined()
    expect((await look(started.json.id)).json).toEqual({
      id: started.json.id,
      elementKey: 'concur',
      state: 'waiting',
    })
    const back = await comeBack(await allowed(started))
    expect([back.status, back.headers.location, back.text]).toEqual([303, `/connects/${started.json.id}`, ''])
    expect(back.headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
    expect((await look(started.json.id)).json).toMatchObject({ state: 'connected' })
    const made = (await instanceOf(started.json.id)).json
    expect(made).toMatchObject({ name: 'By consent', tags: ['one'], valid: true })
    expect(made.configuration).toMatchObject({ 'concur.report.owner': 'all' })
    const rows = await ask(`${product.url}/reports`, { headers: hub(member, made.token) })
    expect(rows.status).toBe(200)
  })

  it('is made of one state once, however many come back with it', async () => {
    const started = await start({})
    const at = await allowed(started)
    const replies = await Promise.all(Array.from({ length: 8 }, () => comeBack(at)))
    expect(replies.map(({ status }) => status).sort()).toEqual([303, ...Array(7).fill(400)])
    const late = await comeBack(at)
    expect(late.status).toBe(400)
    expect(late.json.message).toMatch(/^state: unknown, older than 15 minutes, or used already/)
    expect((await look(started.json.id)).json.state).toBe('connected')
  })

  it.each(['', '?code=x', '?code=x&state=', '?code=x&state=nobody-knows', '?error=access_denied'])(
    'is nothing without its state: /callback%s',
    async (query) => {
      expect((await comeBack(new URL(`http://x/callback${query}`))).status).toBe(400)
    },
  )

  it('tells a browser in a page, without markup of the address', async () => {
    const reply = await fetch(
      `${product.url.replace('/elements/api-v2', '')}/callback?state=%3Cb%3E&code=x`,
      {
        headers: { accept: 'text/html,*/*' },
      },
    )
    const text = await reply.text()
    expect([reply.status, reply.headers.get('content-type')]).toEqual([400, 'text/html;charset=UTF-8'])
    expect(text).toContain('state: unknown, older than 15 minutes')
    expect(text).not.toContain('<b>')
    expect(text).toContain('href="/catalogue"')
  })

  it('is too late after its time, and says so', async () => {
    const started = await start({})
    const at = await allowed(started)
    const db = await openBeside(product)
    try {
      const past = { values: [started.json.id] }
      await db.query({
        text: `update directory set expires_at = now() - interval '1 s' where kind = 'connect' and subject_id = $1`,
        ...past,
      })
      await db.query({
        text: `update connects set expires_at = now() - interval '1 s' where connect_id = $1`,
        ...past,
      })
    } finally {
      await db.close()
    }
    expect((await comeBack(at)).status).toBe(400)
    expect((await look(started.json.id)).json).toMatchObject({
      state: 'failed',
      error: { message: expect.stringContaining('in time') },
    })
  })

  it('keeps its verifier, its state and the vendor’s code to itself', async () => {
    const started = await start({})
    const at = await allowed(started)
    const secrets = [
      started.json.oauthUrl.match(/state=([\w-]+)/)?.[1] ?? '?',
      at.searchParams.get('code') ?? '?',
    ]
    const before = await everyRow(product)
    await comeBack(at)
    await product.context.requestLog.flush()
    const after = await everyRow(product)
    for (const secret of secrets) expect(before + after).not.toContain(secret)
  })
})

describe('a consent that comes to nothing', () => {
  it('because the person says no: told with the vendor’s words', async () => {
    const started = await start({})
    const page: string = started.json.oauthUrl
    const fill = { UserNameTxt: 'admin@sandbox.example', PasswordTxt: 'sandbox' }
    const asked = await submit(page, (await ask(page)).text, fill, 'LoginBtn')
    const done = await submit(page, asked.text, {}, 'DenyBtn')
    const back = await comeBack(new URL(done.headers.location ?? 'none:'))
    expect([back.status, back.headers.location]).toEqual([303, `/connects/${started.json.id}`])
    expect((await look(started.json.id)).json).toEqual({
      id: started.json.id,
      elementKey: 'concur',
      state: 'failed',
      error: {
        code: 'provider-refused',
        message: expect.stringContaining('User denied access (access_denied)'),
        hop: 'provider',
        providerMessage: 'User denied access (access_denied)',
      },
    })
  })

  it.each([
    ['a person who may not sign in', {}, 'locked@sandbox.example', /locked/i],
    [
      'a foreign host',
      { fault: 'hostile-geolocation', value: 'https://evil.example' },
      undefined,
      /not its own/,
    ],
    ['a code that is refused', { fault: 'oauth-error', value: 103 }, undefined, /code 103/],
    [
      'a vendor that fails',
      { fault: 'server-error', value: 500, operation: 'oauth.token' },
      undefined,
      /500/,
    ],
  ])('because of %s: told the same way, and nothing is connected', async (_title, fault, login, words) => {
    const started = await start({})
    const at = await allowed(started, login)
    await sandbox.faults(...('fault' in fault ? [fault] : []))
    expect((await comeBack(at)).status).toBe(303)
    const { json } = await look(started.json.id)
    expect(json).toMatchObject({ state: 'failed', error: { hop: 'provider' } })
    expect(json.error.message).toMatch(words)
    expect(json).not.toHaveProperty('instanceId')
    expect((await comeBack(at)).status).toBe(400)
  })
})

describe('a connection that is bound to a browser', () => {
  it('ends only in that browser, which forgets it then', async () => {
    const started = await start({ bind: true })
    const [cookie = ''] = started.headers['set-cookie'] ?? []
    expect(cookie).toMatch(
      /^amalgam_connect=[\w-]{32}; Path=\/callback; Max-Age=900; HttpOnly; SameSite=Lax$/,
    )
    const at = await allowed(started)
    for (const wrong of [{}, { cookie: 'amalgam_connect=other' }, { cookie: 'other=1' }] as const)
      expect((await comeBack(at, wrong)).status).toBe(400)
    const back = await comeBack(at, { cookie: `a=b; ${cookie.split(';')[0]}; c=d` })
    expect(back.status).toBe(303)
    expect(back.headers['set-cookie']?.[0]).toMatch(/^amalgam_connect=; .*Max-Age=0/)
    expect((await look(started.json.id)).json.state).toBe('connected')
  })
})

describe('an instance that is connected again', () => {
  it('keeps id, token, name and its own callback address', async () => {
    const instance = await userInstance(product, member)
    const { updatedDate: _, authentication: _before, ...before } = (await instance.show()).json
    await sandbox.revoke()
    expect((await instance.reports()).status).toBe(401)
    const started = await start({ name: undefined, configuration: undefined, instanceId: instance.id })
    expect(started.status, started.text).toBe(200)
    await comeBack(await allowed(started))
    expect((await look(started.json.id)).json).toMatchObject({ state: 'connected', instanceId: instance.id })
    const { updatedDate: _later, authentication, ...after } = (await instance.show()).json
    expect(after).toEqual(before)
    expect(authentication).toMatchObject([{ state: 'ok' }])
    expect((await instance.reports()).status).toBe(200)
  })

  it('takes back what was read, whose secrets are masked', async () => {
    const instance = await userInstance(product, member)
    const { configuration } = (await instance.show()).json
    const started = await start({ instanceId: instance.id, configuration })
    expect(new URL(started.json.oauthUrl).searchParams.get('client_id')).toBe(app.key)
    await comeBack(await allowed(started))
    expect((await look(started.json.id)).json.state).toBe('connected')
  })

  it('that is gone meanwhile is told', async () => {
    const instance = await userInstance(product, member)
    const started = await start({ instanceId: instance.id })
    await instance.remove({ revoke: 'false' })
    await comeBack(await allowed(started))
    expect((await look(started.json.id)).json).toMatchObject({
      state: 'failed',
      instanceId: instance.id,
      error: { code: 'not-found' },
    })
  })

  it('is its own user’s alone, and so is the connection', async () => {
    const instance = await userInstance(product, member)
    const stranger = await product.addMember('Strangers', 'admin@strangers.example')
    expect((await start({ instanceId: instance.id }, stranger)).status).toBe(404)
    const made = await product.context.accounts.addUser(2, 'other@northwind.example', 'other other')
    const colleague = { ...member, user: made.userSecret, organization: made.organizationSecret }
    expect((await start({ instanceId: instance.id }, colleague)).status).toBe(404)
    const started = await start({})
    for (const other of [stranger, colleague]) expect((await look(started.json.id, other)).status).toBe(404)
    for (const id of ['0', 'x', '99999999'])
      expect((await ask(`${product.url}/connects/${id}`, { headers: platform(member) })).status).toBe(404)
  })
})

describe('what a connection is made of', () => {
  it.each([
    ['no name', { name: undefined }, /name/],
    ['no element', { element: {} }, /element/],
    ['no application', { configuration: {} }, /oauth\.api\.key/],
    [
      'a login without a consent',
      { configuration: { ...keysOf(app), 'authentication.type': 'company' } },
      /no consent page/,
    ],
    [
      'a data centre that is none',
      { configuration: { 'oauth.api.key': 'mine', 'site.address': 'x' } },
      /siteAddress/,
    ],
  ])('is checked before anybody is sent anywhere: %s', async (_title, body, message) => {
    const reply = await start(body)
    expect([reply.status, reply.json.code]).toEqual([400, 'bad-request'])
    expect(reply.json.message).toMatch(message)
  })

  it('may be a company besides', async () => {
    const token = companyBy(await sandbox.requestToken())
    const started = await start({ configuration: { ...keysOf(app), ...token } })
    await comeBack(await allowed(started))
    const { authentication } = (await instanceOf(started.json.id)).json
    expect(authentication.map((grant: { principal: string }) => grant.principal)).toEqual(['user', 'company'])
  })

  it('may be the deprecated framework', async () => {
    const started = await start({
      configuration: { ...keysOf(legacyApp), 'authentication.type': 'legacy' },
    })
    expect(started.json.oauthUrl).toContain('/net2/oauth2/Login.aspx')
    await comeBack(await allowed(started))
    expect((await instanceOf(started.json.id)).json.authentication).toMatchObject([{ type: 'legacy' }])
  })
})
