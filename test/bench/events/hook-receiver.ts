// Receives callbacks: 200 for all but those to /hang, which are never answered.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { announce } from '../upstream.ts'

let hung = 0

const server = createServer({ keepAliveTimeout: 120_000 }, (request, response) => {
  request.resume()
  if (request.url === '/hang') {
    hung += 1
    return
  }
  request.on('end', () => {
    response.writeHead(200, { 'content-length': 0 })
    response.end()
  })
})
process.on('message', () => process.send?.({ hung }))
server.listen(0, '127.0.0.1', () => announce((server.address() as AddressInfo).port))
