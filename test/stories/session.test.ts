import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '#src/store/index.ts'
import { type Answer, ask, connect, hub, platform } from '../support/client.ts'
import { type Member, type Product, startProduct } from '../support/product.ts'

let product: Product

beforeAll(async () => {
  product = await startProduct()
})
afterAll(() => product?.close())

const page = { 'amalgam-page': '1' } as const

const signIn = (member: Pick<Member, 'email' | 'password'>): Promise<Answer> =>
  ask(`${product.url}/session`, {
    headers: page,
    body: { username: member.email, password: member.password },
  })

const cookieOf = (answer: Answer): string => answer.headers['set-cookie']?.[0]?.split(';')[0] ?? ''

const cookieFor = async (member: Pick<Member, 'email' | 'password'>): Promise<string> =>
  cookieOf(await signIn(member))

const withCookie = (cookie: string): Record<string, string> => ({ ...page, cookie })

const sql = async (text: string): Promise<readonly Record<string, unknown>[]> => {
  const db = await openDatabase(
    { connectionString: product.config.databaseUrl ?? '' },
    { maxConnections: 1, connectTimeoutMs: 5000 },
  )
  return db.query<Record<string, unknown>>({ text, values: [] }).finally(() => db.close())
}

describe('a session of the page', () => {
  it('begins with e-mail and password, in a cookie that no script reads and no other site sends', async () => {
    const { admin } = product
    const answer = await signIn(admin)
    expect(answer.status, answer.text).toBe(200)
    expect(answer.json.user).toMatchObject({ email: admin.email, organization: { name: 'Northwind' } })
    expect(answer.headers['set-cookie']).toEqual([
      expect.stringMatching(
        /^amalgam-session=[\w+/=]{44}; Path=\/elements\/api-v2; HttpOnly; SameSite=Strict$/,
      ),
    ])
    expect(answer.text).not.toContain(cookieOf(answer).slice('amalgam-session='.length))
    expect(answer.headers['cache-control']).toBe('no-store')
  })

  it('stands for User and Organization, on hub calls beside the Element token alone', async () => {
    const cookie = await cookieFor(product.admin)
    const made = await connect(product, product.admin)
    const list = await ask(`${product.url}/instances`, { headers: withCookie(cookie) })
    expect(list.json.map((one: { id: number }) => one.id)).toContain(made.json.id)
    const rows = await ask(`${product.url}/hubs/expense/reports?pageSize=1`, {
      headers: { ...withCookie(cookie), authorization: `Element ${made.json.token}` },
    })
    expect(rows.status, rows.text).toBe(200)
    expect(rows.json).toHaveLength(1)
  })

  it("does not count without the page's own header, whatever the verb", async () => {
    const cookie = await cookieFor(product.admin)
    for (const method of ['GET', 'DELETE']) {
      const answer = await ask(`${product.url}/instances/1`, { method, headers: { cookie } })
      expect(answer.status).toBe(401)
    }
    const reset = await ask(`${product.url}/authentication/secrets/reset`, {
      headers: { cookie },
      body: { secret: 'user' },
    })
    expect(reset.status).toBe(401)
    const foreign = await ask(`${product.url}/session`, {
      body: { username: product.admin.email, password: product.admin.password },
    })
    expect([foreign.status, foreign.headers['set-cookie']]).toEqual([400, undefined])
  })

  it("does not count for another origin's page, whatever headers that sends", async () => {
    const cookie = await cookieFor(product.admin)
    const status = async (site: string): Promise<number> =>
      (
        await ask(`${product.url}/authentication/secrets`, {
          headers: { ...withCookie(cookie), 'sec-fetch-site': site },
        })
      ).status
    expect([await status('cross-site'), await status('same-site'), await status('same-origin')]).toEqual([
      401, 401, 200,
    ])
  })

  it('is never allowed to another origin by a preflight', async () => {
    const answer = await ask(`${product.url}/session`, {
      method: 'OPTIONS',
      headers: {
        origin: 'http://127.0.0.1:1',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'amalgam-page',
      },
    })
    expect(answer.headers['access-control-allow-credentials']).toBeUndefined()
    expect(answer.headers['access-control-allow-origin']).toBe('*')
  })

  it('ends on sign-out, also for whoever kept the cookie', async () => {
    const cookie = await cookieFor(product.admin)
    const out = await ask(`${product.url}/session`, { method: 'DELETE', headers: withCookie(cookie) })
    expect(out.headers['set-cookie']?.[0]).toMatch(/^amalgam-session=; .*Max-Age=0$/)
    expect((await ask(`${product.url}/instances`, { headers: withCookie(cookie) })).status).toBe(401)
    const shown = await ask(`${product.url}/session`, { headers: withCookie(cookie) })
    expect(shown.json.user).toBeNull()
  })

  it('ends after 12 idle hours, and each use begins them anew', async () => {
    const cookie = await cookieFor(product.admin)
    const left = async (): Promise<number> => {
      const rows = await sql(
        `select max(extract(epoch from expires_at - now()))::int as s from directory where kind = 'session'`,
      )
      return Number(rows[0]?.['s'])
    }
    expect(await left()).toBeGreaterThan(12 * 3600 - 60)
    await sql(`update directory set expires_at = now() + interval '1 hour' where kind = 'session'`)
    expect((await ask(`${product.url}/instances`, { headers: withCookie(cookie) })).status).toBe(200)
    expect(await left()).toBeGreaterThan(12 * 3600 - 60)
    await sql(`update directory set expires_at = now() - interval '1 second' where kind = 'session'`)
    const late = await ask(`${product.url}/instances`, { headers: withCookie(cookie) })
    expect([late.status, late.json.code]).toEqual([401, 'bad-credentials'])
    expect(late.json.message).toContain('Sign in again')
  })

  it('slows down guesses as the login of the API does, together with it', async () => {
    const member = await product.addMember('Guessed', 'guessed@northwind.example')
    for (let round = 0; round < 5; round++) {
      expect((await signIn({ ...member, password: 'wrong' })).status).toBe(401)
      await ask(`${product.url}/authentication`, { body: { username: member.email, password: 'wrong' } })
    }
    const refused = await signIn(member)
    expect(refused.status).toBe(429)
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
  })
})

describe('what a person changes of the own secrets', () => {
  it('resets the User Secret: the old one is refused at once, the new one works', async () => {
    const member = await product.addMember('Reset', 'reset@northwind.example')
    const cookie = await cookieFor(member)
    const list = (user: string) =>
      ask(`${product.url}/elements/keys`, { headers: platform({ ...member, user }) })
    expect((await list(member.user)).status).toBe(200)
    const reset = await ask(`${product.url}/authentication/secrets/reset`, {
      headers: withCookie(cookie),
      body: { secret: 'user' },
    })
    expect(reset.status, reset.text).toBe(200)
    expect(reset.json.organizationSecret).toBe(member.organization)
    expect((await list(member.user)).status).toBe(401)
    expect((await list(reset.json.userSecret)).status).toBe(200)
    const again = await ask(`${product.url}/authentication/secrets`, { headers: withCookie(cookie) })
    expect(again.json).toEqual(reset.json)
  })

  it('resets the Organization Secret, and by two resets at once leaves one that works', async () => {
    const member = await product.addMember('Reset twice', 'twice@northwind.example')
    const cookie = await cookieFor(member)
    const reset = () =>
      ask(`${product.url}/authentication/secrets/reset`, {
        headers: withCookie(cookie),
        body: { secret: 'organization' },
      })
    const made = await Promise.all([reset(), reset()])
    const { json } = await ask(`${product.url}/authentication/secrets`, { headers: withCookie(cookie) })
    const status = async (organization: string) =>
      (await ask(`${product.url}/elements/keys`, { headers: platform({ ...member, organization }) })).status
    expect(await status(json.organizationSecret)).toBe(200)
    expect(await status(member.organization)).toBe(401)
    for (const { json: one } of made) {
      const works = one.organizationSecret === json.organizationSecret
      expect(await status(one.organizationSecret)).toBe(works ? 200 : 401)
    }
    const wrong = await ask(`${product.url}/authentication/secrets/reset`, {
      headers: withCookie(cookie),
      body: { secret: 'all' },
    })
    expect([wrong.status, wrong.json.message]).toEqual([400, expect.stringContaining('secret')])
  })

  it('changes the password by the old one, and ends every other session', async () => {
    const member = await product.addMember('Changer', 'changer@northwind.example')
    const mine = await cookieFor(member)
    const other = await cookieFor(member)
    const change = (oldPassword: string, newPassword: string) =>
      ask(`${product.url}/authentication/passwords`, {
        headers: withCookie(mine),
        body: { oldPassword, newPassword },
      })
    expect((await change('not the one', 'a new password')).status).toBe(401)
    expect((await change(member.password, 'short')).status).toBe(400)
    expect((await change(member.password, 'a new password')).status).toBe(200)
    expect((await ask(`${product.url}/instances/count`, { headers: withCookie(mine) })).status).toBe(200)
    expect((await ask(`${product.url}/instances/count`, { headers: withCookie(other) })).status).toBe(401)
    expect((await signIn(member)).status).toBe(401)
    expect((await signIn({ ...member, password: 'a new password' })).status).toBe(200)
  })
})

describe('the first steps', () => {
  it('tick themselves: secrets when they were read, the call when a hub answered', async () => {
    const member = await product.addMember('Newcomer', 'newcomer@northwind.example')
    const cookie = await cookieFor(member)
    const steps = async () => {
      await product.context.requestLog.flush()
      const { json } = await ask(`${product.url}/session`, { headers: withCookie(cookie) })
      return [json.user.secretsSeenDate !== null, json.user.firstCallDate !== null]
    }
    const made = await connect(product, member)
    expect(await steps()).toEqual([false, false])
    await ask(`${product.url}/authentication/secrets`, { headers: withCookie(cookie) })
    expect(await steps()).toEqual([true, false])
    expect((await ask(`${product.url}/reports/none`, { headers: hub(member, made.json.token) })).status).toBe(
      404,
    )
    expect(await steps()).toEqual([true, false])
    await ask(`${product.url}/reports?pageSize=1`, { headers: hub(member, made.json.token) })
    expect(await steps()).toEqual([true, true])
  })
})

describe('the test of an instance', () => {
  it('reads one row from the vendor, and tells in its words when that fails', async () => {
    const { admin, sandbox, url } = product
    const made = await connect(product, admin)
    const test = () =>
      ask(`${url}/instances/${made.json.id}/test`, { method: 'POST', headers: platform(admin) })
    const good = await test()
    expect(good.json).toMatchObject({ resource: 'reports', rows: 1 })
    await ask(`${sandbox.url}/sandbox/revoke`, { method: 'POST' })
    const bad = await test()
    expect([bad.status, bad.json.code]).toEqual([401, 'needs-reconnect'])
    const missing = await ask(`${url}/instances/999999/test`, { method: 'POST', headers: platform(admin) })
    expect(missing.status).toBe(404)
  })
})
