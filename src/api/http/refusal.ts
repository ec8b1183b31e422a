import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { AppError } from '#src/lib/errors.ts'
import { newRequestId } from '#src/lib/ids.ts'
import { allowedVerbs } from './cors.ts'
import { errorBody, statusOf } from './errors.ts'

/** The media type of every body, letter by letter as clients know it (spec, contract section 1.3). */
export const jsonType = 'application/json;charset=UTF-8'

/** What the `clientError` event of Node's HTTP server carries. */
export interface ParserError extends Error {
  readonly code?: string
  readonly rawPacket?: Buffer
  /** Where in the packet the parser stopped. */
  readonly bytesParsed?: number
}

const headLine = /^[\w!#$%&'*+.^`|~-]+ [^ ]+ HTTP\/1\.[01]\r?\n/

/** The packet may begin with earlier, sound requests: only the line where the parser stopped counts. */
const hasUnknownVerb = ({ rawPacket, bytesParsed = 0 }: ParserError): boolean => {
  if (rawPacket === undefined) return false
  const start = rawPacket.subarray(0, bytesParsed).lastIndexOf('\n') + 1
  return headLine.test(rawPacket.subarray(start, start + 16_384).toString('latin1'))
}

/** What a caller is told about a request that Node's HTTP parser refused. Never with a byte of the request. */
export const errorOfParser = (error: ParserError): AppError => {
  switch (error.code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new AppError(
        'request-timeout',
        'The request did not arrive whole in time. Send it again, faster.',
      )
    case 'HPE_HEADER_OVERFLOW':
      return new AppError(
        'headers-too-large',
        'Headers: the request line and headers are too large. Send fewer or shorter ones.',
      )
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return new AppError('too-large', 'body: its chunk extensions are too large. Send none.')
    case 'HPE_INVALID_EOF_STATE':
      return new AppError(
        'bad-request',
        'The request ends too early: fewer bytes came than Content-Length or the chunks announce.',
      )
    case 'HPE_INVALID_METHOD':
      return hasUnknownVerb(error)
        ? new AppError('wrong-verb', `This verb is not known here. Allowed: ${allowedVerbs}.`)
        : new AppError('bad-request', 'The request line is not HTTP/1.1.')
    default:
      return new AppError(
        'bad-request',
        'The request is not valid HTTP/1.1: check request line, headers and Content-Length.',
      )
  }
}

/** How long a refused client may go on sending, so that a reset does not overtake the answer. */
const lingerMs = 500

/** Answers on the bare socket, where no request object exists, and closes it. */
export const refuseOnSocket = (socket: Duplex, error: AppError): void => {
  if (!socket.writable) {
    socket.destroy()
    return
  }
  const requestId = newRequestId()
  const status = statusOf[error.code]
  const body = JSON.stringify(errorBody(error, requestId))
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    `Content-Type: ${jsonType}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    `Elements-Request-Id: ${requestId}`,
    ...(error.code === 'wrong-verb' ? [`Allow: ${allowedVerbs}`] : []),
    'Connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
  setTimeout(() => socket.destroy(), lingerMs).unref()
}
