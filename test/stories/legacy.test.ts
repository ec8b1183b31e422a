import { describe, expect, it } from 'vitest'
import {
  adminLogin,
  allowAt,
  type Connected,
  codeFor,
  consentPage,
  euAdminLogin,
  keysOf,
  legacyApp,
  legacyInstance,
  post,
} from '../support/grants.ts'
import type { Member, Product } from '../support/product.ts'
import type { Controls } from '../support/sandbox.ts'
import { onProduct } from '../support/stage.ts'

let product: Product
let member: Member
let sandbox: Controls

onProduct((stage) => {
  ;({ product, member, sandbox } = stage)
})

const type = 'legacy'
const operation = 'legacy.token'
const legacy = { ...keysOf(legacyApp), 'authentication.type': type }
/** The vendor says that a token ends with the reply that gives it. */
const endsAtOnce = { fault: 'expire-tokens', value: 0, operation }
const yearAndMore = 366 * 86_400
const geolocationOf = async (instance: Connected): Promise<string> =>
  (await instance.show()).json.authentication[0].geolocation

describe('the consent page of the deprecated framework', () => {
  it('has scopes with commas, and no code challenge, which it does not know', async () => {
    const page = await consentPage(product, member, { apiKey: legacyApp.key, type })
    expect(page.pathname).toBe('/net2/oauth2/Login.aspx')
    expect(page.searchParams.get('scope')).toBe('EXPRPT,USER,LIST,CONFIG,ATTEND,IMAGE')
    expect([...page.searchParams.keys()].sort()).toEqual(
      ['client_id', 'redirect_uri', 'response_type', 'scope', 'state'].sort(),
    )
    const narrow = await consentPage(product, member, { apiKey: legacyApp.key, type, scope: 'EXPRPT LIST' })
    expect(narrow.searchParams.get('scope')).toBe('EXPRPT,LIST')
  })

  it('says why the vendor gives no code for a scope that it does not know', async () => {
    const page = await consentPage(product, member, { apiKey: legacyApp.key, type, scope: 'NOTHING' })
    expect((await allowAt(page)).searchParams.get('error')).toBe('invalid_scope')
  })
})

describe('a connection of the deprecated framework', () => {
  it('is made of a code, and lasts a year', async () => {
    let instance: Connected | undefined
    const { grants } = await sandbox.during(async () => {
      instance = await legacyInstance(product, member)
    })
    expect(grants).toEqual({ legacy_code: 1 })
    const [grant] = (await instance?.show())?.json.authentication ?? []
    expect(grant).toMatchObject({ principal: 'user', type, refreshExpiresAt: null, state: 'ok' })
    expect(Date.parse(grant.expiresAt) - Date.now()).toBeGreaterThan(360 * 86_400_000)
    const { configuration } = instance?.made.json ?? {}
    expect(configuration).toMatchObject({ 'authentication.type': type, 'oauth.api.secret': '********' })
  })

  it('reaches the v3 addresses with the scheme OAuth: reports, people, and the DELETE of an expense', async () => {
    const instance = await legacyInstance(product, member)
    const { requests } = await sandbox.during(async () => {
      const [report] = (await instance.reports({ where: `ApprovalStatusCode = 'A_NOTF'` })).json
      const people = await instance.call('/users', { query: { pageSize: '2', where: `Active = 'true'` } })
      expect(people.json).toHaveLength(2)
      expect(Object.keys(people.json[0])).toEqual(expect.arrayContaining(['LoginID', 'PrimaryEmail']))
      const made = await instance.call('/expenses', {
        method: 'POST',
        body: {
          ...{ ReportID: report.ID, ExpenseTypeCode: 'TAXIX', PaymentTypeID: 'p', TransactionAmount: 3 },
          ...{ TransactionCurrencyCode: 'EUR', TransactionDate: '2026-01-01' },
        },
      })
      expect(made.status, made.text).toBe(200)
      const path = `/expenses/${encodeURIComponent(made.json.ID)}`
      expect((await instance.call(path, { method: 'DELETE' })).status).toBe(200)
      expect((await instance.call(path)).status).toBe(404)
    })
    const paths = new Set(requests.map(({ method, path }) => `${method} ${path.split(/[?]/)[0]}`))
    expect([...paths].map((path) => path.replace(/entries\/.+/, 'entries/ID'))).toEqual(
      expect.arrayContaining(['GET /api/v3.0/common/users', 'DELETE /api/v3.0/expense/entries/ID']),
    )
    for (const path of paths) expect(path).toContain('/api/v3.0/')
  })

  it('lists people only: one of them has no address there', async () => {
    const instance = await legacyInstance(product, member)
    const [person] = (await instance.call('/users', { query: { pageSize: '1' } })).json
    const reply = await instance.call(`/users/${encodeURIComponent(person.ID)}`)
    expect([404, 405], reply.text).toContain(reply.status)
    const found = await instance.call('/users', { query: { where: `LoginID = '${adminLogin}'` } })
    expect(found.json).toMatchObject([{ LoginID: adminLogin }])
  })

  it('of the other data centre is followed to the Instance_Url of the reply', async () => {
    const instance = await legacyInstance(product, member, { login: euAdminLogin })
    expect(await geolocationOf(instance)).toBe(`${product.sandbox.url}/dc/eu2`)
    await sandbox.addSeconds(yearAndMore)
    expect((await instance.reports()).json[0].OwnerLoginID).toBe(euAdminLogin)
  })
})

describe('a renewal in the deprecated framework', () => {
  it.each([
    ['the same token', {}],
    ['a new token, the old one dead', { fault: 'legacy-new-token', value: 'kill-old' }],
    ['a new token beside the old one', { fault: 'legacy-new-token', value: 'keep-old' }],
    ['names in another case', { fault: 'legacy-names' }],
    ['no Instance_Url', { fault: 'legacy-no-instance' }],
    ['no Refresh_Token', { fault: 'legacy-no-refresh' }],
  ])('sends the old token along, and takes %s', async (_title, fault) => {
    const instance = await legacyInstance(product, member, { login: euAdminLogin })
    await sandbox.faults(...('fault' in fault ? [fault] : []))
    for (let round = 0; round < 2; round++) {
      await sandbox.addSeconds(yearAndMore)
      const { grants } = await sandbox.during(async () => {
        const reply = await instance.reports()
        expect(reply.status, reply.text).toBe(200)
      })
      expect(grants).toEqual({ legacy_refresh: 1 })
    }
    expect(await geolocationOf(instance)).toBe(`${product.sandbox.url}/dc/eu2`)
  })

  it.each(['legacy-names', 'legacy-no-instance', 'legacy-no-refresh'])(
    'the first reply may be as odd: %s',
    async (fault) => {
      await sandbox.faults({ fault })
      expect((await (await legacyInstance(product, member)).reports()).status).toBe(200)
    },
  )

  it('comes before the call when the end is told and near', async () => {
    await sandbox.faults(endsAtOnce)
    const instance = await legacyInstance(product, member)
    await sandbox.faults()
    const { requests } = await sandbox.during(() => instance.reports())
    expect(requests.map((one) => one.operation)).toEqual([operation, 'reports.list'])
  })

  it('without any refresh token ends the connection, and says that none was given', async () => {
    await sandbox.faults({ fault: 'legacy-no-refresh' })
    const instance = await legacyInstance(product, member)
    expect((await instance.reports()).status).toBe(200)
    await sandbox.addSeconds(yearAndMore)
    const reply = await instance.reports()
    expect([reply.status, reply.json.code]).toEqual([401, 'needs-reconnect'])
    expect(reply.json.message).toContain('no refresh token was given')
    expect((await instance.show()).json.valid).toBe(false)
    await sandbox.faults()
    const code = await codeFor(product, member, { apiKey: legacyApp.key, type })
    expect((await instance.patch({ providerData: { code } })).json).toMatchObject({
      ...{ id: instance.id, token: instance.token, valid: true },
    })
    expect((await instance.reports()).status).toBe(200)
  })

  it('that is refused ends it, in the words of the vendor’s XML', async () => {
    const instance = await legacyInstance(product, member)
    await instance.patch({ configuration: { 'oauth.api.secret': 'not-the-secret' } })
    await sandbox.addSeconds(yearAndMore)
    const reply = await instance.reports()
    expect(reply.json).toMatchObject({
      ...{ code: 'needs-reconnect', hop: 'provider', providerMessage: 'client_secret is wrong' },
      providerCorrelationId: expect.stringMatching(/\w/),
    })
    expect((await instance.show()).json.authentication[0].reason).toContain('client_secret is wrong')
  })

  it.each([
    ['429', { fault: 'rate-limit', value: 90 }, 429, 'provider-rate-limited'],
    ['a rate limit told as 400', { fault: 'rate-limit-400' }, 429, 'provider-rate-limited'],
    ['500', { fault: 'server-error', value: 500 }, 502, 'provider-failed'],
    ['a cut connection', { fault: 'cut-connection', value: 'before' }, 502, 'provider-unreachable'],
  ])('that may pass ends nothing: %s', async (_title, fault, status, code) => {
    await sandbox.faults(endsAtOnce)
    const instance = await legacyInstance(product, member)
    await sandbox.faults({ ...fault, operation })
    const reply = await instance.reports()
    expect([reply.status, reply.json.code], reply.text).toEqual([status, code])
    expect((await instance.show()).json.valid).toBe(true)
    await sandbox.faults()
    expect((await instance.reports()).status).toBe(200)
  })

  it('that names a foreign host stays where it was', async () => {
    await sandbox.faults(endsAtOnce)
    const instance = await legacyInstance(product, member)
    await sandbox.faults({ fault: 'hostile-geolocation', value: 'https://evil.example/' })
    expect((await instance.reports()).status).toBe(200)
    expect(await geolocationOf(instance)).toBe(product.sandbox.url)
  })
})

describe('a connection of the deprecated framework is refused', () => {
  const refusals: readonly [title: string, more: () => Promise<Record<string, unknown>>, words: RegExp][] = [
    [
      'with a used code',
      async () => ({ providerData: { code: await usedCode() } }),
      /code: the request token/,
    ],
    [
      'with a wrong secret',
      async () => ({
        configuration: { ...legacy, 'oauth.api.secret': 'not-the-secret' },
        providerData: { code: await codeFor(product, member, { apiKey: legacyApp.key, type }) },
      }),
      /client_secret is wrong/,
    ],
    ['without a code', async () => ({}), /providerData\.code: missing/],
    [
      'by name and password, unless the operator allows it',
      async () => ({
        configuration: {
          ...{ ...legacy, 'concur.user.login': adminLogin, 'concur.user.password': 'sandbox' },
        },
      }),
      /ALLOW_PASSWORD_GRANT/,
    ],
  ]

  const usedCode = async (): Promise<string> => {
    const code = await codeFor(product, member, { apiKey: legacyApp.key, type })
    await post(product, member, { configuration: legacy, providerData: { code } })
    return code
  }

  it.each(refusals)('%s', async (_title, more, words) => {
    const reply = await post(product, member, { configuration: legacy, ...(await more()) })
    expect(reply.status, reply.text).toBe(400)
    expect(reply.json.message).toMatch(words)
    expect(reply.text).not.toMatch(/amalgam-sandbox-legacy-secret|<Error|<Message/)
  })

  it('when the vendor names a foreign host', async () => {
    const code = await codeFor(product, member, { apiKey: legacyApp.key, type })
    await sandbox.faults({ fault: 'hostile-geolocation', value: 'https://evil.example/' })
    const reply = await post(product, member, { configuration: legacy, providerData: { code } })
    expect(reply.status).toBe(400)
    expect(reply.json.message).toContain('not its own')
  })
})

describe('DELETE of a connection of the deprecated framework', () => {
  it('revokes the one token, and another of the same person lives on', async () => {
    const [gone, stays] = [await legacyInstance(product, member), await legacyInstance(product, member)]
    const { requests } = await sandbox.during(async () => {
      const reply = await gone.remove()
      expect([reply.status, reply.headers['elements-error']]).toEqual([200, undefined])
    })
    expect(requests).toMatchObject([{ operation: 'legacy.revoke', method: 'POST', status: 200 }])
    expect(requests[0]?.path).toContain('token=***')
    expect((await stays.reports()).status).toBe(200)
    expect((await gone.reports()).status).toBe(401)
  })
})
