import { describe, expect, it } from 'vitest'
import { ask, platform } from '../support/client.ts'
import {
  adminLogin,
  type Connected,
  codeFor,
  companyBy,
  companyInstance,
  connected,
  euAdminLogin,
  keysOf,
  legacyInstance,
  post,
  userInstance,
} from '../support/grants.ts'
import { app, configuration } from '../support/instances.ts'
import type { Member, Product } from '../support/product.ts'
import type { Controls } from '../support/sandbox.ts'
import { onProduct } from '../support/stage.ts'

let product: Product
let member: Member
let sandbox: Controls

onProduct((stage) => {
  ;({ product, member, sandbox } = stage)
})

/** Addresses that the vendor documents for companies refuse a person's token. */
const strict = { fault: 'principals', value: 'strict' }

const grants = async (instance: Connected): Promise<readonly Record<string, unknown>[]> =>
  (await instance.show()).json.authentication

/** One instance with both, made by one call. */
const both = async (more: Record<string, string> = {}): Promise<Connected> => {
  const made = await post(product, member, {
    configuration: { ...configuration, ...companyBy(await sandbox.requestToken()), ...more },
    providerData: { code: await codeFor(product, member) },
  })
  return connected(product, member, made)
}

/** The order in which the two came must not matter. */
const ways: readonly [title: string, make: () => Promise<Connected>][] = [
  ['made with both', both],
  [
    'made by a consent, a company added',
    async () => {
      const instance = await userInstance(product, member)
      const reply = await instance.patch({ configuration: companyBy(await sandbox.requestToken()) })
      expect(reply.status, reply.text).toBe(200)
      expect(reply.json).toMatchObject({ id: instance.id, token: instance.token })
      return instance
    },
  ],
  [
    'made for a company, a person added',
    async () => {
      const instance = await companyInstance(product, member, {
        configuration: { 'oauth.callback.url': configuration['oauth.callback.url'] },
      })
      const reply = await instance.patch({ providerData: { code: await codeFor(product, member) } })
      expect(reply.status, reply.text).toBe(200)
      return instance
    },
  ],
]

describe.each(ways)('an instance %s', (_title, make) => {
  it('shows both grants, and takes for each call the one that the vendor documents', async () => {
    const instance = await make()
    expect(await grants(instance)).toEqual(
      ['user', 'company'].map((principal) => ({
        principal,
        type: principal === 'user' ? 'oauth2' : 'company',
        expiresAt: expect.stringMatching(/^\d{4}-.*Z$/),
        refreshExpiresAt: expect.stringMatching(/^\d{4}-.*Z$/),
        geolocation: product.sandbox.url,
        scopes: expect.arrayContaining(['EXPRPT']),
        state: 'ok',
      })),
    )
    await sandbox.faults(strict)
    const users = await instance.call('/users', { query: { pageSize: '1' } })
    expect(users.status, users.text).toBe(200)
    const own = await instance.reports({ where: `user='${adminLogin}'` })
    expect(own.json[0].OwnerLoginID).toBe(adminLogin)
  })

  it('asks with the person’s grant for reports, which are the person’s own', async () => {
    const instance = await make()
    const { requests } = await sandbox.during(async () => {
      const reply = await instance.call('/reports', { query: { pageSize: '100' } })
      expect(reply.headers['elements-scope']).toBe('own')
      expect(reply.json.length).toBeGreaterThan(0)
      for (const row of reply.json) expect(row.OwnerLoginID).toBe(adminLogin)
    })
    expect(requests.map(({ path }) => path).join()).not.toContain('user=')
  })

  it('deletes an expense with the company’s grant', async () => {
    const instance = await make()
    const made = await instance.call('/expenses', {
      method: 'POST',
      body: {
        ReportID: (await instance.reports({ where: `ApprovalStatusCode = 'A_NOTF'` })).json[0].ID,
        ExpenseTypeCode: 'TAXIX',
        PaymentTypeID: 'p',
        TransactionCurrencyCode: 'EUR',
        TransactionDate: '2026-01-01',
        TransactionAmount: 3,
      },
    })
    expect(made.status, made.text).toBe(200)
    await sandbox.faults(strict)
    const { requests } = await sandbox.during(async () => {
      const gone = await instance.call(`/expenses/${encodeURIComponent(made.json.ID)}`, { method: 'DELETE' })
      expect(gone.status, gone.text).toBe(200)
    })
    expect(requests.at(-1)?.path).toMatch(/^\/expensereports\/v4\/reports\/.*\/expenses\//)
  })
})

describe('a person’s grant alone', () => {
  it('serves people where the vendor allows it, and is told what is missing where not', async () => {
    const instance = await userInstance(product, member)
    expect((await instance.call('/users', { query: { pageSize: '1' } })).status).toBe(200)
    await sandbox.faults(strict)
    const reply = await instance.call('/users', { query: { pageSize: '1' } })
    expect([reply.status, reply.json.code, reply.json.hop]).toEqual([403, 'provider-denied', 'provider'])
    expect(reply.json.providerMessage).toContain('company token')
  })
})

describe('one of two grants that has ended', () => {
  it.each([
    ['user', { login: adminLogin }, '/reports', '/users'],
    ['company', { company: 'us2' }, '/users', '/reports'],
  ] as const)(
    '%s: the instance is not valid, and the other goes on',
    async (principal, what, dead, alive) => {
      const instance = await both()
      await sandbox.revoke(what)
      await sandbox.endTokens()
      const first = { query: { pageSize: '1' } }
      const refused = await instance.call(dead, first)
      expect([refused.status, refused.json.code]).toEqual([401, 'needs-reconnect'])
      const { requests } = await sandbox.during(async () => {
        expect((await instance.call(dead, first)).status).toBe(401)
      })
      expect(requests).toEqual([])
      expect((await instance.call(alive, first)).status).toBe(200)
      const shown = (await instance.show()).json
      expect(shown.valid).toBe(false)
      for (const grant of shown.authentication)
        expect(grant.state).toBe(grant.principal === principal ? 'needs-reconnect' : 'ok')
      const mended = await instance.patch(
        principal === 'user'
          ? { providerData: { code: await codeFor(product, member) } }
          : { configuration: companyBy(await sandbox.requestToken()) },
      )
      expect(mended.json).toMatchObject({ id: instance.id, token: instance.token, valid: true })
      for (const path of [dead, alive]) expect((await instance.call(path, first)).status).toBe(200)
    },
  )
})

describe('the old contract', () => {
  it.each([
    ['both', both],
    ['a consent', () => userInstance(product, member)],
    ['the deprecated framework', () => legacyInstance(product, member)],
  ])('takes a whole fetched instance of %s back, grants and all, and changes nothing', async (...row) => {
    const [, make] = row
    const instance = await make()
    const { updatedDate: _, ...before } = (await instance.show()).json
    const { requests } = await sandbox.during(async () => {
      for (const method of ['PUT', 'PATCH']) {
        const reply = await ask(`${product.url}/instances/${instance.id}`, {
          ...{ method, headers: platform(member), body: before },
        })
        expect(reply.status, reply.text).toBe(200)
      }
    })
    expect(requests).toEqual([])
    const { updatedDate: _later, ...after } = (await instance.show()).json
    expect(after).toEqual(before)
    expect((await instance.reports()).status).toBe(200)
  })
})

describe('changing between kinds', () => {
  it('a new kind takes the place of the old one, and back again, with tokens that work', async () => {
    const instance = await userInstance(product, member)
    for (let round = 0; round < 2; round++) {
      await sandbox.endTokens()
      expect((await instance.reports()).status).toBe(200)
    }
    const company = await instance.patch({
      configuration: { ...companyBy(await sandbox.requestToken()), 'authentication.type': 'company' },
    })
    expect(company.json.authentication).toMatchObject([{ principal: 'company' }])
    const back = await instance.patch({
      configuration: { 'authentication.type': 'oauth2' },
      providerData: { code: await codeFor(product, member, { login: euAdminLogin }) },
    })
    expect(back.json.authentication).toMatchObject([{ principal: 'user' }])
    const reply = await instance.reports()
    expect(reply.status, reply.text).toBe(200)
    expect(reply.json[0].OwnerLoginID).toBe(euAdminLogin)
  })

  it('needs what the new kind is connected by, and leaves the old one until then', async () => {
    const instance = await userInstance(product, member)
    const before = (await instance.show()).json
    for (const body of [
      { configuration: { 'authentication.type': 'company' } },
      { configuration: { 'authentication.type': 'company', 'concur.company.id': 'some' } },
      { configuration: { 'authentication.type': 'nonsense' } },
      { configuration: { 'concur.company.request.token': 'at-1' } },
    ]) {
      const reply = await instance.patch(body)
      expect([reply.status, reply.json.code], reply.text).toEqual([400, 'bad-request'])
    }
    expect((await instance.show()).json).toEqual(before)
    const code = { providerData: { code: await codeFor(product, member) } }
    const company = await companyInstance(product, member)
    const reply = await company.patch(code)
    expect(reply.json.message).toContain('oauth.callback.url')
    expect((await post(product, member, { configuration: keysOf(app), ...code })).json.message).toContain(
      'oauth.callback.url',
    )
  })
})
