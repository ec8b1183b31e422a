import { type IncomingHttpHeaders, request } from 'node:http'

export interface RawAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** A call whose path goes out letter by letter, and whose bodies are bytes. */
export const rawCall = (
  base: string,
  path: string,
  options: {
    readonly method?: string
    readonly headers?: Readonly<Record<string, string>>
    readonly body?: Uint8Array | string
    /** Sent in chunks, its length not told. */
    readonly chunked?: true
  } = {},
): Promise<RawAnswer> =>
  new Promise((resolve, reject) => {
    const { hostname, port, pathname } = new URL(base)
    const { body, chunked } = options
    const length =
      body === undefined || chunked === true ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const call = request(
      {
        ...{ host: hostname, port, path: `${pathname}${path}`, agent: false },
        method: options.method ?? 'GET',
        headers: { ...length, ...options.headers },
      },
      (reply) => {
        const chunks: Buffer[] = []
        reply.on('data', (chunk: Buffer) => chunks.push(chunk))
        reply.on('error', reject)
        reply.on('end', () =>
          resolve({ status: reply.statusCode ?? 0, headers: reply.headers, body: Buffer.concat(chunks) }),
        )
      },
    )
    call.on('error', reject)
    if (body !== undefined && chunked === true) {
      const half = Math.ceil(body.length / 2)
      call.write(body.slice(0, half))
      call.end(body.slice(half))
    } else call.end(body)
  })
