import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { madeUpFiles } from './made-up-files.ts'

/** A request as the vendor got it. */
export interface Seen {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: IncomingMessage['headers']
  readonly text: string
  readonly bytes: Buffer
}

interface Person {
  readonly personId: string
  readonly name: string
  readonly city: string
  readonly age: number
  readonly note: string | null
  readonly changedAt: string
}

/** A body of bytes goes out as it is, any other as JSON. */
export type Answer = readonly [status: number, body: unknown, headers?: Readonly<Record<string, string>>]

const readBytes = async (from: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = []
  for await (const chunk of from) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

const cities = ['Bonn', 'Oslo', 'Lyon']

const seed = (count: number): Person[] =>
  Array.from({ length: count }, (_, at) => ({
    personId: `p${at + 1}`,
    name: `Person ${at + 1}`,
    city: cities[at % cities.length] ?? '',
    age: 20 + at,
    note: at % 2 === 0 ? null : 'a note',
    changedAt: new Date(Date.UTC(2026, 0, 1, 0, at)).toISOString(),
  }))

/**
 * A vendor that nobody has heard of: people and their notes, behind a key in a header. Lists come in an envelope and in
 * pages by a cursor; it narrows by `city` alone, and passes over parameters that it does not know. It keeps files besides.
 */
export const startMadeUpVendor = async () => {
  const people = seed(7)
  let made = people.length
  let now = Date.UTC(2026, 5, 1)
  const seen: Seen[] = []

  const stamp = (): string => {
    now += 60_000
    return new Date(now).toISOString()
  }

  const list = ({ query }: Seen): Answer => {
    const found = people.filter(({ city }) => query.town === undefined || city === query.town)
    const size = Math.min(Number(query.limit ?? '2'), 3)
    const from = Number(query.cursor ?? '0')
    const next = from + size < found.length ? `/v1/people?cursor=${from + size}&limit=${size}` : null
    return [200, { data: { people: found.slice(from, from + size) }, paging: { next } }]
  }

  const create = ({ text }: Seen): Answer => {
    const { person } = JSON.parse(text) as { person?: Partial<Person> }
    if (person?.name === undefined) return [400, { error: { message: 'a person needs a name' } }]
    made += 1
    const one: Person = {
      ...{ city: '', age: 0, note: null },
      ...person,
      ...{ personId: `p${made}`, name: person.name, changedAt: stamp() },
    }
    people.push(one)
    return [201, { person: one }]
  }

  const onPerson = (request: Seen, at: number): Answer => {
    const one = people[at]
    if (one === undefined) return [404, { error: { message: 'no such person' } }]
    if (request.method === 'GET') return [200, { person: one }]
    if (request.method === 'DELETE') {
      people.splice(at, 1)
      return [204, undefined]
    }
    const { person } = JSON.parse(request.text) as { person: Partial<Person> }
    const next = { ...one, ...person, changedAt: stamp() }
    people[at] = next
    return [200, { person: next }]
  }

  const numbered = ({ query }: Seen): Answer => {
    const size = Number(query.per_page ?? '50')
    const from = Number(query.offset ?? '0')
    return [200, people.slice(from, from + size).map(({ personId, name }) => ({ id: personId, name }))]
  }

  const fixed: Readonly<Record<string, (request: Seen) => Answer>> = {
    '/v1/people': (request) => (request.method === 'POST' ? create(request) : list(request)),
    '/v1/numbered': numbered,
    '/v1/me': () => [200, { id: 'me', name: 'The key' }],
    '/v1/echo': ({ method, query, headers, text }) => [200, { method, query, headers, text }],
    '/v1/sessions': () => [201, { session: { token: 's-1' } }],
    '/v1/busy': () => [503, { error: { message: 'busy' } }],
  }

  const files = madeUpFiles()

  const answer = (request: Seen): Answer | Promise<Answer> => {
    const { path, headers } = request
    if (headers['x-api-key'] !== 'opensesame') return [401, { error: { message: 'who are you?' } }]
    const route = fixed[path]
    if (route !== undefined) return route(request)
    if (path.startsWith('/v1/files')) return files.answer(request)
    const [, id = '', notes] = /^\/v1\/people\/([^/]+)(\/notes)?$/.exec(path) ?? []
    if (id === '') return [404, { error: { message: `nothing at ${path}` } }]
    if (notes === undefined)
      return onPerson(
        request,
        people.findIndex(({ personId }) => personId === decodeURIComponent(id)),
      )
    return [
      200,
      [
        { noteId: 'n1', of: id },
        { noteId: 'n2', of: id },
      ],
    ]
  }

  const respond = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://x')
    const bytes = await readBytes(incoming)
    const request: Seen = {
      method: incoming.method ?? '',
      path: pathname,
      query: Object.fromEntries(searchParams),
      headers: incoming.headers,
      text: bytes.toString('utf8'),
      bytes,
    }
    seen.push(request)
    const [status, body, headers = {}] = await answer(request)
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    if (body instanceof Uint8Array) response.end(body)
    else response.end(body === undefined ? undefined : JSON.stringify(body))
  }

  const server = createServer((incoming, response) => void respond(incoming, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    /** Requests so far. */
    seen,
    people,
    /** Changes a person as somebody at the vendor would. */
    change: (personId: string, change: Partial<Person>): void => {
      const at = people.findIndex((one) => one.personId === personId)
      const one = people[at]
      if (one !== undefined) people[at] = { ...one, ...change, changedAt: new Date().toISOString() }
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}

export type MadeUpVendor = Awaited<ReturnType<typeof startMadeUpVendor>>
