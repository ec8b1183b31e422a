// The yardstick "honest floor": what an ordinary transforming proxy cannot do without. Read the vendor's body,
// JSON.parse, rename 20 fields, leave nulls out, JSON.stringify. No credentials, no log, no query, no errors.
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { names } from './names.ts'
import { announce, openUpstream } from './upstream.ts'

const pool = openUpstream(Number(process.argv[2]))
const headers = { authorization: 'Bearer token', accept: 'application/json' }

type Row = Readonly<Record<string, unknown>>

const renamed = (row: Row): Row => {
  const made: Record<string, unknown> = {}
  for (const name in row) {
    const value = row[name]
    if (value !== null) made[names.get(name) ?? name] = value
  }
  return made
}

const answer = async (path: string, response: ServerResponse): Promise<void> => {
  const reply = await pool.request({ path, method: 'GET', headers })
  const body = JSON.parse(await reply.body.text()) as Row | { readonly Items: readonly Row[] }
  const made = Array.isArray(body['Items']) ? body['Items'].map(renamed) : renamed(body as Row)
  const payload = Buffer.from(JSON.stringify(made))
  response.writeHead(reply.statusCode, {
    'content-type': 'application/json',
    'content-length': payload.length,
  })
  response.end(payload)
}

const server = createServer({ keepAliveTimeout: 120_000 }, (request, response) => {
  answer(request.url ?? '/', response).catch(() => {
    if (!response.headersSent) response.writeHead(502).end()
  })
})
server.listen(0, '127.0.0.1', () => announce((server.address() as AddressInfo).port))
