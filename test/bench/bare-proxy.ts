// The yardstick "bare Node": node:http in, undici out, the body streamed through untouched.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { announce, openUpstream } from './upstream.ts'

const pool = openUpstream(Number(process.argv[2]))
const headers = { authorization: 'Bearer token', accept: 'application/json' }

const server = createServer({ keepAliveTimeout: 120_000 }, (request, response) => {
  pool
    .stream({ path: request.url ?? '/', method: 'GET', headers, opaque: response }, (reply) => {
      const { 'content-type': type, 'content-length': length } = reply.headers as Readonly<
        Record<string, string>
      >
      response.writeHead(reply.statusCode, { 'content-type': type, 'content-length': length })
      return response
    })
    .catch(() => {
      if (!response.headersSent) response.writeHead(502).end()
    })
})
server.listen(0, '127.0.0.1', () => announce((server.address() as AddressInfo).port))
