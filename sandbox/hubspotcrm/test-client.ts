import { app } from './authorize.ts'
import { type SandboxOptions, startSandbox } from './server.ts'

export type Json = Record<string, unknown>

/** What the tests of this folder talk to the sandbox with: a real socket and plain fetch. */
export const openClient = async (options: SandboxOptions = {}) => {
  const sandbox = await startSandbox({ contacts: 60, ...options })
  const call = async (method: string, path: string, init: RequestInit = {}) => {
    const reply = await fetch(`${sandbox.url}${path}`, { method, redirect: 'manual', ...init })
    const text = await reply.text()
    const isJson = reply.headers.get('content-type')?.includes('json') ?? false
    return {
      status: reply.status,
      headers: reply.headers,
      text,
      json: isJson ? (JSON.parse(text) as Json) : {},
    }
  }
  const redirect_uri = 'https://app.example/back'
  const scopes = ['contacts.read', 'contacts.write', 'companies.read']
  const scope = ['oauth', ...scopes.map((one) => `crm.objects.${one}`)].join(' ')
  /** A code, as a person who consents brings it. */
  const code = async (): Promise<string> => {
    const query = new URLSearchParams({
      client_id: app.key,
      redirect_uri,
      scope,
      sandbox_user: 'admin@crm.example',
    })
    const { headers } = await call('GET', `/oauth/authorize?${query.toString()}`)
    return new URL(headers.get('location') ?? 'none:').searchParams.get('code') ?? ''
  }
  const grant = (fields: Record<string, string>) =>
    call('POST', '/oauth/v1/token', {
      body: new URLSearchParams({ client_id: app.key, client_secret: app.secret, redirect_uri, ...fields }),
    })
  const tokens = async (): Promise<Json> =>
    (await grant({ grant_type: 'authorization_code', code: await code() })).json
  let bearer = String((await tokens())['access_token'])
  const send = (method: string, path: string, body?: unknown) =>
    call(method, path, {
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  return {
    ...{ url: sandbox.url, close: sandbox.close, call, code, grant, tokens, send },
    /** Calls are made with this token from now on. */
    use: (token: string): void => {
      bearer = token
    },
    search: (object: string, body: unknown) => send('POST', `/crm/v3/objects/${object}/search`, body),
  }
}

export type Client = Awaited<ReturnType<typeof openClient>>
