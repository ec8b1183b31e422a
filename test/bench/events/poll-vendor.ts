// The vendor of the events' benchmark: every list of reports is the same one row, changed at a moment that the
// parent says; all else comes from the sandbox behind it. Its own work counts for the product, so it is little.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { makePayload } from '../payload.ts'
import { announce, listPath, openUpstream } from '../upstream.ts'

const sandbox = openUpstream(Number(process.argv[2]))
const row = JSON.parse(makePayload().one) as Record<string, unknown>
const changed = process.argv[3] ?? ''
const reply = JSON.stringify({
  Items: [{ ...row, CreateDate: changed, LastModifiedDate: changed }],
  NextPage: null,
})
const body = Buffer.from(reply)
let answered = 0

const forward = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const { host = '', authorization, 'content-type': type } = request.headers
  const answer = await sandbox.request({
    path: request.url ?? '/',
    method: (request.method ?? 'GET') as 'GET' | 'POST',
    headers: {
      host,
      ...(authorization === undefined ? {} : { authorization }),
      ...(type === undefined ? {} : { 'content-type': type }),
    },
    body: request.method === 'GET' ? null : request,
  })
  response.writeHead(answer.statusCode, answer.headers)
  answer.body.pipe(response)
}

const server = createServer({ keepAliveTimeout: 120_000 }, (request, response) => {
  if (request.url?.startsWith(listPath) === true) {
    answered += 1
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length })
    response.end(body)
    return
  }
  forward(request, response).catch(() => {
    if (!response.headersSent) response.writeHead(502).end()
  })
})
process.on('message', () => process.send?.({ answered }))
server.listen(0, '127.0.0.1', () => announce((server.address() as AddressInfo).port))
