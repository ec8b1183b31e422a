import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, connect, hub, platform } from '../support/client.ts'
import { type Member, type Product, startProduct } from '../support/product.ts'

let product: Product
let stranger: Member
let token: string
let id: number

beforeAll(async () => {
  product = await startProduct()
  stranger = await product.addMember('Southwind', 'admin@southwind.example')
  const made = await connect(product, product.admin)
  token = made.json.token
  id = made.json.id
})
afterAll(() => product?.close())

const reports = (authorization: string) =>
  ask(`${product.url}/hubs/expense/reports`, { headers: { authorization }, query: { pageSize: '1' } })

describe('who may call the hub', () => {
  it.each([
    ['User and Element', ({ user }: Member) => `User ${user}, Element ${token}`],
    ['Element first', ({ user }: Member) => `Element ${token}, User ${user}`],
    [
      'all three',
      ({ user, organization }: Member) => `User ${user}, Organization ${organization}, Element ${token}`,
    ],
    ['odd case and blanks', ({ user }: Member) => `  user   ${user} ,element  ${token} `],
    [
      'no comma',
      ({ user, organization }: Member) => `User ${user}, Organization ${organization} Element ${token}`,
    ],
    ['the alias Token', ({ user }: Member) => `User ${user}, Token ${token}`],
  ])('%s', async (_title, header) => {
    expect((await reports(header(product.admin))).status).toBe(200)
  })

  it.each([
    ['no secrets', () => ''],
    ['no Element token', ({ user }: Member) => `User ${user}`],
    ['an unknown Element token', ({ user }: Member) => `User ${user}, Element nonsense=`],
    ['an unknown User secret', () => `User nonsense=, Element ${token}`],
    [
      'an unknown Organization secret',
      ({ user }: Member) => `User ${user}, Organization nonsense=, Element ${token}`,
    ],
    [
      "a stranger's Organization",
      ({ user }: Member) => `User ${user}, Organization ${stranger.organization}, Element ${token}`,
    ],
    ["a stranger's User", () => `User ${stranger.user}, Element ${token}`],
    ['no pairs', () => 'something'],
  ])('not with %s: 401', async (_title, header) => {
    const reply = await reports(header(product.admin))
    expect(reply.status).toBe(401)
    expect(reply.json).toMatchObject({ code: 'bad-credentials', hop: 'amalgam' })
    expect(reply.text).not.toContain('nonsense')
  })
})

describe('one organization and another', () => {
  it("sees nothing of a stranger's", async () => {
    const headers = platform(stranger)
    expect((await ask(`${product.url}/instances/${id}`, { headers })).status).toBe(404)
    expect((await ask(`${product.url}/instances/${id}`, { method: 'DELETE', headers })).status).toBe(404)
    expect((await ask(`${product.url}/instances`, { headers })).status).toBe(404)
    expect((await ask(`${product.url}/instances`, { headers: platform(product.admin) })).json).toHaveLength(1)
    expect(
      (await ask(`${product.url}/users`, { headers })).json.map((user: { email: string }) => user.email),
    ).toEqual([stranger.email])
    const organizations = (await ask(`${product.url}/organizations`, { headers })).json
    expect(organizations).toHaveLength(1)
    expect(organizations[0]).toMatchObject({ name: 'Southwind', secret: stranger.organization })
    expect((await ask(`${product.url}/organizations/me`, { headers })).json).toEqual(organizations[0])
  })

  it("cannot look up a stranger's calls, and finds its own within moments, with each vendor call", async () => {
    const reply = await ask(`${product.url}/hubs/expense/reports`, {
      headers: hub(product.admin, token),
      query: { where: "CurrencyCode = 'EUR' and Total > 1", pageSize: '1' },
    })
    const requestId = String(reply.headers['elements-request-id'])
    const find = (member: Member) => ask(`${product.url}/usage/${requestId}`, { headers: platform(member) })
    await expect.poll(async () => (await find(product.admin)).status, { timeout: 10_000 }).toBe(200)
    const { json } = await find(product.admin)
    expect(json).toMatchObject({
      request_id: requestId,
      requestId,
      request_status: '200',
      request_uri: '/elements/api-v2/hubs/expense/reports',
      element_key: 'concur',
      elementInstanceId: id,
      plan: 'provider(currencyCode) local(CurrencyCode, Total)',
    })
    expect(json.vendorCalls.length).toBeGreaterThan(0)
    expect(json.vendorCalls[0]).toMatchObject({
      method: 'GET',
      path: '/api/v3.0/expense/reports',
      status: 200,
    })
    expect(json.vendorCalls[0].correlationId).toMatch(/^[0-9a-f-]{36}$/)
    expect(JSON.stringify(json)).not.toContain('EUR')
    expect((await find(stranger)).status).toBe(404)
  })

  it('keeps id 1 for a system tenant', async () => {
    const users = await product.context.accounts.users(1)
    expect(users).toMatchObject([{ userId: 1, active: false, secretSealed: null, passwordHash: null }])
    const headers = platform(product.admin)
    expect((await ask(`${product.url}/organizations/me`, { headers })).json.id).toBeGreaterThan(1)
    expect((await ask(`${product.url}/users`, { headers })).json[0].id).toBeGreaterThan(1)
  })
})

describe('logging in', () => {
  const logIn = (username: string, password: string) =>
    ask(`${product.url}/authentication`, { body: { username, password } })

  it('1/1 takes the e-mail in any case and sets the date of the last login', async () => {
    const { admin } = product
    expect((await logIn(admin.email.toUpperCase(), admin.password)).status).toBe(200)
    const [user] = (await ask(`${product.url}/users`, { headers: platform(admin) })).json
    expect(user.lastLoginDate).toBe(new Date().toISOString().slice(0, 10))
  })

  it.each(['someone@nowhere.example', 'admin@southwind.example'])(
    'refuses %s after ten wrong passwords a minute, and says when to return',
    async (email) => {
      const replies = await Promise.all(Array.from({ length: 14 }, () => logIn(email, 'wrong wrong')))
      const statuses = replies.map((reply) => reply.status).sort()
      expect(statuses).toEqual([...Array(10).fill(401), ...Array(4).fill(429)])
      const refused = await logIn(email, stranger.password)
      expect(refused.status).toBe(429)
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
      expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60)
      expect((await logIn(product.admin.email, product.admin.password)).status).toBe(200)
    },
  )

  it('1/2 refuses a bearer token that it did not give', async () => {
    const reply = await ask(`${product.url}/authentication/secrets`, {
      headers: { authorization: 'Bearer nonsense=' },
    })
    expect(reply.status).toBe(401)
  })
})
