import { mutated, oddText, type Random } from '../support/random.ts'
import type { Live } from './request-words.ts'

/** Bytes that are no sound HTTP, and what was done to make them so. */
export interface WireBytes {
  readonly kind: string
  readonly bytes: Buffer
}

interface Parts {
  line: string
  headers: string[]
  body: string
}

const latin = (text: string): Buffer => Buffer.from(text, 'latin1')
const base = '/elements/api-v2'

const soundParts = (random: Random, live: Live): Parts => {
  const authorization = `Authorization: User ${live.user}, Element ${live.element}`
  const path = random.pick([
    '/hubs/expense/reports',
    '/instances',
    '/elements',
    '/objects',
    '/hubs/expense/users',
  ])
  const body = random.once(2) ? '' : JSON.stringify({ Name: 'March trip', Total: random.int(100) })
  const verb = body === '' ? 'GET' : random.pick(['POST', 'PATCH', 'PUT'])
  return {
    line: `${verb} ${base}${path} HTTP/1.1`,
    headers: [
      'Host: localhost',
      authorization,
      ...(body === '' ? [] : ['Content-Type: application/json', `Content-Length: ${body.length}`]),
    ],
    body,
  }
}

const written = ({ line, headers, body }: Parts, end = '\r\n'): string =>
  `${[line, ...headers].join(end)}${end}${end}${body}`

const randomBytes = (random: Random, most: number): string =>
  String.fromCharCode(...random.many(1, most, () => random.int(256)))

const badLines = [
  'GET',
  'GET ',
  ' GET / HTTP/1.1',
  'GET  / HTTP/1.1',
  'GET / HTTP/1.1 x',
  'GET / HTTP/2.0',
  'GET / HTTP/9.9',
  'GET / HTTP/1.',
  'GET / http/1.1',
  'GET /\u0000 HTTP/1.1',
  'GET /a b HTTP/1.1',
  'G\u0000T / HTTP/1.1',
  'get / HTTP/1.1',
  'BREW / HTTP/1.1',
  'GET\t/\tHTTP/1.1',
  'PRI * HTTP/2.0',
  'GET /\r HTTP/1.1',
  '/ HTTP/1.1',
  'CONNECT x:1 HTTP/1.1',
  'GET http:// HTTP/1.1',
  'GET / HTTP/1.1\u0000',
  '\ufeffGET / HTTP/1.1',
  '{"a":1}',
  'HTTP/1.1 200 OK',
] as const

const badHeaders = [
  'Content-Length: -1',
  'Content-Length: 1e3',
  'Content-Length: 0x10',
  'Content-Length: 99999999999999999999',
  'Content-Length: 5, 6',
  'Content-Length:',
  'Content-Length: +5',
  'Transfer-Encoding: chunked, identity',
  'Transfer-Encoding: xchunked',
  'Transfer-Encoding: chunked\r\nContent-Length: 5',
  'Transfer-Encoding: gzip',
  'Transfer-Encoding : chunked',
  'no colon at all',
  ': empty name',
  'Bad Name: x',
  'X\u0000: y',
  'X: a\u0000b',
  ' folded: x',
  '\tfolded',
  'X: \u0001',
  'X: \r',
  'X: a\rb',
  'Héader: x',
  'Host: a\r\nHost: b',
  'X(): y',
  'Connection: Upgrade\r\nUpgrade: h2c',
  'Expect: 200-ok',
  'Content-Length: 5\r\nContent-Length: 6',
] as const

const badChunks = [
  'zz\r\nabc\r\n0\r\n\r\n',
  '-1\r\nabc\r\n',
  'ffffffffffffffffff\r\na',
  '5\r\nab\r\n0\r\n\r\n',
  '3\r\nabcdef\r\n0\r\n\r\n',
  '3\r\nabc0\r\n\r\n',
  '0\r\nX: \u0000\r\n\r\n',
  '3;ext="\u0000"\r\nabc\r\n0\r\n\r\n',
  '\r\n\r\n',
  '3',
  '3\r\nab',
  ' 3\r\nabc\r\n',
] as const

const makers: Readonly<Record<string, (random: Random, live: Live) => string>> = {
  noise: (random) => randomBytes(random, 400),
  'odd text': (random) => Buffer.from(oddText(random, 200)).toString('latin1'),
  'request line': (random, live) => written({ ...soundParts(random, live), line: random.pick(badLines) }),
  header: (random, live) => {
    const parts = soundParts(random, live)
    parts.headers.splice(random.int(parts.headers.length + 1), 0, random.pick(badHeaders))
    return written(parts)
  },
  'header bytes': (random, live) => {
    const parts = soundParts(random, live)
    parts.headers.push(`${randomBytes(random, 20)}: ${randomBytes(random, 40)}`)
    return written(parts)
  },
  'large head': (random, live) => {
    const parts = soundParts(random, live)
    if (random.once(2)) parts.headers.push(`X-Large: ${'a'.repeat(16_000 + random.int(40_000))}`)
    else parts.headers.push(...random.many(1_500, 3_000, () => `X-${random.int(1_000)}: value`))
    return written(parts)
  },
  'no host': (random, live) => {
    const parts = soundParts(random, live)
    return written({ ...parts, headers: parts.headers.filter((one) => !one.startsWith('Host')) })
  },
  'cut off': (random, live) => {
    const text = written(soundParts(random, live))
    return text.slice(0, 1 + random.int(text.length - 1))
  },
  'too short a body': (random, live) => {
    const { line, headers, body } = soundParts(random, live)
    const others = headers.filter((one) => !one.startsWith('Content-Length'))
    const length = body.length + 1 + random.int(100_000)
    return written({ line, headers: [...others, `Content-Length: ${length}`], body })
  },
  chunks: (random, live) => {
    const parts = soundParts(random, live)
    const headers = [
      ...parts.headers.filter((one) => !one.startsWith('Content-Length')),
      'Transfer-Encoding: chunked',
    ]
    const line = `POST ${base}/hubs/expense/reports HTTP/1.1`
    return written({ line, headers, body: random.once(3) ? randomBytes(random, 60) : random.pick(badChunks) })
  },
  'line ends': (random, live) =>
    written(soundParts(random, live), random.pick(['\n', '\r', '\n\r', '\r\r\n', ' \r\n'])),
  'garbage behind a request': (random, live) => written(soundParts(random, live)) + randomBytes(random, 100),
  'garbage before a request': (random, live) => randomBytes(random, 20) + written(soundParts(random, live)),
  'another protocol': (random) =>
    random.pick([
      `\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03${randomBytes(random, 64)}`,
      'SSH-2.0-OpenSSH_9.9\r\n',
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
      '*1\r\n$4\r\nPING\r\n',
      'EHLO localhost\r\n',
      '\x00\x00\x00\x08\x04\xd2\x16/',
    ]),
}
const kinds = [...Object.keys(makers), 'changed bytes', 'changed bytes', 'changed bytes']

const changed = (random: Random, live: Live): string =>
  mutated(random, written(soundParts(random, live)), 3, () =>
    random.once(2)
      ? String.fromCharCode(random.int(256))
      : random.pick(['\r\n', '\r\n\r\n', '\n', ':', ' ', '\u0000', 'HTTP/1.1', 'Content-Length: 7\r\n']),
  )

/** Bytes for one socket, malformed below HTTP: its line, headers, lengths, chunks, or no HTTP at all. */
export const wireBytes = (random: Random, live: Live): WireBytes => {
  const kind = random.pick(kinds)
  return { kind, bytes: latin((makers[kind] ?? changed)(random, live)) }
}
