import { describe, expect, it } from 'vitest'
import { ask } from '../support/client.ts'
import { codeFor, companyBy, companyInstance, keysOf, post, userInstance } from '../support/grants.ts'
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

/** Every code of the token address (spec/concur.md 1.2) that only a new consent, or a new request token, mends. */
const ending = [5, 10, 11, 19, 104, 105, 107, 108, 123]
/** The others: about a logon, a lock, an IP rule, a request or the application, which pass or can be mended. */
const passing = [
  ...[12, 13, 14, 16, 20, 21, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64, 65],
  ...[80, 81, 82, 83, 84, 85, 100, 101, 102, 103, 106, 109, 115, 117, 118, 119, 120, 121, 122, 124],
  ...[134, 135, 136, 139],
]
const every = [...ending, ...passing].sort((one, other) => one - other)

/** The token address answers this code from now on; what it says is returned as the product should repeat it. */
const answering = async (value: number): Promise<string> => {
  await sandbox.faults({ fault: 'oauth-error', value })
  const { json } = await ask(`${product.sandbox.url}/oauth2/v0/token`, {
    form: { grant_type: 'client_credentials', client_id: app.key, client_secret: app.secret },
  })
  expect(json.code).toBe(value)
  return `${json.error_description} (${json.error}, code ${value})`
}

describe('a connection that the vendor refuses', () => {
  it.each(every)('by a code: %i', async (value) => {
    const code = await codeFor(product, member)
    const words = await answering(value)
    const reply = await post(product, member, { configuration, providerData: { code } })
    expect(reply.status).toBe(400)
    expect(reply.json).toMatchObject({
      ...{ code: 'provider-refused', hop: 'provider', retryable: false, providerMessage: words },
      providerCorrelationId: expect.stringMatching(/\w/),
    })
    expect(reply.json.message).toContain(`refused providerData.code: ${words}.`)
    expect(reply.text).not.toContain(code)
  })

  it.each(every)('by a company request token: %i', async (value) => {
    const token = await sandbox.requestToken()
    const words = await answering(value)
    const reply = await post(product, member, {
      configuration: { ...keysOf(app), ...companyBy(token), 'authentication.type': 'company' },
    })
    expect(reply.status).toBe(400)
    expect(reply.json).toMatchObject({ code: 'provider-refused', hop: 'provider', providerMessage: words })
    expect(reply.json.message).toContain(`refused configuration.concur.company.request.token: ${words}.`)
    expect(reply.text).not.toContain(token.requestToken)
  })
})

const kinds = [
  ['a person', () => userInstance(product, member), 'providerData.code'],
  ['a company', () => companyInstance(product, member), 'concur.company.request.token'],
] as const

describe.each(kinds)('a renewal that the vendor refuses to %s', (_title, make, mendedBy) => {
  it.each(ending)('ends the connection: %i', async (value) => {
    const instance = await make()
    const words = await answering(value)
    await sandbox.endTokens()
    const reply = await instance.reports()
    expect(reply.status).toBe(401)
    expect(reply.json).toMatchObject({
      ...{ code: 'needs-reconnect', hop: 'provider', retryable: false, providerMessage: words },
    })
    expect(reply.json.message).toContain(words)
    expect(reply.json.message).toContain(mendedBy)
    const shown = (await instance.show()).json
    expect(shown).toMatchObject({ valid: false, authentication: [{ state: 'needs-reconnect' }] })
    expect(shown.authentication[0].reason).toBe(reply.json.message)
    await sandbox.faults()
    const { requests } = await sandbox.during(async () => {
      expect((await instance.reports()).json).toMatchObject({
        code: 'needs-reconnect',
        providerMessage: words,
      })
    })
    expect(requests).toEqual([])
  })

  it.each(passing)('ends nothing: %i', async (value) => {
    const instance = await make()
    const words = await answering(value)
    await sandbox.endTokens()
    const reply = await instance.reports()
    expect(reply.status).toBe(502)
    expect(reply.json).toMatchObject({
      ...{ code: 'provider-failed', hop: 'provider', retryable: true, providerMessage: words },
    })
    expect(reply.json.message).toMatch(/The connection stays; try again later\. If it lasts/)
    expect((await instance.show()).json).toMatchObject({ valid: true, authentication: [{ state: 'ok' }] })
    await sandbox.faults()
    expect((await instance.reports()).status).toBe(200)
  })
})
