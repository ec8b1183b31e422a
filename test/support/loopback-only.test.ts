import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { stayOnLoopback } from './loopback-only.ts'

let undo: () => void
beforeEach(() => {
  undo = stayOnLoopback()
})
afterEach(() => undo())

// 192.0.2.1 is for documentation (RFC 5737) and is nobody's, should the guard ever let it pass.
it.each<[string, () => ReturnType<typeof connect>]>([
  ['a name', () => connect({ host: 'vendor.invalid', port: 443 })],
  ['an address', () => connect(443, '192.0.2.1')],
  ['a name over TLS', () => connectTls({ host: 'vendor.invalid', port: 443 })],
])('a socket to %s elsewhere fails without asking anybody', async (_what, open) => {
  const socket = open()
  let asked = false
  socket.on('lookup', () => {
    asked = true
  })
  const [error] = await once(socket, 'error').catch((thrown: unknown) => [thrown])
  expect(error).toMatchObject({ code: 'ENETUNREACH', message: 'connect ENETUNREACH: only loopback here' })
  expect(asked).toBe(false)
})

it('a socket to this machine opens', async () => {
  const server = createServer((socket) => socket.end()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.destroy()
  server.close()
  await once(server, 'close')
})
