import { afterAll, beforeAll } from 'vitest'
import type { Element } from '#src/element/index.ts'
import { type Answer, ask, platform } from './client.ts'
import { three } from './instances.ts'
import type { Member, Product } from './product.ts'
import { startVendor } from './small-vendor.ts'
import { onProduct } from './stage.ts'

type Vendor = Awaited<ReturnType<typeof startVendor>>

const callbackUrl = 'https://app.example/cb'

/** The customer's application at the vendor; its secret has what addresses and forms write otherwise. */
export const client = { 'oauth.api.key': 'an app', 'oauth.api.secret': 'its s&cret' } as const

/** A product with elements of a test's own, and the vendor that their addresses lead to. */
export interface LoginStage {
  readonly product: Product
  readonly member: Member
  readonly vendor: Vendor
  /** Where the vendor is, as customers write it: below `{place}`. */
  readonly addresses: () => Readonly<Record<string, string>>
  /** POST /instances with those addresses and the application. */
  readonly connect: (
    key: string,
    more: Readonly<Record<string, unknown>>,
    configuration?: Readonly<Record<string, unknown>>,
  ) => Promise<Answer>
  readonly patch: (id: number, configuration: Readonly<Record<string, unknown>>) => Promise<Answer>
  /** A hub call. */
  readonly get: (token: string, path: string) => Promise<Answer>
  /** GET .../oauth/url, or `token`. */
  readonly oauth: (
    key: string,
    query?: Readonly<Record<string, string>>,
    path?: 'url' | 'token',
  ) => Promise<Answer>
  /** What the request log keeps of a reply's vendor calls. */
  readonly vendorCalls: (reply: Answer) => Promise<readonly Readonly<Record<string, unknown>>[]>
}

/** Starts both for a file of stories. Whatever is read of the result is there once the first story runs. */
export const onLoginStage = (elements: readonly Element[]): LoginStage => {
  let started: { readonly product: Product; readonly member: Member } | undefined
  let vendor: Vendor | undefined
  beforeAll(async () => {
    vendor = await startVendor()
  })
  afterAll(() => vendor?.close())
  onProduct(
    (stage) => {
      started = stage
    },
    { elements, environment: { OUTBOUND_ALLOW: '127.0.0.1' } },
  )
  const on = () => {
    if (started === undefined || vendor === undefined) throw new Error('it is not started')
    return { ...started, vendor }
  }
  const asMember = () => platform(on().member)
  const url = (path: string): string => `${on().product.url}${path}`
  const stage: LoginStage = {
    get product() {
      return on().product
    },
    get member() {
      return on().member
    },
    get vendor() {
      return on().vendor
    },
    addresses: () => ({
      'base.url': `${on().vendor.url}/api`,
      'oauth.authorization.url': `${on().vendor.url}/{place}/authorize?tenant=1`,
      'oauth.token.url': `${on().vendor.url}/{place}/token`,
      'oauth.request.url': `${on().vendor.url}/{place}/request`,
      place: 'eu',
    }),
    connect: (key, more, configuration = {}) =>
      ask(url('/instances'), {
        headers: asMember(),
        body: {
          name: 'Trees',
          element: { key },
          configuration: {
            ...stage.addresses(),
            ...client,
            'oauth.callback.url': callbackUrl,
            ...configuration,
          },
          ...more,
        },
      }),
    patch: (id, configuration) =>
      ask(url(`/instances/${id}`), { method: 'PATCH', headers: asMember(), body: { configuration } }),
    get: (token, path) => ask(url(`/hubs/fruit${path}`), { headers: three(on().member, token) }),
    oauth: (key, query = {}, path = 'url') =>
      ask(url(`/elements/${key}/oauth/${path}`), {
        headers: asMember(),
        query: {
          ...{ apiKey: client['oauth.api.key'], apiSecret: client['oauth.api.secret'], callbackUrl },
          ...stage.addresses(),
          ...query,
        },
      }),
    vendorCalls: async (reply) => {
      const address = url(`/usage/${String(reply.headers['elements-request-id'])}`)
      for (let tries = 0; tries < 100; tries += 1) {
        const { status, json } = await ask(address, { headers: asMember() })
        if (status === 200) return json.vendorCalls
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
      throw new Error('the request log does not tell of the call')
    },
  }
  return stage
}
