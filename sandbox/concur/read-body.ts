import type { IncomingMessage } from 'node:http'
import { Refused } from './errors.ts'
import type { Ask } from './operation.ts'
import { type XmlShape, xmlObject } from './xml-body.ts'

const maximumBodyBytes = 10 * 1024 * 1024

/**
 * The whole body; refuses what is larger than 10 MB with 413. Read by events, because leaving an
 * iteration early would close the socket before the refusal is written.
 */
export const readBody = (request: IncomingMessage): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const pieces: Buffer[] = []
    let size = 0
    request.on('data', (piece: Buffer) => {
      size += piece.length
      if (size <= maximumBodyBytes) pieces.push(piece)
      else reject(new Refused(413, 'The request body is larger than 10 MB'))
    })
    request.on('end', () => {
      resolve(Buffer.concat(pieces))
    })
    request.on('close', () => {
      reject(new Error('the caller went away'))
    })
  })

const isJson = (type: string): boolean => /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(type)

/** A JSON object from the body, else 400 or 415. */
export const jsonObject = (type: string | undefined, body: Buffer): Record<string, unknown> => {
  if (type === undefined || !isJson(type)) throw new Refused(415, 'Content-Type must be application/json')
  return objectOf(body)
}

const isXml = (type: string): boolean => /^(?:application|text)\/xml\s*(?:;|$)/i.test(type)
const charsetOf = (type: string): string => /;\s*charset\s*=\s*"?([\w-]+)/i.exec(type)?.[1] ?? 'utf-8'

/** UTF-8 without its byte order mark; 400 for bytes that are no UTF-8. */
const utf8 = (body: Buffer): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    throw new Refused(400, 'The request body is not UTF-8')
  }
}

/**
 * The body of a v3 write, JSON or XML by its Content-Type. Throws `Refused` 400 for a body that cannot be
 * read and 415 for other types and other charsets than UTF-8.
 * Follows: developer.concur.com, v3 conventions. Verified: 2026-08
 */
export const fieldsOfBody = (ask: Ask, shape: XmlShape): Record<string, unknown> => {
  const type = ask.headers['content-type'] ?? ''
  if (isJson(type)) return objectOf(ask.body)
  if (!isXml(type))
    throw new Refused(415, 'Content-Type must be application/json, application/xml or text/xml')
  if (!/^(?:utf-?8|us-ascii)$/i.test(charsetOf(type))) throw new Refused(415, 'The charset must be utf-8')
  return xmlObject(utf8(ask.body), shape)
}

const objectOf = (body: Buffer): Record<string, unknown> => {
  const value = parse(body)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Refused(400, 'The request body must be a JSON object')
  }
  return value as Record<string, unknown>
}

/** Any JSON from the body, whatever its Content-Type says: control calls are typed by hand. */
export const jsonValue = (body: Buffer): unknown => parse(body)

/** JSON, or `Refused` 400. */
export const parse = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    throw new Refused(400, 'The request body is not valid JSON')
  }
}
