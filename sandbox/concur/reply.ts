/** What an operation answers. How it is written (JSON today) is decided where it is sent. */
export interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  /** A value to be written as JSON. */
  readonly body?: unknown
  /** A finished page, for people. */
  readonly html?: string
}

export interface Rendered {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly bytes: Buffer
}

/** Pages load nothing and may not be framed; no `form-action`, which would stop the redirect after Allow. */
const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
}

export const render = (reply: Reply): Rendered => {
  if (reply.html !== undefined) {
    return {
      status: reply.status,
      headers: { ...pageHeaders, ...reply.headers },
      bytes: Buffer.from(reply.html),
    }
  }
  const bytes = reply.body === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(reply.body))
  const type = reply.body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }
  return { status: reply.status, headers: { ...type, ...reply.headers }, bytes }
}
