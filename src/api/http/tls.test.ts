import { generateKeyPairSync, sign } from 'node:crypto'
import { request } from 'node:https'
import { expect, test } from 'vitest'
import { openSocket, startTestServer } from './test-client.ts'

const der = (tag: number, ...parts: readonly Buffer[]): Buffer => {
  const content = Buffer.concat(parts)
  const size = content.length < 128 ? [content.length] : [0x82, content.length >> 8, content.length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

/** A self-signed X.509 v1 certificate for a fresh P-256 key (RFC 5280 section 4.1), so that no key stands in the tree. */
const selfSigned = () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const ecdsaSha256 = der(0x30, der(0x06, Buffer.from('2a8648ce3d040302', 'hex')))
  const commonName = der(0x30, der(0x06, Buffer.from('550403', 'hex')), der(0x0c, Buffer.from('localhost')))
  const name = der(0x30, der(0x31, commonName))
  const validity = der(0x30, der(0x17, Buffer.from('200101000000Z')), der(0x17, Buffer.from('491231235959Z')))
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  const body = der(0x30, der(0x02, Buffer.from([1])), ecdsaSha256, name, validity, name, spki)
  const signature = der(0x03, Buffer.from([0]), sign('sha256', body, privateKey))
  const base64 = der(0x30, body, ecdsaSha256, signature).toString('base64')
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
  }
}

const statusOver = (port: number): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const call = request(
      { host: '127.0.0.1', port, path: '/health', rejectUnauthorized: false, agent: false },
      (reply) => {
        reply.resume()
        reply.once('end', () => resolve(reply.statusCode))
      },
    )
    call.once('error', reject)
    call.end()
  })

test('with a certificate the server speaks HTTPS, and plain HTTP on its port is closed without harm', async () => {
  const { server, port, log } = await startTestServer({ tls: selfSigned() })
  expect(await statusOver(port)).toBe(200)
  const plain = await openSocket(port)
  plain.send('GET /health HTTP/1.1\r\nHost: a\r\n\r\n')
  await plain.ended()
  plain.close()
  expect(await statusOver(port)).toBe(200)
  await server.stop()
  expect(log).toEqual([])
})
