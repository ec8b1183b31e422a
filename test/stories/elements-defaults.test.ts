import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, hub } from '../support/client.ts'
import { type OrchardVendor, startOrchard } from '../support/orchard-vendor.ts'
import { asMember, orchardElement } from '../support/posted-elements.ts'
import { type Product, startProduct } from '../support/product.ts'
import { everyRow } from '../support/rows.ts'

let product: Product
let vendor: OrchardVendor
let call: ReturnType<typeof asMember>

beforeAll(async () => {
  vendor = await startOrchard()
  product = await startProduct({ environment: { OUTBOUND_ALLOW: '127.0.0.1' } })
  call = asMember(product, product.admin)
})
afterAll(async () => {
  await product?.close()
  await vendor?.close()
})

const planted = 'planted-secret-of-the-application'

interface Config {
  readonly key: string
  readonly defaultValue?: string
}

const withApplication = (key: string) => {
  const element = orchardElement(vendor.url, { key })
  const configuration = (element['configuration'] as Config[]).map((config) => {
    if (config.key === 'oauth.api.key') return { ...config, defaultValue: 'application-of-the-element' }
    return config.key === 'oauth.api.secret' ? { ...config, defaultValue: planted } : config
  })
  return { ...element, configuration }
}

/** An instance that says nothing of its application. */
const connectBare = (key: string) =>
  call('POST', '/instances', {
    name: key,
    element: { key },
    externalAuthentication: 'initial',
    configuration: { 'oauth.user.refresh_token': 'orchard-refresh' },
  })

describe('defaults of a posted element', () => {
  it('4/5 are what its instances go by where they say nothing, secrets among them', async () => {
    const made = await call('POST', '/elements', withApplication('defaults'))
    expect(made.status, made.text).toBe(200)
    const instance = await connectBare('defaults')
    expect(instance.status, instance.text).toBe(200)
    for (const path of ['', '/configuration', '/docs']) {
      const shown = await call('GET', `/instances/${instance.json.id}${path}`)
      expect(shown.status).toBe(200)
      expect(shown.text).not.toContain(planted)
    }
    expect(instance.text).not.toContain(planted)
    expect(vendor.tokenCalls.at(-1)).toContain('application-of-the-element')
    expect(vendor.tokenCalls.at(-1)).toContain(planted)
    const reply = await ask(`${product.url}/trees`, { headers: hub(product.admin, instance.json.token) })
    expect(reply.status, reply.text).toBe(200)
  })

  it('4/5 that are secrets are read by nobody, lie sealed, and stay where the mask comes back', async () => {
    const made = await call('POST', '/elements', withApplication('masked'))
    const { key } = made.json
    const replies = [made]
    for (const path of ['', '/export', '/configuration', '/authentication-types/oauth2/configurations'])
      replies.push(await call('GET', `/elements/${key}${path}`))
    replies.push(await call('PUT', `/elements/${key}`, { ...made.json, description: 'Sent back' }))
    replies.push(await call('POST', `/elements/${key}/clone`))
    for (const reply of replies) {
      expect(reply.status, reply.text).toBe(200)
      expect(reply.text).not.toContain(planted)
    }
    const { configuration } = made.json
    expect(configuration.find((config: Config) => config.key === 'oauth.api.secret')).toMatchObject({
      defaultValue: '********',
    })
    const rows = await everyRow(product)
    expect(rows).toContain('Sent back')
    expect(rows).not.toContain(planted)
    await connectBare(key)
    expect(vendor.tokenCalls.at(-1)).toContain(planted)
  })

  it('4/5 that change hold for instances that are there; what an instance says itself stays', async () => {
    await call('POST', '/elements', { ...withApplication('moving') })
    const bare = await connectBare('moving')
    const own = await connectBare('moving')
    await call('PATCH', `/instances/${own.json.id}`, {
      configuration: { 'oauth.api.key': 'its-own', 'oauth.api.secret': 'its-own-secret' },
    })
    const changed = await call('PUT', '/elements/moving/configuration/oauth.api.key', {
      ...{ name: 'API key', type: 'TEXTFIELD_1000', defaultValue: 'the-next-application' },
    })
    expect(changed.json.defaultValue).toBe('the-next-application')
    const shown = await call('GET', `/instances/${bare.json.id}`)
    expect(shown.status).toBe(200)
    for (const [instance, application] of [
      [bare, 'the-next-application'],
      [own, 'its-own'],
    ] as const) {
      const reply = await call('PATCH', `/instances/${instance.json.id}`, {
        configuration: { 'oauth.user.refresh_token': 'orchard-refresh' },
        reAuthenticate: true,
      })
      expect(reply.status, reply.text).toBe(200)
      expect(vendor.tokenCalls.at(-1)).toContain(application)
    }
  })
})
