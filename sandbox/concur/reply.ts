import type { ReplyFormat } from './accept.ts'
import type { Segment } from './images/pdf.ts'
import { writeXml, type XmlNames } from './xml-write.ts'

/** What an operation answers. How it is written is decided where it is sent. */
export interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  /** A value to be written as JSON or XML. */
  readonly body?: unknown
  /** How its elements are called in XML; without it the reply is always JSON. */
  readonly xml?: XmlNames
  /** A file, streamed. */
  readonly file?: { readonly type: string; readonly segments: readonly Segment[] }
  /** A finished page, for people. */
  readonly html?: string
}

export interface Rendered {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly bytes: Buffer
  /** In place of `bytes`: what is sent piece by piece. */
  readonly segments?: readonly Segment[]
}

/** Pages load nothing and may not be framed; no `form-action`, which would stop the redirect after Allow. */
const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
}

const written = (reply: Reply, format: ReplyFormat): { readonly type: string; readonly text: string } =>
  reply.xml === undefined || format === 'application/json'
    ? { type: 'application/json', text: JSON.stringify(reply.body) }
    : { type: format, text: writeXml(reply.xml, reply.body) }

export const render = (reply: Reply, format: ReplyFormat): Rendered => {
  if (reply.html !== undefined) {
    return {
      status: reply.status,
      headers: { ...pageHeaders, ...reply.headers },
      bytes: Buffer.from(reply.html),
    }
  }
  if (reply.file !== undefined) {
    const headers = { 'content-type': reply.file.type, ...reply.headers }
    return { status: reply.status, headers, bytes: Buffer.alloc(0), segments: reply.file.segments }
  }
  if (reply.body === undefined) {
    return { status: reply.status, headers: { ...reply.headers }, bytes: Buffer.alloc(0) }
  }
  const { type, text } = written(reply, format)
  const headers = { 'content-type': `${type}; charset=utf-8`, ...reply.headers }
  return { status: reply.status, headers, bytes: Buffer.from(text) }
}
