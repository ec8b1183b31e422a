import { describe, expect, it } from 'vitest'
import { onGateway } from '../support/behind-gateway.ts'
import { ask, hub, platform } from '../support/client.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'
import type { Connected } from '../support/grants.ts'
import type { Product } from '../support/product.ts'
import { rawCall } from '../support/raw-call.ts'

let gateway: Gateway
let product: Product
let instance: Connected

onGateway((stage) => {
  ;({ product, gateway, instance } = stage)
})

const headers = () => hub(product.admin, instance.token)
const pass = (path: string, options: Parameters<typeof rawCall>[2] = {}) =>
  rawCall(product.url, `/hubs/expense/passthrough${path}`, {
    ...options,
    headers: { ...headers(), ...options.headers },
  })

const reports = '/api/v3.0/expense/reports'

describe('what must not get through', () => {
  it('nothing of the caller’s own goes out, and nothing but the named headers comes back', async () => {
    gateway.answer('/x', (_incoming, response) => {
      response.writeHead(418, {
        'content-type': 'text/plain',
        'set-cookie': 'session=secret',
        server: 'inside-7',
        'x-internal': 'host-9',
        'x-api-warn': 'old',
        location: 'https://elsewhere.example/?signature=s',
        'concur-correlationid': 'corr-1',
      })
      response.end('short and stout')
    })
    const reply = await pass('/x?b=%27c%20d&a=1+2&a=[]', {
      headers: {
        cookie: 'amalgam-session=abc',
        'elements-version': 'Helium',
        'x-forwarded-for': '10.0.0.1',
        'concur-correlationid': 'mine-1',
        'accept-language': 'de',
        forwarded: 'for=1',
        te: 'trailers',
      },
    })
    expect(reply.status, reply.body.toString()).toBe(418)
    expect(reply.body.toString()).toBe('short and stout')
    const [sent] = gateway.seen
    expect(sent?.target).toBe('/x?b=%27c%20d&a=1+2&a=[]')
    expect(Object.keys(sent?.headers ?? {}).sort()).toEqual([
      ...['accept', 'accept-encoding', 'accept-language', 'authorization', 'concur-correlationid'],
      ...['connection', 'host', 'user-agent'],
    ])
    expect(sent?.headers.authorization).toMatch(/^Bearer /)
    expect(JSON.stringify(sent)).not.toContain(product.admin.user)
    const shell = ['connection', 'content-length', 'content-security-policy', 'date', 'keep-alive']
    expect(
      Object.keys(reply.headers)
        .filter((name) => !shell.includes(name))
        .sort(),
    ).toEqual([
      ...['concur-correlationid', 'content-type', 'elements-element-instance-id', 'elements-hop'],
      ...['elements-request-id', 'x-api-warn', 'x-content-type-options'],
    ])
  })

  it('no path leads to another host or out of itself', async () => {
    const evil = await startGateway()
    const at = `127.0.0.1:${evil.port}`
    try {
      for (const path of [
        `//${at}/x`,
        `/%2F%2F${at}/x`,
        `/\\\\${at}/x`,
        `/%5C%5C${at}/x`,
        `/@${at}/x`,
        `/:80@${at}/x`,
        `/http://${at}/x`,
        `/http:%2F%2F${at}/x`,
        `/http%3A/${at}/x`,
        `/?//${at}/x`,
        `/..//${at}/x`,
        `/%2e%2e/%2e%2e/${at}/x`,
        `/a/..%2f..%2f${at}/x`,
        `/a/..%5c..%5c${at}/x`,
        `/.%00/${at}`,
        `;@${at}/x`,
        `#@${at}/x`,
      ]) {
        await pass(path)
      }
      expect(evil.seen).toEqual([])
      for (const { target } of gateway.seen) {
        expect(target.startsWith('/')).toBe(true)
        expect(target.split('?')[0]?.split('/')).not.toContain('..')
      }
    } finally {
      await evil.close()
    }
  })

  it.each(['/../x', '/a/%2e%2e/x', '/a/..%2Fx', '/https://evil.example/x', '', '/'])(
    '%s is 400 that says what to send',
    async (path) => {
      const reply = await pass(path)
      expect(reply.status, path).toBe(400)
      expect(JSON.parse(reply.body.toString())).toMatchObject({ code: 'bad-request', hop: 'amalgam' })
      expect(JSON.parse(reply.body.toString()).message).toMatch(/^path: /)
      expect(gateway.seen).toEqual([])
    },
  )

  it('words of the platform are words like any other in a vendor’s path', async () => {
    gateway.answer('/profile', (_incoming, response) => response.writeHead(200).end('{}'))
    for (const path of ['/profile/roles/1', '/profile/branding', '/profile/metrics']) {
      for (const start of ['/hubs/expense/passthrough', '/passthrough']) {
        expect((await rawCall(product.url, `${start}${path}`, { headers: headers() })).status).toBe(200)
      }
    }
    expect(gateway.seen).toHaveLength(6)
  })

  it('a caller without its secrets, or a disabled instance, gets nothing out', async () => {
    const bare = await rawCall(product.url, `/passthrough${reports}`)
    expect(bare.status).toBe(401)
    const wrong = await rawCall(product.url, `/hubs/expense/passthrough${reports}`, {
      headers: hub(product.admin, 'wrong='),
    })
    expect(wrong.status).toBe(401)
    const enabled = `${product.url}/instances/${instance.id}/enabled`
    await ask(enabled, { method: 'DELETE', headers: platform(product.admin) })
    expect((await pass(reports)).status).toBe(403)
    await ask(enabled, { method: 'PUT', headers: platform(product.admin) })
    expect(gateway.seen).toEqual([])
  })

  it('a body above the limit is 413', async () => {
    const headers = { 'content-type': 'image/png', 'content-length': String(64 * 1024 * 1024 + 1) }
    const reply = await pass(reports, { method: 'POST', body: 'x', headers })
    expect(reply.status).toBe(413)
    expect(JSON.parse(reply.body.toString()).message).toContain('64 MB')
    expect(gateway.seen).toEqual([])
  })
})
