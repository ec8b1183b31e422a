import { expect } from 'vitest'
import { type Answer, type AskOptions, ask, hub, platform } from './client.ts'
import type { DavServer } from './dav-server.ts'
import type { Product } from './product.ts'

/** A form with one file, as clients of the documents hub send it (RFC 7578). */
export const fileForm = (
  bytes: Uint8Array,
  fileName = 'file.bin',
  type = 'application/octet-stream',
): Pick<AskOptions, 'method' | 'bytes' | 'headers'> => {
  const boundary = '----amalgam-documents'
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${fileName}"\r\nContent-Type: ${type}\r\n\r\n`
  return {
    method: 'POST',
    bytes: Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]),
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  }
}

/** The answer of POST /instances for a WebDAV server. */
export const connectDav = (
  product: Pick<Product, 'url' | 'admin'>,
  dav: Pick<DavServer, 'url' | 'username' | 'password'>,
  more: Readonly<Record<string, unknown>> = {},
): Promise<Answer> =>
  ask(`${product.url}/instances`, {
    headers: platform(product.admin),
    body: {
      name: 'Files',
      element: { key: 'webdav' },
      configuration: { 'base.url': dav.url, username: dav.username, password: dav.password },
      ...more,
    },
  })

export type Documents = (path: string, options?: AskOptions) => Promise<Answer>

/** Calls on the hub `documents` with the token of an instance. */
export const documentsHub =
  ({ url, admin }: Pick<Product, 'url' | 'admin'>, token: string): Documents =>
  (path, options = {}) =>
    ask(`${url}/hubs/documents${path}`, {
      ...options,
      headers: { ...hub(admin, token), ...options.headers },
    })

export const done = (reply: Answer): Answer => {
  expect(reply.status, reply.text).toBe(200)
  return reply
}

/** The id of what is at a path, as the element makes it. */
export const idOf = (path: string): string => Buffer.from(path).toString('base64url')
