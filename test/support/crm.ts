import { type Answer, type AskOptions, ask, callbackUrl, hub, platform, submit } from './client.ts'
import type { Member, Product } from './product.ts'

const app = { key: 'amalgam-crm-sandbox', secret: 'amalgam-crm-sandbox-secret' } as const

/** Walks the consent page of the HubSpot sandbox as a person would; what comes back in the address. */
const consent = async (product: Product, member: Member): Promise<URL> => {
  const asked = await ask(`${product.url}/elements/hubspotcrm/oauth/url`, {
    headers: platform(member),
    query: { apiKey: app.key, apiSecret: app.secret, callbackUrl, state: 'from-a-story' },
  })
  const login = await ask(asked.json.oauthUrl)
  const fill = { username: 'admin@crm.example', password: 'sandbox' }
  const page = await submit(asked.json.oauthUrl, login.text, fill, 'loginBtn')
  const done = await submit(asked.json.oauthUrl, page.text, {}, 'connectBtn')
  return new URL(done.headers.location ?? 'none:')
}

/** An instance of the HubSpot sandbox; the answer of POST /instances. */
export const connectCrm = async (
  product: Product,
  member: Member,
  configuration: Readonly<Record<string, string>> = {},
): Promise<Answer> => {
  const back = await consent(product, member)
  return ask(`${product.url}/instances`, {
    headers: platform(member),
    body: {
      name: 'CRM',
      element: { key: 'hubspotcrm' },
      configuration: {
        'oauth.api.key': app.key,
        'oauth.api.secret': app.secret,
        'oauth.callback.url': callbackUrl,
        ...configuration,
      },
      providerData: { code: back.searchParams.get('code') },
    },
  })
}

/** The controls of the HubSpot sandbox. */
export const crmControls = ({ crmUrl = '' }: Pick<Product, 'crmUrl'>) => {
  const control = (path: string) => `${crmUrl}/sandbox/${path}`
  return {
    faults: (...list: readonly object[]) => ask(control('faults'), { method: 'PUT', body: list }),
    addSeconds: (addSeconds: number) => ask(control('clock'), { body: { addSeconds } }),
    revoke: () => ask(control('revoke'), { body: {} }),
    /** The requests that `run` causes. */
    during: async (run: () => Promise<unknown>): Promise<readonly CrmRequest[]> => {
      await ask(control('calls'), { method: 'DELETE' })
      await run()
      return (await ask(control('calls'))).json.requests
    },
  }
}

/** A request as the HubSpot sandbox saw it. */
export interface CrmRequest {
  readonly operation: string
  readonly method: string
  readonly path: string
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: what a search was asked; tests say what they expect.
  readonly body?: any
}

/** Calls on the hub `crm` with the token of an instance. */
export const crmHub =
  (product: Product, member: Member, token: string) =>
  (path: string, options: AskOptions = {}): Promise<Answer> =>
    ask(`${product.url}/hubs/crm${path}`, {
      ...options,
      headers: { ...hub(member, token), ...options.headers },
    })
