// The vendor of the benchmark where no nginx is installed: two answers from memory, all else from the sandbox.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { makePayload } from './payload.ts'
import { announce, listPath, openUpstream } from './upstream.ts'

const sandbox = openUpstream(Number(process.argv[2]))
const payload = makePayload()
const page = Buffer.from(payload.page)
const one = Buffer.from(payload.one)
let answered = 0

const forward = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const { host = '', authorization, 'content-type': type } = request.headers
  const reply = await sandbox.request({
    path: request.url ?? '/',
    method: (request.method ?? 'GET') as 'GET' | 'POST',
    headers: {
      host,
      ...(authorization === undefined ? {} : { authorization }),
      ...(type === undefined ? {} : { 'content-type': type }),
    },
    body: request.method === 'GET' ? null : request,
  })
  response.writeHead(reply.statusCode, reply.headers)
  reply.body.pipe(response)
}

const server = createServer({ keepAliveTimeout: 120_000 }, (request, response) => {
  const [path = ''] = (request.url ?? '').split('?')
  if (path === '/bench/answered') {
    response.end(`server accepts handled requests\n 0 0 ${answered} \n`)
    return
  }
  answered += 1
  if (path.startsWith(listPath)) {
    const body = path === listPath ? page : one
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length })
    response.end(body)
    return
  }
  forward(request, response).catch(() => {
    if (!response.headersSent) response.writeHead(502).end()
  })
})
server.listen(0, '127.0.0.1', () => announce((server.address() as AddressInfo).port))
