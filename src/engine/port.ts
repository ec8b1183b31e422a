import { Readable } from 'node:stream'
import type { PortFile, PortRequest, VendorPort } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { askVendor, type RawBody, readReply, type VendorRequest } from './call.ts'
import { type Connection, type EngineNeed, eitherPrincipal } from './connection.ts'
import { isRepeatable } from './repeatable.ts'

const queryOf = ({ query = {} }: PortRequest): [string, string][] =>
  Object.entries(query).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, value]],
  )

const rawText = ({ contentType, text }: NonNullable<PortRequest['text']>): RawBody => {
  const bytes = Buffer.from(text)
  return { contentType, bytes: bytes.length, open: () => Readable.from([bytes]) }
}

const rawFile = ({ type, bytes, open }: PortFile): RawBody => ({
  contentType: type,
  bytes,
  open: () => Readable.from(open(), { objectMode: false }),
})

const rawOf = ({ text, file }: PortRequest): Pick<VendorRequest, 'raw'> => {
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
  principals: request.principals,
  scopes: request.scopes,
  repeatable: isRepeatable(request),
})

/** A connection as a coded verb sees it. */
export const createPort = (need: EngineNeed, connection: Connection): VendorPort => {
  const port: VendorPort = {
    ask: async (request) => {
      const reply = await askVendor(need, connection, requestOfPort(request))
      const body = readReply(connection, reply, request.reads)
      return { status: reply.status, headers: reply.headers, body }
    },
    baseUrl: async () => (await connection.tokensOf(eitherPrincipal).current()).baseUrl,
    principalOf: connection.principalOf,
    subjectOf: connection.subjectOf,
    configured: connection.configured,
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
