import { generateKeyPairSync, sign } from 'node:crypto'
import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { AppError } from '#src/lib/errors.ts'
import { createOutbound, type Outbound, type OutboundOptions } from './index.ts'
import { createPools } from './pools.ts'

const cleanUps: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

const listen = async (server: Server, host = '127.0.0.1'): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  cleanUps.push(() => new Promise((resolve) => server.close(resolve)))
  return (server.address() as AddressInfo).port
}

const serve = async (): Promise<{ port: number; calls: () => number; connections: () => number }> => {
  let calls = 0
  let connections = 0
  const server = createServer((_request, response) => {
    calls += 1
    response.end('reached')
  }).on('connection', () => {
    connections += 1
  })
  return { port: await listen(server), calls: () => calls, connections: () => connections }
}

const open = (options: OutboundOptions): Outbound => {
  const outbound = createOutbound(options)
  cleanUps.push(() => outbound.close())
  return outbound
}

const call = async (
  outbound: Outbound,
  url: string,
  purpose: 'vendor' | 'callback' = 'callback',
): Promise<string> => {
  try {
    const reply = await outbound.send({ method: 'GET', url, timeoutMs: 10_000, purpose })
    return reply.body.toString()
  } catch (error) {
    return error instanceof AppError ? error.code : String(error)
  }
}

const answers = (...addresses: readonly string[]): NonNullable<OutboundOptions['resolve']> => {
  let at = 0
  return (_hostname, done) => {
    const address = addresses[Math.min(at, addresses.length - 1)] ?? ''
    at += 1
    done(null, [{ address, family: address.includes(':') ? 6 : 4 }])
  }
}

describe('the guard', () => {
  it.each([
    ['127.0.0.1'],
    ['127.1'],
    ['2130706433'],
    ['0x7f000001'],
    ['0x7f.1'],
    ['0177.0.0.1'],
    ['017700000001'],
    ['127.0.0.1.'],
    ['１２７.0.0.1'],
    ['0.0.0.0'],
    ['0'],
    ['[::1]'],
    ['[::]'],
    ['[::ffff:127.0.0.1]'],
    ['[::ffff:7f00:1]'],
    ['[0:0:0:0:0:ffff:7f00:0001]'],
    ['[::127.0.0.1]'],
    ['[64:ff9b::7f00:1]'],
    ['localhost'],
    ['LOCALHOST'],
  ])('blocks the spelling %s of this machine, with no connection made', async (host) => {
    const { port, connections } = await serve()
    for (const scheme of ['http', 'https']) {
      expect(await call(open({ allow: [] }), `${scheme}://${host}:${port}/`)).toBe('address-blocked')
    }
    expect(connections()).toBe(0)
  })

  it.each([
    '169.254.169.254',
    '[fd00:ec2::254]',
    '10.0.0.1',
    '100.64.0.1',
    '224.0.0.1',
    '[fe80::1]',
    '198.18.0.1',
  ])('blocks %s', async (host) => {
    expect(await call(open({ allow: [] }), `https://${host}/`)).toBe('address-blocked')
  })

  it.each([['127.0.0.1'], ['127.0.0.0/8']])('lets %s through when it is listed', async (item) => {
    const { port } = await serve()
    expect(await call(open({ allow: [item] }), `http://127.0.0.1:${port}/`)).toBe('reached')
  })

  it('lets a listed name through, and no other name of the same address', async () => {
    const { port } = await serve()
    const outbound = open({ allow: ['erp.internal'], resolve: answers('127.0.0.1') })
    expect(await call(outbound, `http://erp.internal:${port}/`)).toBe('reached')
    expect(await call(outbound, `http://ERP.internal.:${port}/`)).toBe('reached')
    expect(await call(outbound, `http://crm.internal:${port}/`)).toBe('address-blocked')
  })

  it('is asked for the addresses of a name once at a time, and again later', async () => {
    const { port } = await serve()
    let questions = 0
    const outbound = open({
      allow: ['erp.internal'],
      resolve: (name, done) => {
        questions += 1
        setTimeout(() => answers('127.0.0.1')(name, done), 50)
      },
    })
    const url = `http://erp.internal:${port}/`
    const told = await Promise.all(Array.from({ length: 20 }, () => call(outbound, url)))
    expect([new Set(told), questions]).toEqual([new Set(['reached']), 1])
    const purpose = 'files'
    await outbound.send({ method: 'GET', url, timeoutMs: 10_000, purpose })
    expect(questions).toBe(2)
  })

  it('names the host and the fix', async () => {
    const request = { method: 'GET', timeoutMs: 10_000, purpose: 'callback' } as const
    const outbound = open({ allow: [] })
    await expect(outbound.send({ ...request, url: 'https://10.0.0.1/p?q=1' })).rejects.toThrow(
      '10.0.0.1 has no address on the public internet, so it is not called. If it is yours, add 10.0.0.1 to OUTBOUND_ALLOW.',
    )
    await expect(outbound.send({ ...request, url: 'http://8.8.8.8/p?q=1' })).rejects.toThrow(
      '8.8.8.8 is not called over plain http: use https, or add 8.8.8.8 to OUTBOUND_ALLOW.',
    )
  })

  it('judges a name anew at each connection', async () => {
    const { port, calls } = await serve()
    const outbound = open({ allow: ['127.0.0.2/32'], resolve: answers('127.0.0.2', '127.0.0.1') })
    // Nothing listens at the first address, so the second call connects again.
    expect(await call(outbound, `http://moving.example:${port}/`)).toBe('provider-unreachable')
    expect(await call(outbound, `http://moving.example:${port}/`)).toBe('address-blocked')
    expect(calls()).toBe(0)
  })

  it('connects to the allowed ones of several addresses only', async () => {
    const { port, connections } = await serve()
    const both: NonNullable<OutboundOptions['resolve']> = (_hostname, done) =>
      done(null, [
        { address: '127.0.0.2', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ])
    const url = `http://mixed.example:${port}/`
    // Nothing listens at the first address.
    expect(await call(open({ allow: ['127.0.0.2/32'], resolve: both }), url)).toBe('provider-unreachable')
    expect(connections()).toBe(0)
    expect(await call(open({ allow: ['127.0.0.1/32'], resolve: both }), url)).toBe('reached')
  })

  it('opens a vendor origin to vendor calls only, also when a connection is open already', async () => {
    const { port } = await serve()
    const other = await serve()
    const outbound = open({ allow: [], allowVendorOrigins: [`http://127.0.0.1:${port}/`] })
    expect(await call(outbound, `http://127.0.0.1:${port}/`, 'vendor')).toBe('reached')
    expect(await call(outbound, `http://127.0.0.1:${port}/`, 'callback')).toBe('address-blocked')
    expect(await call(outbound, `http://127.0.0.1:${other.port}/`, 'vendor')).toBe('address-blocked')
  })

  it('has room for any number of origins, one after another', async () => {
    const outbound = open({ allow: [] })
    const codes = new Set<string>()
    for (let at = 0; at < 1_200; at++) {
      codes.add(await call(outbound, `https://10.0.${at >> 8}.${at & 255}/`))
    }
    expect([...codes]).toEqual(['address-blocked'])
  })

  it('explains a name that nobody knows', async () => {
    const resolve: NonNullable<OutboundOptions['resolve']> = (_hostname, done) =>
      done(Object.assign(new Error('x'), { code: 'ENOTFOUND' }), [])
    expect(await call(open({ allow: [], resolve }), 'https://nobody.example/')).toBe('provider-unreachable')
  })
})

describe('TLS', () => {
  const der = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
    const body = Buffer.concat(parts)
    const long = body.length > 127 ? [0x82, body.length >> 8, body.length & 255] : [body.length]
    return Buffer.concat([Buffer.from([tag, ...long]), body])
  }

  /** A self-signed certificate for `far.example` (RFC 5280, 4.1), made for this run only. */
  const selfSigned = (): { key: string; cert: string } => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const ecdsaWithSha256 = der(0x30, der(6, Buffer.from('2a8648ce3d040302', 'hex')))
    const commonName = der(0x30, der(6, Buffer.from('550403', 'hex')), der(12, Buffer.from('far.example')))
    const name = der(0x30, der(0x31, commonName))
    const time = (text: string): Buffer => der(24, Buffer.from(text))
    const validity = der(0x30, time('20200101000000Z'), time('20991231235959Z'))
    const info = publicKey.export({ type: 'spki', format: 'der' })
    const version = der(0xa0, der(2, Buffer.from([2])))
    const toSign = der(0x30, version, der(2, Buffer.from([1])), ecdsaWithSha256, name, validity, name, info)
    const signature = sign('sha256', toSign, privateKey)
    const cert = der(0x30, toSign, ecdsaWithSha256, der(3, Buffer.from([0]), signature))
    return {
      key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      cert: `-----BEGIN CERTIFICATE-----\n${cert.toString('base64')}\n-----END CERTIFICATE-----\n`,
    }
  }

  it('refuses a self-signed certificate, and a server without TLS', async () => {
    const secure = createTlsServer(selfSigned(), (_request, response) => response.end('reached'))
    const plain = await serve()
    const outbound = open({ allow: ['far.example'], resolve: answers('127.0.0.1') })
    const request = { method: 'GET', timeoutMs: 10_000, purpose: 'callback' } as const
    const send = (port: number): Promise<unknown> =>
      outbound.send({ ...request, url: `https://far.example:${port}/` })
    await expect(send(await listen(secure))).rejects.toThrow(/self-signed TLS certificate/)
    await expect(send(plain.port)).rejects.toThrow(/does not speak TLS/)
    expect(plain.calls()).toBe(0)
  })
})

describe('pools', () => {
  const open = (maxOrigins: number) => {
    let now = 0
    const pools = createPools({
      list: { hosts: new Set(), ranges: [] },
      vendorOrigins: new Set(),
      fileOrigins: new Set(),
      parallelPerOrigin: 1,
      maxOrigins,
      idleMs: 1_000,
      resolve: answers('127.0.0.1'),
      now: () => now,
    })
    cleanUps.push(() => pools.close())
    const take = (host: string) => pools.take(new URL(`https://${host}`), 'callback')
    const pass = (ms: number): void => {
      now += ms
    }
    return { pools, take, pass }
  }

  it('are several for callbacks to one host, so that a path that hangs leaves others theirs', () => {
    const { pools } = open(99)
    const at = (path: string, purpose: 'callback' | 'vendor' = 'callback') =>
      pools.take(new URL(`https://one.example${path}`), purpose)
    const paths = Array.from({ length: 200 }, (_, index) => at(`/hooks/${index}`))
    expect(new Set(paths).size).toBe(8)
    expect(at('/hooks/7')).toBe(paths[7])
    expect(at('/hooks/7?a=b')).toBe(paths[7])
    expect(at('/hooks/7', 'vendor')).toBe(at('/hooks/8', 'vendor'))
  })

  it('are closed when unused for long', () => {
    const { pools, take, pass } = open(9)
    const [one, two] = [take('one.example'), take('two.example')]
    pools.release(one)
    pass(999)
    pools.sweep()
    expect(pools.size()).toBe(2)
    pass(1)
    pools.sweep()
    expect([pools.size(), one.pool.closed, two.pool.closed]).toEqual([1, true, false])
  })

  it('give way at the bound, the one unused for longest first, and never while in use', () => {
    const { pools, take, pass } = open(2)
    const [one, two] = [take('one.example'), take('two.example')]
    expect(() => take('three.example')).toThrow(/Too many different hosts/)
    pools.release(two)
    pass(1)
    pools.release(one)
    const three = take('three.example')
    expect([pools.size(), one.pool.closed, two.pool.closed, three.pool.closed]).toEqual([
      2,
      false,
      true,
      false,
    ])
    expect(take('one.example')).toBe(one)
  })
})
