import { createHash, createHmac } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

/** A request as it came over the socket. */
export interface SignedRequest {
  readonly method: string
  /** Path with the query. */
  readonly target: string
  readonly headers: IncomingHttpHeaders
}

const hash = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex')
const mac = (key: string | Uint8Array, data: string): Buffer =>
  createHmac('sha256', key).update(data).digest()

const encoded = (text: string): string =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)

const form =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([\da-f]{64})$/

/** What an Authorization header of Signature Version 4 says. @throws Error where it is none. */
export const readSignature = (authorization: string) => {
  const [, keyId, day, region, signed, signature] = form.exec(authorization) ?? []
  if (keyId === undefined || day === undefined || region === undefined || signed === undefined)
    throw new Error(`no signature: ${authorization}`)
  return { keyId, day, region, signedNames: signed.split(';'), signature: signature ?? '' }
}

/**
 * The signature that a request must carry (Amazon S3 API Reference, "Authenticating Requests: Using the Authorization
 * Header (AWS Signature Version 4)"), made here once more, so that what signs is not what checks.
 */
export const signatureOf = ({ method, target, headers }: SignedRequest, secret: string): string => {
  const { day, region, signedNames } = readSignature(headers.authorization ?? '')
  const { pathname, searchParams } = new URL(target, 'http://any')
  const path = pathname
    .split('/')
    .map((part) => encoded(decodeURIComponent(part)))
    .join('/')
  const query = [...searchParams]
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .toSorted()
    .join('&')
  const lines = signedNames.map((name) => `${name}:${String(headers[name] ?? '').trim()}\n`)
  const request = [
    ...[method, path, query, lines.join(''), signedNames.join(';')],
    headers['x-amz-content-sha256'],
  ].join('\n')
  const date = headers['x-amz-date']
  const scope = `${day}/${region}/s3/aws4_request`
  const text = ['AWS4-HMAC-SHA256', date, scope, hash(request)].join('\n')
  const key = ['s3', 'aws4_request'].reduce(mac, mac(mac(`AWS4${secret}`, day), region))
  return mac(key, text).toString('hex')
}

/** Whether a request is signed as it came: with this key, in all that must be signed, its body too. */
export const isSigned = (request: SignedRequest, body: Uint8Array, secret: string): boolean => {
  const { signature, signedNames, day } = readSignature(request.headers.authorization ?? '')
  const must = ['host', 'x-amz-content-sha256', 'x-amz-date']
  return (
    must.every((name) => signedNames.includes(name)) &&
    String(request.headers['x-amz-date']).startsWith(day) &&
    request.headers['x-amz-content-sha256'] === hash(body) &&
    signature === signatureOf(request, secret)
  )
}
