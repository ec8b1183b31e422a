import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** In which shape the vendor repeats what it was sent. */
export type EchoShape = 'xml' | 'v3' | 'v4' | 'oauth' | 'oauth-error' | 'text' | 'html' | 'not-json'

export interface Echo {
  readonly status: number
  readonly shape: EchoShape
}

/** A vendor's gateway in front of the sandbox: it passes on, and on demand repeats all that it was sent. */
export interface EchoingVendor {
  readonly port: number
  /** Where the sandbox is. */
  readonly passTo: (port: number) => void
  /** The next calls whose path begins so are answered with what they sent; undefined: all pass. */
  readonly echo: (paths: string, how: Echo | undefined) => void
  /** Every code, access and refresh token that went through so far. */
  readonly seen: () => readonly string[]
  /** How many calls were answered by an echo. */
  readonly echoed: () => number
  readonly close: () => Promise<void>
}

const readAll = async (from: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = []
  for await (const chunk of from) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

const basicPair = (authorization: string): string =>
  /^Basic /i.test(authorization) ? Buffer.from(authorization.slice(6), 'base64').toString('utf8') : 'no pair'

const wordsOf = (incoming: IncomingMessage, body: string): string => {
  const { authorization = '' } = incoming.headers
  const form = [...new URLSearchParams(body).values()].join(' and ')
  const query = [...new URL(incoming.url ?? '/', 'http://x').searchParams.values()].join(' and ')
  return `You sent ${authorization} (${basicPair(authorization)}) with ${form} and ${query}; as it came: ${body} to ${incoming.url}. ${'x'.repeat(900)} ${authorization}`
}

const bodyIn = (shape: EchoShape, words: string): { type: string; text: string } => {
  const json = (value: unknown) => ({ type: 'application/json', text: JSON.stringify(value) })
  switch (shape) {
    case 'xml': {
      const text = words.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
      return { type: 'application/xml', text: `<Error><Message>${text}</Message></Error>` }
    }
    case 'v3':
      return json({ Error: { Message: words } })
    case 'v4':
      return json({ errorMessage: words })
    case 'oauth':
      return json({ code: 108, error: 'invalid_grant', error_description: words })
    case 'oauth-error':
      return json({ code: words, error: words })
    case 'html':
      return { type: 'text/html', text: `<html><body>${words}</body></html>` }
    case 'text':
      return { type: 'text/plain', text: words }
    case 'not-json':
      return { type: `text/plain; note="${words.replaceAll(/[^\w .,-]/g, '_')}"`, text: words }
  }
}

const tokensIn = (text: string): readonly string[] => {
  try {
    const reply = JSON.parse(text) as Record<string, unknown>
    return ['access_token', 'refresh_token', 'id_token'].flatMap((name) => {
      const value = reply[name]
      return typeof value === 'string' ? [value] : []
    })
  } catch {
    return []
  }
}

const sentIn = (incoming: IncomingMessage, body: string): readonly string[] => {
  const places = [new URLSearchParams(body), new URL(incoming.url ?? '/', 'http://x').searchParams]
  return ['code', 'refresh_token']
    .flatMap((name) => places.map((place) => place.get(name) ?? ''))
    .filter(Boolean)
}

export const startEchoingVendor = async (): Promise<EchoingVendor> => {
  const seen = new Set<string>()
  let target = 0
  let armed: { paths: string; how: Echo } | undefined
  let echoed = 0

  const pass = async (incoming: IncomingMessage, body: Buffer, response: ServerResponse): Promise<void> => {
    const call = request({
      host: '127.0.0.1',
      port: target,
      method: incoming.method,
      path: incoming.url,
      headers: incoming.headers,
      agent: false,
    })
    call.end(body)
    const [reply] = (await once(call, 'response')) as [IncomingMessage]
    const text = await readAll(reply)
    if (incoming.url?.includes('/token') === true) {
      for (const token of tokensIn(text.toString('utf8'))) seen.add(token)
    }
    response.writeHead(reply.statusCode ?? 500, reply.headers).end(text)
  }

  const repeat = (
    incoming: IncomingMessage,
    body: string,
    { status, shape }: Echo,
    response: ServerResponse,
  ) => {
    echoed += 1
    const { type, text } = bodyIn(shape, wordsOf(incoming, body))
    const form = new URLSearchParams(body)
    const secret = incoming.headers.authorization ?? form.get('refresh_token') ?? form.get('code') ?? 'none'
    const headers = {
      'content-type': type,
      // Whoever tries again does so at once.
      'retry-after': '0',
      'concur-correlationid': secret,
      'www-authenticate': `Bearer error="${secret}"`,
      location: `http://127.0.0.1:1/?token=${encodeURIComponent(secret)}`,
    }
    response.writeHead(status, headers).end(text)
  }

  const server = createServer((incoming, response) => {
    const answer = async (): Promise<void> => {
      const body = await readAll(incoming)
      const text = body.toString('utf8')
      for (const secret of sentIn(incoming, text)) seen.add(secret)
      if (armed !== undefined && incoming.url?.startsWith(armed.paths)) {
        repeat(incoming, text, armed.how, response)
      } else await pass(incoming, body, response)
    }
    answer().catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    passTo: (port) => {
      target = port
    },
    echo: (paths, how) => {
      armed = how === undefined ? undefined : { paths, how }
    },
    seen: () => [...seen],
    echoed: () => echoed,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
