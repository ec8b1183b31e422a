import { type Answer, ask, callbackUrl, consent, platform } from './client.ts'
import type { Member, Product } from './product.ts'

export const app = { key: 'amalgam-sandbox', secret: 'amalgam-sandbox-secret' } as const

/** The configuration that every instance of the sandbox needs. */
export const configuration = {
  'oauth.api.key': app.key,
  'oauth.api.secret': app.secret,
  'oauth.callback.url': callbackUrl,
} as const

/** A code of a fresh consent. */
export const freshCode = async (product: Product, member: Member, login?: string): Promise<string> =>
  (await consent(product, member, login)).searchParams.get('code') ?? ''

/** The three secrets of a call on the instance of a token. */
export const three = (member: Member, token: string): Record<string, string> => ({
  authorization: `User ${member.user}, Organization ${member.organization}, Element ${token}`,
})

/** The body of a create, with anything more. */
export const newInstance = async (
  product: Product,
  member: Member,
  more: Readonly<Record<string, unknown>> = {},
) => ({
  name: 'Fresh',
  element: { key: 'concur' },
  configuration,
  providerData: { code: await freshCode(product, member) },
  ...more,
})

/** POST /instances; the path may be another. */
export const create = async (
  product: Product,
  member: Member,
  more: Readonly<Record<string, unknown>> = {},
  path = '/instances',
): Promise<Answer> =>
  ask(`${product.url}${path}`, {
    headers: platform(member),
    body: await newInstance(product, member, more),
  })

/** A code that the vendor gave without this product. */
const foreignCode = async (product: Product): Promise<string> => {
  const query = new URLSearchParams({
    ...{ client_id: app.key, redirect_uri: callbackUrl, response_type: 'code' },
    sandbox_user: 'admin@sandbox.example',
  })
  const reply = await ask(`${product.sandbox.url}/oauth2/v0/authorize?${query.toString()}`)
  return new URL(reply.headers.location ?? 'none:').searchParams.get('code') ?? ''
}

/** A refresh token, asked for and traded at the vendor without this product. */
export const refreshTokenOf = async (product: Product): Promise<string> => {
  const reply = await ask(`${product.sandbox.url}/oauth2/v0/token`, {
    form: {
      grant_type: 'authorization_code',
      code: await foreignCode(product),
      client_id: app.key,
      client_secret: app.secret,
      redirect_uri: callbackUrl,
    },
  })
  return reply.json.refresh_token
}
