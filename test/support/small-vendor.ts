import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeEach } from 'vitest'
import type { Element, Principal, Resource } from '#src/element/index.ts'
import { type Connection, createEngine } from '#src/engine/index.ts'
import type { Json } from '#src/lib/json.ts'
import { createStop } from '#src/lib/stop-signal.ts'
import { createOutbound } from '#src/outbound/index.ts'

/** A request as the vendor got it. */
export interface Received {
  readonly method: string
  /** As it came, still encoded, without the query. */
  readonly path: string
  /** As pairs, in their order. */
  readonly query: readonly (readonly [string, string])[]
  readonly headers: IncomingMessage['headers']
  /** Undefined: it had none, or none of JSON. */
  readonly body: Json | undefined
  /** The body as it came. */
  readonly text: string
}

/** What the vendor answers; a text goes out as it is, any other body as JSON, undefined as none. */
export interface Answered {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

export type Answers = (request: Received) => Answered

const readAll = async (from: IncomingMessage): Promise<string> => {
  let text = ''
  for await (const chunk of from) text += String(chunk)
  return text
}

/** An invented vendor on a socket of its own, which answers as a test says and keeps what it was sent. */
export const startVendor = async () => {
  let answers: Answers = () => ({ status: 500 })
  let received: Received[] = []
  const server = createServer((incoming, response) => {
    const answer = async (): Promise<void> => {
      const text = await readAll(incoming)
      const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://x')
      const request: Received = {
        method: incoming.method ?? '',
        path: pathname,
        query: [...searchParams],
        headers: incoming.headers,
        body: incoming.headers['content-type']?.includes('json') ? (JSON.parse(text) as Json) : undefined,
        text,
      }
      received.push(request)
      const { status = 200, headers = {}, body } = answers(request)
      response.writeHead(status, { 'content-type': 'application/json', ...headers })
      response.end(typeof body === 'string' || body === undefined ? body : JSON.stringify(body))
    }
    answer().catch((error: unknown) => response.writeHead(599).end(String(error)))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** From now on, with nothing received. */
    answer: (by: Answers) => {
      answers = by
      received = []
    },
    received: (): readonly Received[] => received,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

const site = { key: 'one', authorizeUrl: '', tokenUrl: '', apiUrl: '', pkce: false } as const

/** An element of the invented vendor; of its own it has only places. */
export const elementOf = (resource: Resource, places: Element['places'] = {}): Element => ({
  key: 'orchard',
  id: 1,
  formerIds: [],
  hub: 'fruit',
  title: 'Orchard',
  description: 'An invented vendor.',
  documentationUrl: 'https://orchard.example',
  features: {
    transformations: false,
    bulkDownload: false,
    bulkUpload: false,
    events: [],
    authentication: [],
  },
  config: [],
  auth: [
    {
      kind: 'oauth2-code',
      type: 'oauth2',
      title: 'A person',
      about: 'A person consents',
      who: 'anybody',
      principal: 'user',
      scheme: 'Bearer',
      steps: [],
      tokenPath: '/token',
      authorizePath: '/authorize',
      scopes: [],
      scopeSeparator: ' ',
      refusals: [],
      refreshExpiresField: 'ends',
      refreshIdleDays: 10,
    },
  ],
  vendor: {
    siteOf: () => site,
    isOwnUrl: () => true,
    correlationHeader: 'orchard-id',
    headers: { accept: 'application/json' },
  },
  errors: [
    { when: { status: 400 }, as: 'provider-refused', retry: 'never' },
    { when: { status: 404 }, as: 'provider-not-found', retry: 'never' },
  ],
  errorWords: [['message']],
  resources: { [resource.name]: resource },
  places,
  connect: { siteField: 'site', sites: [], limits: [] },
})

/** A resource of the invented vendor: apples, but for what a test says of them. */
export const apples = (more: Partial<Resource>): Resource => ({
  name: 'apples',
  title: 'Apples',
  key: 'ID',
  keepUnknown: true,
  source: 'invented',
  fields: {
    ID: { type: 'text', access: 'read' },
    Name: { type: 'text', access: 'write' },
    Weight: { type: 'number', access: 'write' },
  },
  verbs: {},
  page: { kind: 'none' },
  filterStyle: { kind: 'parameters' },
  filters: [],
  ...more,
})

export interface ConnectionOptions {
  /** The grants that there are. */
  readonly grants?: readonly Principal[]
  readonly places?: Element['places']
  readonly owners?: 'own' | 'all'
  readonly subjects?: Partial<Record<Principal, string>>
}

/**
 * An engine with real sockets to an invented vendor, for tests of what resources can say. Opened before the first test
 * of the file and closed after the last; each test begins with a vendor that answers 500.
 */
export const onSmallVendor = async () => {
  const vendor = await startVendor()
  const outbound = createOutbound({ allow: ['127.0.0.1'] })
  const limits = { maxCalls: 50, maxSeconds: 20, vendorSeconds: 60 }
  // It publishes no limit, so nobody counts for all.
  const uncounted = () => Promise.reject(new Error('nothing is counted here'))
  const shares = { take: uncounted, pause: uncounted }
  const engine = createEngine({ outbound, pageTokenKeys: [Buffer.alloc(32, 7)], limits, shares })
  beforeEach(() => vendor.answer(() => ({ status: 500 })))
  afterAll(async () => {
    await outbound.close()
    await vendor.close()
  })

  /** A connection as the services open it for a hub call; `said` is what a call told of itself. */
  const connect = (resource: Resource, options: ConnectionOptions = {}) => {
    const { grants = ['user'], places = {}, owners = 'own', subjects = {} } = options
    const said = { plan: '', narrowed: false }
    const principalOf = (wanted: readonly Principal[]): Principal =>
      wanted.find((one) => grants.includes(one)) ?? grants[0] ?? 'user'
    const connection: Connection = {
      element: elementOf(resource, places),
      site,
      organizationId: 2,
      instanceId: 7,
      scope: '2/7',
      tokensOf: (wanted) => ({
        current: () =>
          Promise.resolve({
            authorization: `Bearer ${principalOf(wanted)}`,
            baseUrl: vendor.url,
            version: 1,
            isAsked: true,
          }),
        renew: () => Promise.resolve(null),
        uselessFor: () => undefined,
      }),
      principalOf,
      scopesOf: () => [],
      subjectOf: (principal) => subjects[principal],
      configured: () => undefined,
      configuration: () => ({}),
      ownersOf: () => owners,
      notes: {
        sent: () => undefined,
        planned: (text) => {
          said.plan = text
        },
        narrowed: () => {
          said.narrowed = true
        },
      },
      signal: createStop().signal,
      deadlineMs: Date.now() + 20_000,
    }
    return { connection, said }
  }
  return { vendor, engine, connect }
}
