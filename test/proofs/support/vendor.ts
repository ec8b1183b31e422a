import { type Answer, ask, callbackUrl } from '../../support/client.ts'

/** The logins that instances connect by. */
export type Login = 'oauth2' | 'company' | 'legacy'

/** A call as the sandbox noted it. */
export interface VendorCall {
  readonly operation: string
  readonly status: number
  readonly grant: string | null
  /** The first 16 hex digits of the SHA-256 of the refresh token in the reply. */
  readonly issued: string | null
  /** Whether the whole reply was handed to the network. */
  readonly sent: boolean
}

export interface GrantTotal {
  readonly asked: number
  readonly granted: number
  readonly sent: number
}

const apps = {
  oauth2: { key: 'amalgam-sandbox', secret: 'amalgam-sandbox-secret' },
  company: { key: 'amalgam-sandbox', secret: 'amalgam-sandbox-secret' },
  legacy: { key: 'amalgam-sandbox-legacy', secret: 'amalgam-sandbox-legacy-secret' },
} as const

const consentPaths = { oauth2: '/oauth2/v0/authorize', legacy: '/net2/oauth2/Login.aspx' } as const

/** How the sandbox names the renewals of a login. */
export const renewalGrant = (login: Login): string =>
  login === 'legacy' ? 'legacy_refresh' : 'refresh_token'

const good = ({ status, text, json }: Answer) => {
  if (status >= 400) throw new Error(`the sandbox answered ${status}: ${text}`)
  return json
}

/** The vendor's side: a sandbox that runs at this port, asked as its operator and as a person who consents. */
export const vendorAt = (port: number) => {
  const url = `http://127.0.0.1:${port}`

  const code = async (login: 'oauth2' | 'legacy'): Promise<string> => {
    const reply = await ask(`${url}${consentPaths[login]}`, {
      query: {
        client_id: apps[login].key,
        redirect_uri: callbackUrl,
        response_type: 'code',
        sandbox_user: 'admin@sandbox.example',
      },
    })
    const found = new URL(reply.headers.location ?? 'none:').searchParams.get('code')
    if (found === null) throw new Error(`no code in ${reply.status} ${reply.headers.location}`)
    return found
  }

  /** What an instance is connected by: configuration and data of a fresh consent. */
  const consent = async (login: Login) => {
    const configuration: Record<string, string> = {
      'authentication.type': login,
      'oauth.api.key': apps[login].key,
      'oauth.api.secret': apps[login].secret,
      'oauth.callback.url': callbackUrl,
    }
    if (login !== 'company') return { configuration, providerData: { code: await code(login) } }
    const made = good(await ask(`${url}/sandbox/request-token`, { body: {} }))
    configuration['concur.company.id'] = made.username
    configuration['concur.company.request.token'] = made.requestToken
    return { configuration }
  }

  return {
    url,
    code,
    consent,
    /** The headers of a caller that has its access token without the product; it lives an hour. */
    caller: async (): Promise<Readonly<Record<string, string>>> => {
      const { key, secret } = apps.oauth2
      const form = {
        grant_type: 'authorization_code',
        code: await code('oauth2'),
        redirect_uri: callbackUrl,
        ...{ client_id: key, client_secret: secret },
      }
      const { access_token: token } = good(await ask(`${url}/oauth2/v0/token`, { form }))
      return { authorization: `Bearer ${token}`, accept: 'application/json' }
    },
    /** The body of POST /instances. */
    newInstance: async (login: Login, name: string) => ({
      name,
      element: { key: 'concur' },
      ...(await consent(login)),
    }),
    setFaults: async (faults: readonly object[]): Promise<void> => {
      good(await ask(`${url}/sandbox/faults`, { method: 'PUT', body: faults }))
    },
    /** Every access token that was given for an hour ends. */
    anHourPasses: async (): Promise<void> => {
      good(await ask(`${url}/sandbox/clock`, { body: { addSeconds: 3_700 } }))
    },
    /** Counts from here. */
    clearCalls: async (): Promise<void> => {
      good(await ask(`${url}/sandbox/calls`, { method: 'DELETE' }))
    },
    calls: async (): Promise<readonly VendorCall[]> =>
      good(await ask(`${url}/sandbox/calls`)).requests as VendorCall[],
    /** How often each operation was asked since the last clearing, and how each grant fared. */
    totals: async () => {
      const { operations, total } = good(await ask(`${url}/sandbox/calls`))
      return {
        operations: operations as Readonly<Record<string, number>>,
        statuses: total.statuses as Readonly<Record<string, Readonly<Record<string, number>>>>,
        grants: total.grants as Readonly<Record<string, GrantTotal>>,
      }
    },
  }
}

export type Vendor = ReturnType<typeof vendorAt>
