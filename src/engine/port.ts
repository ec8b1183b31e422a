import { Readable } from 'node:stream'
import type { PortRequest, VendorPort } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { askVendor, type RawBody, readReply } from './call.ts'
import type { Connection, EngineNeed } from './connection.ts'
import { isRepeatable } from './repeatable.ts'

const queryOf = ({ query = {} }: PortRequest): [string, string][] =>
  Object.entries(query).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, value]],
  )

const rawOf = ({ contentType, text }: NonNullable<PortRequest['text']>): RawBody => {
  const bytes = Buffer.from(text)
  return { contentType, bytes: bytes.length, open: () => Readable.from([bytes]) }
}

/** A connection as a coded verb sees it. */
export const createPort = (need: EngineNeed, connection: Connection): VendorPort => {
  const port: VendorPort = {
    ask: async (request) => {
      const reply = await askVendor(need, connection, {
        method: request.method,
        path: request.path,
        query: queryOf(request),
        headers: request.headers,
        body: request.body,
        ...(request.text === undefined ? {} : { raw: rawOf(request.text) }),
        principals: request.principals,
        scopes: request.scopes,
        repeatable: isRepeatable(request),
      })
      return { status: reply.status, headers: reply.headers, body: readReply(connection, reply) }
    },
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
