/** A reply as it came over a socket; header names in lower case. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const failed = (body: string): Record<string, unknown> | undefined => {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

const isJson = (body: string): boolean => {
  try {
    JSON.parse(body)
    return true
  } catch {
    return false
  }
}

/** A changed site or key may name a vendor's host that cannot be reached from here: 502 is the right answer then. */
const isUnreachableVendor = ({ status, body }: Reply): boolean =>
  status === 502 && failed(body)?.['code'] === 'provider-unreachable'

/**
 * What is wrong with a reply: every one has a request id, a body is JSON, a failure's body has the same id and a
 * message, and no status is 500 or above but the
 * 502 of a vendor that cannot be reached. `bodyless` replies answer HEAD.
 */
export const faultOfReply = (reply: Reply, bodyless: boolean): string | undefined => {
  const { status, headers, body } = reply
  const requestId = headers['elements-request-id']
  if (status >= 500 && !isUnreachableVendor(reply)) return `status ${status} ${body.slice(0, 500)}`
  if (!/^[0-9a-f]{24}$/.test(requestId ?? '')) return `status ${status} without a request id`
  if (bodyless) return undefined
  if (status < 400)
    return body === '' || isJson(body) ? undefined : `status ${status} without JSON: ${body.slice(0, 200)}`
  const failure = failed(body)
  if (failure === undefined) return `status ${status} without a JSON object: ${body.slice(0, 200)}`
  if (failure['requestId'] !== requestId) return `status ${status}: the body's requestId is not the header's`
  return typeof failure['message'] === 'string' && failure['message'] !== ''
    ? undefined
    : `status ${status} without a message`
}

const headOf = (text: string): Omit<Reply, 'body'> | undefined => {
  const [first = '', ...lines] = text.split('\r\n')
  const status = /^HTTP\/1\.1 (\d{3}) /.exec(first)?.[1]
  if (status === undefined) return undefined
  const pairs = lines.map((line): [string, string] => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
  })
  return { status: Number(status), headers: Object.fromEntries(pairs) }
}

/** The next reply in these bytes and where it ends; null while it is not whole; undefined when it is no reply. */
export const nextReply = (
  bytes: Buffer,
  from: number,
  mayLackBody: boolean,
): { readonly reply: Reply; readonly end: number; readonly bodyless: boolean } | null | undefined => {
  const headEnd = bytes.indexOf('\r\n\r\n', from)
  if (headEnd === -1) return null
  const head = headOf(bytes.subarray(from, headEnd).toString('latin1'))
  if (head === undefined) return undefined
  const start = headEnd + 4
  const length = Number(head.headers['content-length'] ?? 0)
  const isLast = bytes.length === start
  const bodyless =
    length === 0 ||
    (mayLackBody && (isLast || bytes.subarray(start, start + 9).toString('latin1') === 'HTTP/1.1 '))
  const end = bodyless ? start : start + length
  if (bytes.length < end) return null
  const body = bytes.subarray(start, end).toString('utf8')
  return { reply: { ...head, body }, end, bodyless: bodyless && length > 0 }
}

/** The first reply that is not an interim one; null while it is not whole; undefined when these bytes are no reply. */
export const finalReply = (bytes: Buffer, mayLackBody: boolean): Reply | null | undefined => {
  for (let from = 0; ; ) {
    const next = nextReply(bytes, from, mayLackBody)
    if (next === null || next === undefined) return next
    if (next.reply.status >= 200) return next.reply
    from = next.end
  }
}
