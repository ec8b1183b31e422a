import { type RunningSandbox, type SandboxOptions, startSandbox } from './server.ts'
import type { Contract } from './test-contract.ts'
import { readXml, type XmlElement } from './xml-read.ts'

/** What the tests of this folder talk to the sandbox with: a real socket and plain fetch. */
export type Json = Record<string, unknown>

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly json: Json
}

const app = { client_id: 'amalgam-sandbox', client_secret: 'amalgam-sandbox-secret' }

/** `contract` is shown every JSON reply. */
export const openClient = async (options: SandboxOptions = {}, contract?: Contract) => {
  const sandbox: RunningSandbox = await startSandbox({ reports: 200, ...options })

  const call = async (method: string, path: string, init: RequestInit = {}): Promise<Answer> => {
    const target = path.startsWith('http') ? path : `${sandbox.url}${path}`
    const reply = await fetch(target, { method, redirect: 'manual', ...init })
    const text = await reply.text()
    const isJson = reply.headers.get('content-type')?.includes('json') ?? false
    const json = isJson ? (JSON.parse(text) as Json) : {}
    if (isJson) contract?.see(method, target, reply.status, json)
    return { status: reply.status, headers: reply.headers, text, json }
  }
  const form = (path: string, fields: Record<string, string>) =>
    call('POST', path, { body: new URLSearchParams(fields) })
  const withBody = (method: string, path: string, body: unknown, token?: string) =>
    call(method, path, {
      body: JSON.stringify(body),
      headers: {
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
    })
  const grant = (fields: Record<string, string>) => form('/oauth2/v0/token', { ...app, ...fields })

  return {
    url: sandbox.url,
    close: sandbox.close,
    call,
    form,
    grant,
    get: (path: string, token?: string) =>
      call('GET', path, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
    post: (path: string, body: unknown, token?: string) => withBody('POST', path, body, token),
    put: (path: string, body: unknown, token?: string) => withBody('PUT', path, body, token),
    patch: (path: string, body: unknown, token?: string) => withBody('PATCH', path, body, token),
    remove: (path: string, token: string) =>
      call('DELETE', path, { headers: { authorization: `Bearer ${token}` } }),
    faults: (list: readonly Json[]) => withBody('PUT', '/sandbox/faults', list),
    /** An access token by the password grant. */
    token: async (login = 'admin@sandbox.example'): Promise<string> => {
      const reply = await grant({ grant_type: 'password', username: login, password: 'sandbox' })
      return String(reply.json['access_token'])
    },
    /** A company's access token, by a request token of its administrator. */
    companyToken: async (scope = ''): Promise<string> => {
      const { json: made } = await withBody('POST', '/sandbox/request-token', {})
      const reply = await grant({
        ...{ grant_type: 'password', credtype: 'authtoken', ...(scope === '' ? {} : { scope }) },
        ...{ username: String(made['username']), password: String(made['requestToken']) },
      })
      return String(reply.json['access_token'])
    },
  }
}
export type Client = Awaited<ReturnType<typeof openClient>>

/** Fields of a page's form as a browser would send them. */
export const hiddenFields = (html: string): Record<string, string> => {
  const fields: Record<string, string> = {}
  for (const [, name = '', value = ''] of html.matchAll(
    /<input type="hidden" name="([^"]*)" value="([^"]*)">/g,
  )) {
    fields[name] = value
      .replaceAll('&quot;', '"')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&#39;', "'")
      .replaceAll('&amp;', '&')
  }
  return fields
}

/** The rows under a key of a row; none when there is no row. */
export const rowsIn = (row: Json | undefined, key: string): Json[] => (row?.[key] ?? []) as Json[]

export const itemsOf = (answer: Answer): Json[] => answer.json['Items'] as Json[]

/** Follows NextPage to the end. */
export const allItems = async (client: Client, path: string, token: string): Promise<Json[]> => {
  const rows: Json[] = []
  for (let next: string | null = path; next !== null; ) {
    const answer: Answer = await client.get(next, token)
    if (answer.status !== 200) throw new Error(`status ${String(answer.status)}: ${answer.text}`)
    rows.push(...itemsOf(answer))
    next = answer.json['NextPage'] as string | null
  }
  return rows
}

const isNil = (element: XmlElement): boolean => element.attributes.get('i:nil') === 'true'

const nested = (element: XmlElement, like: object): unknown => {
  if (Array.isArray(like)) return element.children.map((child, at) => valueOfXml(child, like[at]))
  return Object.fromEntries(
    element.children.map((child) => [child.name, valueOfXml(child, (like as Json)[child.name])]),
  )
}

/** The element's value, read as what `like` is; text where `like` says nothing. */
const valueOfXml = (element: XmlElement, like: unknown): unknown => {
  if (isNil(element)) return null
  if (typeof like === 'object' && like !== null) return nested(element, like)
  if (typeof like === 'number') return Number(element.text)
  return typeof like === 'boolean' ? element.text === 'true' : element.text
}

/** The root's name, and its value as what `like`, the same in JSON, says that each text stands for. */
export const readLike = (xml: string, like: unknown): { root: string; value: unknown } => {
  const root = readXml(xml)
  return { root: root.name, value: valueOfXml(root, like) }
}
