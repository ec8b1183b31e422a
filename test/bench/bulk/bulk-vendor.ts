// The vendor of the bulk benchmark: a report that is to be made is counted and answered at once, everything else comes
// from the sandbox behind it. `bulk-vendor.js SANDBOX_PORT`; told how many rows come, it says which of them did.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { announce, listPath, openUpstream } from '../upstream.ts'
import type { Made } from './order.ts'
import { rowOfName } from './upload-table.ts'

const sandbox = openUpstream(Number(process.argv[2]))
let seen = new Uint8Array(0)
let answered = 0
let foreign = 0

const note = (body: Buffer): void => {
  answered += 1
  const row = rowOfName(body.toString('utf8'))
  if (row === undefined || row >= seen.length) foreign += 1
  else seen[row] = Math.min(255, (seen[row] ?? 0) + 1)
}

/** Whose address its reply names is not looked at. */
const make = (request: IncomingMessage, response: ServerResponse): void => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    note(Buffer.concat(chunks))
    const id = answered.toString(16).toUpperCase().padStart(20, '0')
    const body = `{"ID":"${id}","URI":"http://127.0.0.1${listPath}/${id}"}`
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length })
    response.end(body)
  })
}

const forward = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const { host = '', authorization, accept, 'content-type': type } = request.headers
  const reply = await sandbox.request({
    path: request.url ?? '/',
    method: (request.method ?? 'GET') as 'GET' | 'POST',
    headers: {
      host,
      ...(authorization === undefined ? {} : { authorization }),
      ...(accept === undefined ? {} : { accept }),
      ...(type === undefined ? {} : { 'content-type': type }),
    },
    body: request.method === 'GET' ? null : request,
  })
  response.writeHead(reply.statusCode, reply.headers)
  reply.body.on('error', () => response.destroy()).pipe(response)
}

const server = createServer({ keepAliveTimeout: 120_000 }, (request, response) => {
  if (request.method === 'POST' && request.url?.split('?', 1)[0] === listPath) return make(request, response)
  forward(request, response).catch(() => {
    if (!response.headersSent) response.writeHead(502).end()
  })
})

const made = (): Made => {
  const count = (times: (value: number) => boolean): number =>
    seen.reduce((sum, value) => sum + (times(value) ? 1 : 0), 0)
  return { answered, foreign, once: count((value) => value === 1), again: count((value) => value > 1) }
}

process.on('message', (order: { readonly rows?: number }) => {
  if (order.rows !== undefined) {
    seen = new Uint8Array(order.rows)
    answered = 0
    foreign = 0
  }
  process.send?.(made())
})
server.listen(0, '127.0.0.1', () => announce((server.address() as AddressInfo).port))
