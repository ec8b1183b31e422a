import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, callbackUrl, connect, consent, hub, platform, submit } from '../support/client.ts'
import { type Product, startProduct } from '../support/product.ts'

let product: Product

beforeAll(async () => {
  product = await startProduct()
})
afterAll(() => product?.close())

describe('a newcomer with curl alone', () => {
  it('1/1 1/2 logs in, connects Concur through its consent pages and reads the same rows on both paths', async () => {
    const { url, admin } = product
    const login = await ask(`${url}/authentication`, {
      body: { username: admin.email, password: admin.password },
    })
    expect(login.status).toBe(200)
    const secrets = await ask(`${url}/authentication/secrets`, {
      headers: { authorization: `Bearer ${login.json.token}` },
    })
    expect(secrets.json).toEqual({ userSecret: admin.user, organizationSecret: admin.organization })

    const made = await connect(product, admin)
    expect(made.status).toBe(200)
    expect(made.json).toMatchObject({
      name: 'Sandbox',
      tags: ['Sandbox'],
      valid: true,
      element: { id: 4933, key: 'concur', hub: 'expense' },
      configuration: {
        'oauth.api.key': '********',
        'oauth.api.secret': '********',
        'filter.response.nulls': 'true',
      },
      user: { emailAddress: admin.email },
    })
    expect(made.json).not.toHaveProperty('providerData')

    const shown = await ask(`${url}/instances/${made.json.id}`, { headers: platform(admin) })
    expect(shown.json.token).toBe(made.json.token)

    const headers = hub(admin, made.json.token)
    const onHub = await ask(`${url}/hubs/expense/reports`, { headers, query: { pageSize: '5' } })
    const bare = await ask(`${url}/reports`, { headers, query: { pageSize: '5' } })
    const anyHub = await ask(`${url}/hubs/whatever/reports`, { headers, query: { pageSize: '5' } })
    expect(onHub.status).toBe(200)
    expect(onHub.json).toHaveLength(5)
    expect(onHub.headers['elements-returned-count']).toBe('5')
    expect(onHub.headers['elements-element-instance-id']).toBe(String(made.json.id))
    expect(bare.json).toEqual(onHub.json)
    expect(anyHub.json).toEqual(onHub.json)
    for (const row of onHub.json) {
      expect(row.id).toBe(row.ID)
      expect(Object.values(row)).not.toContain(null)
    }
  })

  it('sees the login page again after a wrong password, and no code', async () => {
    const asked = await ask(`${product.url}/elements/3129/oauth/url`, {
      headers: platform(product.admin),
      query: { apiKey: 'amalgam-sandbox', apiSecret: 'amalgam-sandbox-secret', callbackUrl },
    })
    expect(asked.json.element).toBe('concur')
    const page = await ask(asked.json.oauthUrl)
    for (const id of ['UserNameTxt', 'PasswordTxt', 'LoginBtn']) expect(page.text).toContain(`id="${id}"`)
    const again = await submit(
      asked.json.oauthUrl,
      page.text,
      { UserNameTxt: 'admin@sandbox.example', PasswordTxt: 'no' },
      'LoginBtn',
    )
    expect(again.headers.location).toBeUndefined()
    expect(again.text).toContain('id="LoginBtn"')
  })

  it('is told which field is wrong when the code is used twice', async () => {
    const back = await consent(product, product.admin)
    const body = {
      name: 'Twice',
      element: { key: 'concur' },
      configuration: {
        'oauth.api.key': 'amalgam-sandbox',
        'oauth.api.secret': 'amalgam-sandbox-secret',
        'oauth.callback.url': callbackUrl,
      },
      providerData: { code: back.searchParams.get('code') },
    }
    const headers = platform(product.admin)
    expect((await ask(`${product.url}/instances`, { headers, body })).status).toBe(200)
    const second = await ask(`${product.url}/instances`, { headers, body })
    expect(second.status).toBe(400)
    expect(second.json).toMatchObject({ code: 'provider-refused', hop: 'provider' })
    expect(second.json.message).toContain('providerData.code')
    expect(second.json.providerMessage).toContain('103')
  })

  it('deletes the instance, and the token is refused from then on', async () => {
    const { url, admin } = product
    const made = await connect(product, admin, { name: 'Short' })
    const removed = await ask(`${url}/instances/${made.json.id}`, {
      method: 'DELETE',
      headers: platform(admin),
    })
    expect(removed.status).toBe(200)
    expect(removed.text).toBe('')
    const refused = await ask(`${url}/reports`, { headers: hub(admin, made.json.token) })
    expect(refused.status).toBe(401)
    expect((await ask(`${url}/instances/${made.json.id}`, { headers: platform(admin) })).status).toBe(404)
  })
})
