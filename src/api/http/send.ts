import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream'
import type { Spool } from '#src/lib/spool.ts'
import type { Outgoing } from './answer.ts'
import { corsHeaders } from './cors.ts'
import { type FileStream, sendStream } from './file-stream.ts'

/** RFC 9110 8.6: a 204 tells no length, and a 304 only that of the body it stands for. */
const tellsLength = (status: number): boolean => status !== 204 && status !== 304

/** Undefined: not known yet. */
const lengthOf = ({ payload, length }: Outgoing): number | undefined => {
  if (length !== undefined) return length
  if (isStream(payload)) return undefined
  if (typeof payload === 'string') return Buffer.byteLength(payload)
  return Buffer.isBuffer(payload) ? payload.length : payload.bytes()
}

const isStream = (payload: Outgoing['payload']): payload is FileStream =>
  typeof payload === 'object' && !Buffer.isBuffer(payload) && !('bytes' in payload)

const isSpool = (payload: Outgoing['payload']): payload is Spool =>
  typeof payload === 'object' && !Buffer.isBuffer(payload) && 'bytes' in payload

/** Lets go of an answer that nobody gets. */
export const drop = ({ payload }: Outgoing): void => {
  if (isSpool(payload)) void payload.close()
  // What cannot be let go of has nobody to be told to.
  else if (isStream(payload)) payload.close?.().catch(() => undefined)
}

/** A file that breaks off on its way breaks the connection: its length was promised. */
const sendFile = (response: ServerResponse, spool: Spool): void => {
  const from = spool.read()
  void spool.close()
  pipeline(from, response, (error) => {
    if (error) response.destroy()
  })
}

/** Sends an answer, past Fastify, which would look at each header and the payload once more. */
export const send = (
  response: ServerResponse,
  { headers, method }: IncomingMessage,
  outgoing: Outgoing,
  { requestId, closing }: { readonly requestId: string; readonly closing: boolean },
): void => {
  const { status, payload } = outgoing
  // Names and values in turns: an object of any names is slow to make, and slower to read.
  const all: (string | number)[] = []
  for (const name in outgoing.headers) all.push(name, outgoing.headers[name] ?? '')
  if (outgoing.type !== undefined) all.push('content-type', outgoing.type)
  if (headers.origin !== undefined) all.push(...Object.entries(corsHeaders(headers)).flat())
  if (closing) all.push('connection', 'close')
  const length = tellsLength(status) ? lengthOf(outgoing) : undefined
  if (length !== undefined) all.push('content-length', length)
  all.push('elements-request-id', requestId)
  response.writeHead(status, all)
  if (isStream(payload)) {
    if (method === 'HEAD') response.end()
    else sendStream(response, payload)
  } else if (!isSpool(payload)) response.end(payload)
  else if (method !== 'HEAD') sendFile(response, payload)
  else {
    drop(outgoing)
    response.end()
  }
}
