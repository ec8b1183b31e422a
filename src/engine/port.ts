import { Readable } from 'node:stream'
import type { PortFile, PortReply, PortRequest, VendorPort } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { Json } from '#src/lib/json.ts'
import { maskSecrets } from '#src/lib/mask.ts'
import type { OutboundReply } from '#src/outbound/index.ts'
import {
  askVendor,
  type Exchanged,
  exchangeTold,
  type RawBody,
  readText,
  type VendorRequest,
} from './call.ts'
import { type Connection, type EngineNeed, eitherPrincipal } from './connection.ts'
import { formWithFile } from './form.ts'
import { parseBody } from './refusal.ts'
import { isRepeatable } from './repeatable.ts'
import { xmlIn } from './xml.ts'

const queryOf = ({ query = {} }: PortRequest): [string, string][] =>
  Object.entries(query).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, value]],
  )

const isForm = (contentType: string): boolean => /^application\/x-www-form-urlencoded\b/i.test(contentType)

const rawText = ({ contentType, text }: NonNullable<PortRequest['text']>): RawBody => {
  const bytes = Buffer.from(text)
  return {
    contentType,
    bytes: bytes.length,
    open: () => Readable.from([bytes]),
    form: isForm(contentType) ? text : undefined,
  }
}

const parsed = ({ reads }: PortRequest, text: string): Json | undefined =>
  reads === 'xml' ? xmlIn(text) : parseBody(text)

/** What a reply says. @throws AppError `provider-failed` where a good one is not what is read and must be. */
const bodyOf = (
  connection: Connection,
  request: PortRequest,
  reply: OutboundReply,
  text: string,
): Json | undefined =>
  request.accepts === 'any' || reply.status >= 300
    ? parsed(request, text)
    : readText(connection, reply, text, request.reads)

const portReply = (connection: Connection, request: PortRequest, reply: OutboundReply): PortReply => {
  const text = reply.body.toString('utf8')
  return {
    status: reply.status,
    headers: reply.headers,
    text,
    body: bodyOf(connection, request, reply, text),
  }
}

const rawFile = ({ type, bytes, open }: PortFile): RawBody => ({
  contentType: type,
  bytes,
  open: () => Readable.from(open(), { objectMode: false }),
})

const rawOf = ({ text, file, form }: PortRequest): Pick<VendorRequest, 'raw'> => {
  if (form !== undefined) return { raw: formWithFile(form) }
  if (file !== undefined) return { raw: rawFile(file) }
  return text === undefined ? {} : { raw: rawText(text) }
}

/** A request of a coded verb, as it is sent. */
export const requestOfPort = (request: PortRequest): VendorRequest => ({
  method: request.method,
  path: request.path,
  query: queryOf(request),
  headers: request.headers,
  body: request.body,
  ...rawOf(request),
  tokenIn: request.tokenIn,
  principals: request.principals,
  scopes: request.scopes,
  repeatable: isRepeatable(request),
})

/** A connection as a coded verb sees it. */
export const createPort = (need: EngineNeed, connection: Connection): VendorPort => {
  /** What came of the requests of `exchange`, for whoever asks for their refusal. */
  const exchanged = new WeakMap<PortRequest, Exchanged>()
  const port: VendorPort = {
    ask: async (request) =>
      portReply(connection, request, await askVendor(need, connection, requestOfPort(request))),
    exchange: async (request) => {
      const made = await exchangeTold(need, connection, requestOfPort(request))
      exchanged.set(request, made)
      return portReply(connection, request, made.reply)
    },
    refusal: (request, { status, headers, text }) => {
      const made = exchanged.get(request)
      if (made === undefined) throw new Error('a refusal was asked for of a request that was not exchanged')
      // Secrets that the reply was masked of, and those that a changed one may hold besides.
      const masked = (words: string): string =>
        maskSecrets(made.reply.masked(words), connection.secrets ?? [])
      return made.refusal({ status, headers, body: Buffer.from(text), masked })
    },
    baseUrl: async () => (await connection.tokensOf(eitherPrincipal).current()).baseUrl,
    principalOf: connection.principalOf,
    subjectOf: connection.subjectOf,
    configured: connection.configured,
    configuration: connection.configuration,
    deadlineMs: connection.deadlineMs,
    place: (name, given, principal) => {
      const said = given[name]
      if (said !== undefined && said !== '') return Promise.resolve(said)
      const place = connection.element.places?.[name]
      if (place !== undefined) return place.find(port, given, principal)
      throw new AppError('bad-request', `${name}: name it, as query parameter or in where.`)
    },
    remember: (key, seconds, find) => need.memory.remember(`${connection.scope}/${key}`, seconds, find),
  }
  return port
}
