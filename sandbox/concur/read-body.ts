import type { IncomingMessage } from 'node:http'
import { Refused } from './errors.ts'

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
  const value = parse(body)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Refused(400, 'The request body must be a JSON object')
  }
  return value as Record<string, unknown>
}

/** Any JSON from the body, whatever its Content-Type says: control calls are typed by hand. */
export const jsonValue = (body: Buffer): unknown => parse(body)

const parse = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    throw new Refused(400, 'The request body is not valid JSON')
  }
}
