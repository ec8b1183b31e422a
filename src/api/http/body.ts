import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { TextDecoder } from 'node:util'
import { AppError } from '#src/lib/errors.ts'
import type { Json } from '#src/lib/json.ts'
import { findJsonFault } from '#src/lib/json-fault.ts'
import { findHarm } from '#src/lib/json-harm.ts'

const wrongMediaType = (message: string): AppError => new AppError('wrong-media-type', message)

/** @throws AppError `wrong-media-type` for a compressed body. */
export const refuseEncoding = (headers: IncomingHttpHeaders, asWhat: string): void => {
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? ''
  if (encoding === '' || encoding === 'identity') return
  throw wrongMediaType(`Content-Encoding: compressed bodies are not read. Send the body ${asWhat}.`)
}

const jsonName = /^application\/([^/\s]+\+)?json$/

/** Whether a Content-Type declares JSON; none does too. */
export const isJsonType = (contentType: string | undefined): boolean => {
  const name = (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
  return name === '' || jsonName.test(name)
}

/** @throws AppError `wrong-media-type` */
export const refuseMediaType = (): never => {
  throw wrongMediaType('Content-Type: the body must be JSON. Send Content-Type: application/json.')
}

/** The character set of a JSON body. @throws AppError `wrong-media-type` when the body is not declared as JSON. */
const charsetOf = (contentType: string | undefined): string => {
  const [type = '', ...parameters] = (contentType ?? '').split(';')
  if (!isJsonType(type)) refuseMediaType()
  const charset = parameters.map((one) => /^\s*charset\s*=\s*"?([^"\s]+)"?\s*$/i.exec(one)?.[1])
  return charset.find((one) => one !== undefined) ?? 'utf-8'
}

const decoderFor = (charset: string): TextDecoder => {
  try {
    return new TextDecoder(charset, { fatal: true })
  } catch (cause) {
    throw new AppError(
      'wrong-media-type',
      'Content-Type: this charset is not known. Send Content-Type: application/json with the body in UTF-8.',
      {},
      { cause },
    )
  }
}

/** Decodes and drops a byte order mark. */
const textOf = (bytes: Buffer, charset: string): string => {
  const decoder = decoderFor(charset)
  try {
    return decoder.decode(bytes)
  } catch (cause) {
    throw new AppError('bad-json', `body: its bytes are not valid ${decoder.encoding}.`, {}, { cause })
  }
}

const placeOf = (text: string, at: number): string => {
  const before = text.slice(0, at).split('\n')
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1} (position ${at})`
}

const faultIn = (text: string): AppError => {
  const at = findJsonFault(text) ?? text.length
  const what = at >= text.length ? 'the JSON ends too early, at' : 'not valid JSON at'
  return new AppError('bad-json', `body: ${what} ${placeOf(text, at)}.`)
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    // The parser's own error is dropped: it quotes the body, which may hold a secret.
    throw faultIn(text)
  }
}

/** @throws AppError `bad-json` for what parses but would do harm later. */
const refuseHarmful = (value: unknown): void => {
  const harm = findHarm(value)
  if (harm !== undefined) throw new AppError('bad-json', `body: ${harm}`)
}

/** Reads the bytes of a body. The promise stays open when the connection breaks: its owner races it with that. */
const bytesOf = (request: IncomingMessage, limitBytes: number): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const tooLarge = () =>
      new AppError('too-large', `body: larger than the limit of ${limitBytes} bytes. Send less at once.`)
    if (Number(request.headers['content-length'] ?? 0) > limitBytes) {
      reject(tooLarge())
      return
    }
    const chunks: Buffer[] = []
    let size = 0
    const take = (chunk: Buffer): void => {
      size += chunk.length
      if (size <= limitBytes) {
        chunks.push(chunk)
        return
      }
      chunks.length = 0
      request.off('data', take)
      reject(tooLarge())
    }
    request.on('data', take)
    request.once('end', () => resolve(Buffer.concat(chunks)))
  })

/**
 * The JSON body of a request. A missing Content-Type counts as JSON, nothing or blanks alone as no body.
 * @throws AppError `wrong-media-type`, `too-large`, or `bad-json` with the position; never with words of the body.
 */
export const readBody = async (request: IncomingMessage, limitBytes: number): Promise<Json | undefined> => {
  refuseEncoding(request.headers, 'as plain application/json')
  const bytes = await bytesOf(request, limitBytes)
  if (bytes.length === 0) return undefined
  const text = textOf(bytes, charsetOf(request.headers['content-type']))
  if (text.trim() === '') return undefined
  const value = parsed(text)
  refuseHarmful(value)
  return value as Json
}
