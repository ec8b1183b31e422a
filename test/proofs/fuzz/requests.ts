import { mutated, oddText, type Random } from '../support/random.ts'
import { oddBytes, withOddField } from './odd-json.ts'
import { queryString } from './query-strings.ts'
import {
  headerNames,
  hubPaths,
  type Live,
  oddHeaderValues,
  oddSegments,
  oddValues,
  oddVerbs,
  parameters,
  platformPaths,
  soundBodies,
  verbs,
} from './request-words.ts'

/** A request that HTTP itself has nothing against, with at least one thing wrong inside. */
export interface Request {
  readonly method: string
  /** As it goes over the wire, Latin-1. */
  readonly target: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Buffer | undefined
  /** What was done to it. */
  readonly wrong: readonly string[]
}

interface Draft {
  method: string
  segments: string[]
  query: [string, string][]
  headers: Map<string, string>
  body: unknown
  rawBody: Buffer | undefined
  rawTail: string
}

const base = '/elements/api-v2'

const secretsOf = (random: Random, live: Live): string => {
  const slot = random.pick([live.user, live.organization, live.element])
  const change = (text: string): string =>
    mutated(random, text, 2, () => random.pick([' ', ',', '=', 'é', 'A', ':']))
  switch (random.int(6)) {
    case 0:
      return `User ${change(live.user)}, Organization ${live.organization}`
    case 1:
      return `User ${live.user}, Element ${change(live.element)}`
    case 2:
      return `${random.pick(['Basic', 'Bearer', 'user', 'Token', 'Digest', ''])} ${slot}`
    case 3:
      return change(`User ${live.user}, Organization ${live.organization}, Element ${live.element}`)
    case 4:
      return random.pick([
        '',
        ',',
        'User',
        'User , Organization',
        'Bearer',
        'a'.repeat(6_000),
        'User a, User b',
      ])
    default:
      return `User ${live.organization}, Organization ${live.user}`
  }
}

const malformations: Readonly<Record<string, (draft: Draft, random: Random, live: Live) => void>> = {
  authorization: (draft, random, live) => draft.headers.set('authorization', secretsOf(random, live)),
  'no authorization': (draft) => draft.headers.delete('authorization'),
  path: (draft, random) => {
    const at = random.int(draft.segments.length + 1)
    const odd = random.once(3) ? encodeURI(wellFormed(oddText(random, 8))) : random.pick(oddSegments)
    draft.segments.splice(at, random.int(2), odd)
  },
  'path bytes': (draft, random) => {
    draft.rawTail = random.once(2)
      ? oddText(random, 8)
      : random.pick(['/', '//', '///x', ';a=b', '/..', '/./', '#x'])
  },
  parameter: (draft, random) => {
    draft.query.unshift([
      random.pick(parameters),
      random.once(3) ? oddText(random, 12) : random.pick(oddValues),
    ])
  },
  where: (draft, random) => {
    draft.query.unshift(['where', queryString(random).text.slice(0, 4_000)])
  },
  'page token': (draft, random, live) => {
    draft.query.unshift([
      'nextPage',
      mutated(random, live.pageToken, 2, () => random.pick(['A', '=', '.', '-', 'é'])),
    ])
  },
  'body field': (draft, random) => {
    draft.body = withOddField(random, draft.body ?? random.pick([{}, []]))
  },
  'body bytes': (draft, random) => {
    draft.rawBody = oddBytes(random, draft.body)
  },
  header: (draft, random) => {
    draft.headers.set(random.pick(headerNames), random.pick(oddHeaderValues))
  },
  verb: (draft, random) => {
    draft.method = random.once(2) ? random.pick(oddVerbs) : random.pick(verbs)
  },
}

const inBody = ['body field', 'body bytes']
const inQuery = ['where', 'page token', 'parameter']

/** What can be wrong with this call: a query is read where nothing is sent, a body where something is. */
const malformationsOf = ({ body }: Draft): readonly string[] => {
  const senseless = body === undefined ? inBody : inQuery
  return Object.keys(malformations).filter((name) => !senseless.includes(name))
}

const draftOf = (random: Random, live: Live): Draft => {
  const isHub = random.once(2)
  const path = random.pick(isHub ? hubPaths : platformPaths)(live)
  const method = random.pick(verbs)
  const sent = ['POST', 'PUT', 'PATCH'].includes(method)
  return {
    method,
    segments: path.split('/'),
    query: isHub && method === 'GET' ? [['pageSize', String(1 + random.int(20))]] : [],
    headers: new Map([
      ['host', 'localhost'],
      [
        'authorization',
        `User ${live.user}, Organization ${live.organization}${isHub ? `, Element ${live.element}` : ''}`,
      ],
      ...(sent ? [['content-type', 'application/json'] as const] : []),
    ]),
    body: sent ? random.pick(soundBodies)(random, live) : undefined,
    rawBody: undefined,
    rawTail: '',
  }
}

/** Lone surrogates become the replacement character, since no encoding has them. */
const wellFormed = (text: string): string => Buffer.from(text, 'utf8').toString('utf8')

/** Visible Latin-1 as a target may hold; UTF-8 goes as its bytes, as curl sends it. */
const onWire = (text: string): string =>
  Buffer.from(wellFormed(text), 'utf8')
    .toString('latin1')
    .replace(/[^\x21-\x7e\x80-\xff]/g, '_')

const parameterText = (random: Random, [name, value]: readonly [string, string]): string =>
  random.once(6)
    ? `${name}=${onWire(value)}`
    : `${encodeURIComponent(name)}=${encodeURIComponent(wellFormed(value))}`

const bodyOf = ({ rawBody, body }: Draft): Buffer | undefined => {
  if (rawBody !== undefined) return rawBody
  return body === undefined ? undefined : Buffer.from(JSON.stringify(body))
}

/** A header value that HTTP takes: visible ASCII, blanks, and bytes above them. */
const onHeader = (value: string): string => value.replace(/[^\t\x20-\x7e\x80-\xff]/g, '?')

/** One malformed request; its target stays within what the HTTP parser takes. */
export const malformedRequest = (random: Random, live: Live): Request => {
  const draft = draftOf(random, live)
  const possible = malformationsOf(draft)
  const wrong = random.many(1, 3, () => random.pick(possible))
  for (const name of wrong) malformations[name]?.(draft, random, live)
  const query = draft.query.map((one) => parameterText(random, one)).join('&')
  const target = `${base}/${draft.segments.map(onWire).join('/')}${onWire(draft.rawTail)}${query === '' ? '' : `?${query}`}`
  return {
    method: draft.method,
    target: target.slice(0, 8_000),
    headers: [...draft.headers].map(([name, value]) => [name, onHeader(value)]),
    body: bodyOf(draft),
    wrong,
  }
}

/** The request as bytes, with the length that it has. */
export const bytesOf = ({ method, target, headers, body }: Request): Buffer => {
  const lines = [
    `${method} ${target} HTTP/1.1`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(body === undefined ? [] : [`content-length: ${body.length}`]),
  ]
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body ?? Buffer.alloc(0)])
}
