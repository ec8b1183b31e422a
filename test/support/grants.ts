import { type Answer, ask, callbackUrl, hub, platform } from './client.ts'
import { app, configuration } from './instances.ts'
import type { Member, Product } from './product.ts'
import { controlsOf, type RequestToken } from './sandbox.ts'

/** The application of the old framework. */
export const legacyApp = { key: 'amalgam-sandbox-legacy', secret: 'amalgam-sandbox-legacy-secret' } as const

export const adminLogin = 'admin@sandbox.example'
export const euAdminLogin = 'admin@eu2.sandbox.example'

/** Key and secret, as a configuration holds them. */
export const keysOf = ({ key, secret }: { readonly key: string; readonly secret: string }) => ({
  'oauth.api.key': key,
  'oauth.api.secret': secret,
})

/** What a company is connected by, as a configuration holds it. */
export const companyBy = ({ companyId, requestToken }: RequestToken) => ({
  'concur.company.id': companyId,
  'concur.company.request.token': requestToken,
})

interface ConsentOptions {
  readonly login?: string
  readonly apiKey?: string
  readonly type?: string
  readonly scope?: string
}

/** The consent page's address, as the product gives it. */
export const consentPage = async (
  product: Product,
  member: Member,
  { apiKey = app.key, type, scope }: ConsentOptions = {},
): Promise<URL> => {
  const reply = await ask(`${product.url}/elements/concur/oauth/url`, {
    headers: platform(member),
    query: {
      ...{ apiKey, apiSecret: 'any', callbackUrl },
      ...(type === undefined ? {} : { 'authentication.type': type }),
      ...(scope === undefined ? {} : { scope }),
    },
  })
  return new URL(reply.json.oauthUrl)
}

/** Where the vendor's page leads a person who allows at once. */
export const allowAt = async (page: URL, login = adminLogin): Promise<URL> => {
  page.searchParams.set('sandbox_user', login)
  const reply = await ask(page.href)
  return new URL(reply.headers.location ?? `none:${reply.text.slice(0, 100)}`)
}

/** A code of a consent that the product asked for. */
export const codeFor = async (
  product: Product,
  member: Member,
  options: ConsentOptions = {},
): Promise<string> => {
  const back = await allowAt(await consentPage(product, member, options), options.login)
  return back.searchParams.get('code') ?? ''
}

/** A connected instance of a test. */
export interface Connected {
  readonly id: number
  readonly token: string
  readonly made: Answer
  /** A hub call. */
  readonly call: (
    path: string,
    options?: {
      method?: string
      query?: Record<string, string>
      headers?: Readonly<Record<string, string>>
      body?: unknown
      bytes?: Uint8Array
    },
  ) => Promise<Answer>
  /** The first row of `reports`. */
  readonly reports: (query?: Record<string, string>) => Promise<Answer>
  readonly show: () => Promise<Answer>
  readonly patch: (body: object) => Promise<Answer>
  readonly remove: (query?: Record<string, string>) => Promise<Answer>
}

/** POST /instances, whatever comes of it. */
export const post = (product: Product, member: Member, body: Record<string, unknown>): Promise<Answer> =>
  ask(`${product.url}/instances`, {
    headers: platform(member),
    body: { name: 'Grants', element: { key: 'concur' }, ...body },
  })

/** The calls on an instance that an answer of POST /instances shows. @throws Error when it shows none. */
export const connected = (product: Product, member: Member, made: Answer): Connected => {
  if (made.status !== 200) throw new Error(`not connected: ${made.text}`)
  const { id, token } = made.json as { id: number; token: string }
  const path = `${product.url}/instances/${id}`
  const headers = platform(member)
  const call: Connected['call'] = (below, options = {}) =>
    ask(`${product.url}/hubs/expense${below}`, {
      ...options,
      headers: { ...hub(member, token), ...options.headers },
    })
  return {
    id,
    token,
    made,
    call,
    reports: (query = {}) => call('/reports', { query: { pageSize: '1', ...query } }),
    show: () => ask(path, { headers }),
    patch: (body) => ask(path, { method: 'PATCH', headers, body }),
    remove: (query = {}) => ask(path, { method: 'DELETE', headers, query }),
  }
}

/** A person's connection by the current framework. */
export const userInstance = async (
  product: Product,
  member: Member,
  options: { readonly login?: string; readonly configuration?: Record<string, string> } = {},
): Promise<Connected> => {
  const code = await codeFor(product, member, options)
  const made = await post(product, member, {
    configuration: { ...configuration, ...options.configuration },
    providerData: { code },
  })
  return connected(product, member, made)
}

/** A company's connection. */
export const companyInstance = async (
  product: Product,
  member: Member,
  options: { readonly company?: string; readonly configuration?: Record<string, string> } = {},
): Promise<Connected> => {
  const token = await controlsOf(product).requestToken(
    options.company === undefined ? {} : { company: options.company },
  )
  const made = await post(product, member, {
    configuration: {
      ...keysOf(app),
      ...companyBy(token),
      'authentication.type': 'company',
      ...options.configuration,
    },
  })
  return connected(product, member, made)
}

/** A person's connection by the old framework. */
export const legacyInstance = async (
  product: Product,
  member: Member,
  options: { readonly login?: string; readonly configuration?: Record<string, string> } = {},
): Promise<Connected> => {
  const code = await codeFor(product, member, { ...options, apiKey: legacyApp.key, type: 'legacy' })
  const made = await post(product, member, {
    configuration: { ...keysOf(legacyApp), 'authentication.type': 'legacy', ...options.configuration },
    providerData: { code },
  })
  return connected(product, member, made)
}
