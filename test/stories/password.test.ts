import { describe, expect, it } from 'vitest'
import { adminLogin, connected, keysOf, legacyApp, post } from '../support/grants.ts'
import { app } from '../support/instances.ts'
import { type Member, type Product, startProduct } from '../support/product.ts'
import { everyRow } from '../support/rows.ts'
import { type Controls, controlsOf } from '../support/sandbox.ts'
import { onProduct } from '../support/stage.ts'

let product: Product
let member: Member
let sandbox: Controls

onProduct(
  (stage) => {
    ;({ product, member, sandbox } = stage)
  },
  { environment: { ALLOW_PASSWORD_GRANT: 'true' } },
)

const login = (name: string, password = 'sandbox') => ({
  'concur.user.login': name,
  'concur.user.password': password,
})
const current = { ...keysOf(app), 'authentication.type': 'password' }
const legacy = { ...keysOf(legacyApp), 'authentication.type': 'legacy' }

describe('a login by password', () => {
  it('is off where the operator has not allowed it, and says why', async () => {
    const careful = await startProduct()
    try {
      for (const kind of [current, legacy]) {
        const { grants } = await controlsOf(careful).during(async () => {
          const reply = await post(careful, careful.admin, {
            configuration: { ...kind, ...login(adminLogin) },
          })
          expect([reply.status, reply.json.code]).toEqual([400, 'bad-request'])
          expect(reply.json.message).toMatch(/own password.*RFC 9700 2\.4.*ALLOW_PASSWORD_GRANT=true/)
        })
        expect(grants).toEqual({})
      }
    } finally {
      await careful.close()
    }
  })

  it('connects, is renewed, and the password is not kept', async () => {
    const planted = login(adminLogin, 'sandbox')
    const instance = connected(
      product,
      member,
      await post(product, member, { configuration: { ...current, ...planted } }),
    )
    expect(instance.made.json).toMatchObject({
      configuration: { 'concur.user.login': adminLogin },
      authentication: [{ principal: 'user', type: 'password', state: 'ok' }],
    })
    expect(instance.made.json.configuration).not.toHaveProperty('concur.user.password')
    await sandbox.endTokens()
    const { grants } = await sandbox.during(async () => expect((await instance.reports()).status).toBe(200))
    expect(grants).toEqual({ refresh_token: 1 })
    const stored = await product.context.instances.wholeConfiguration(
      { organizationId: 2, accountId: 2, userId: 2 },
      instance.id,
    )
    expect(Object.keys(stored)).not.toContain('concur.user.password')
  })

  it('of somebody in the other data centre is asked there: error 16', async () => {
    const { requests } = await sandbox.during(async () => {
      const made = await post(product, member, {
        configuration: { ...current, ...login('abroad@sandbox.example') },
      })
      expect(made.json.authentication[0].geolocation).toBe(`${product.sandbox.url}/dc/eu2`)
      expect((await connected(product, member, made).reports()).status).toBe(200)
    })
    expect(requests.slice(0, 2).map(({ path, status }) => [path, status])).toEqual([
      ['/oauth2/v0/token', 400],
      ['/dc/eu2/oauth2/v0/token', 200],
    ])
  })

  it('shows its password nowhere when it is refused', async () => {
    const planted = 'planted-wrong-password'
    const reply = await post(product, member, {
      configuration: { ...current, ...login(adminLogin, planted) },
    })
    await product.context.requestLog.flush()
    expect(reply.text + (await everyRow(product))).not.toContain(planted)
  })

  it.each([
    [5, login(adminLogin, 'wrong')],
    [100, login('nobody@sandbox.example')],
    [14, login('locked@sandbox.example')],
    [20, login('blocked@sandbox.example')],
    [21, login('sso@sandbox.example')],
    [139, login('renew@sandbox.example')],
  ])('is refused with the words and the code of the vendor: %i', async (code, who) => {
    const reply = await post(product, member, { configuration: { ...current, ...who } })
    expect([reply.status, reply.json.code, reply.json.hop]).toEqual([400, 'provider-refused', 'provider'])
    expect(reply.json.providerMessage).toMatch(new RegExp(`\\w+ .*\\((?:invalid_\\w+), code ${code}\\)$`))
    expect(reply.json.message).toContain('single sign-on')
  })

  it('without one of the two names it', async () => {
    const nobody = await post(product, member, { configuration: current })
    expect(nobody.json.message).toContain('concur.user.login')
    const half = await post(product, member, { configuration: { ...current, 'concur.user.login': 'x' } })
    expect(half.json.message).toContain('concur.user.password')
  })
})

describe('the native login of the deprecated framework', () => {
  it('connects with name, password and key alone, and is renewed as any other', async () => {
    const { requests } = await sandbox.during(async () => {
      const made = await post(product, member, { configuration: { ...legacy, ...login(adminLogin) } })
      expect(made.json.authentication, made.text).toMatchObject([{ type: 'legacy', state: 'ok' }])
      const instance = connected(product, member, made)
      await sandbox.addSeconds(366 * 86_400)
      expect((await instance.reports()).status).toBe(200)
    })
    expect(requests.flatMap(({ grant }) => grant ?? [])).toEqual(['legacy_native', 'legacy_refresh'])
  })

  it.each([
    [login(adminLogin, 'wrong'), legacy, /Incorrect credentials/],
    [login('locked@sandbox.example'), legacy, /locked/],
    [login(adminLogin), { ...legacy, ...keysOf(app) }, /consumer key/],
  ])('is refused in the words of the vendor’s XML', async (who, keys, words) => {
    const reply = await post(product, member, { configuration: { ...keys, ...who } })
    expect([reply.status, reply.json.code, reply.json.hop], reply.text).toEqual([
      ...[400, 'provider-refused', 'provider'],
    ])
    expect(reply.json.providerMessage).toMatch(words)
  })
})
