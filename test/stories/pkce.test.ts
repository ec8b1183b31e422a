import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, callbackUrl, platform } from '../support/client.ts'
import { allowAt, codeFor, consentPage, post } from '../support/grants.ts'
import { app, configuration } from '../support/instances.ts'
import { type Member, type Product, serveBeside, startProduct } from '../support/product.ts'

let product: Product
let member: Member

beforeAll(async () => {
  product = await startProduct()
  member = product.admin
})
afterAll(() => product?.close())

/** The code, traded at the vendor by somebody else who knows the secret of the application. */
const stolen = (code: string, verifier?: string) =>
  ask(`${product.sandbox.url}/oauth2/v0/token`, {
    form: {
      ...{ grant_type: 'authorization_code', code, redirect_uri: callbackUrl },
      ...{ client_id: app.key, client_secret: app.secret },
      ...(verifier === undefined ? {} : { code_verifier: verifier }),
    },
  })

describe('a consent that this server asks for', () => {
  it('carries a challenge, without whose verifier the code is worth nothing', async () => {
    const page = await consentPage(product, member)
    expect(page.searchParams.get('code_challenge_method')).toBe('S256')
    expect(page.searchParams.get('code_challenge')).toMatch(/^[\w-]{43}$/)
    expect((await stolen(await codeFor(product, member))).json.code).toBe(103)
    expect((await stolen(await codeFor(product, member), 'x'.repeat(43))).json.code).toBe(103)
    const mine = await post(product, member, {
      configuration,
      providerData: { code: await codeFor(product, member) },
    })
    expect(mine.status, mine.text).toBe(200)
  })

  it.each(['default', ''])('by any of its addresses: oauth/url/%s', async (below) => {
    const reply = await ask(`${product.url}/elements/concur/oauth/url${below === '' ? '' : `/${below}`}`, {
      headers: platform(member),
      query: { apiKey: app.key, apiSecret: app.secret, callbackUrl },
    })
    const back = await allowAt(new URL(reply.json.oauthUrl))
    const code = back.searchParams.get('code') ?? ''
    expect((await post(product, member, { configuration, providerData: { code } })).status).toBe(200)
  })

  it('is of no use to another organization, nor to another callback address', async () => {
    const stranger = await product.addMember('Strangers', 'admin@strangers.example')
    const code = await codeFor(product, member)
    const theirs = await post(product, stranger, { configuration, providerData: { code } })
    expect([theirs.status, theirs.json.providerMessage]).toEqual([400, expect.stringContaining('code 103')])
    const elsewhere = await post(product, member, {
      configuration: { ...configuration, 'oauth.callback.url': 'http://127.0.0.1:9/other' },
      providerData: { code: await codeFor(product, member) },
    })
    expect(elsewhere.json.providerMessage).toContain('code 104')
  })

  it('may be ended by another process of the same installation', async () => {
    const other = await serveBeside(product, {})
    try {
      const code = await codeFor(product, member)
      const made = await ask(`${other.url}/instances`, {
        headers: platform(member),
        body: { name: 'There', element: { key: 'concur' }, configuration, providerData: { code } },
      })
      expect(made.status, made.text).toBe(200)
    } finally {
      await other.stop()
    }
  })

  it('at the real vendor carries none, since it documents none', async () => {
    const page = await consentPage(product, member, { apiKey: 'mine' })
    expect(page.hostname).toBe('www-us2.api.concursolutions.com')
    expect([...page.searchParams.keys()]).not.toContain('code_challenge')
  })

  it('that somebody else asked for without a challenge works too', async () => {
    const page = await consentPage(product, member)
    page.searchParams.delete('code_challenge')
    page.searchParams.delete('code_challenge_method')
    const code = (await allowAt(page)).searchParams.get('code')
    const made = await post(product, member, { configuration, providerData: { code } })
    expect(made.status, made.text).toBe(200)
  })
})
