import { describe, expect, it } from 'vitest'
import { onGateway } from '../support/behind-gateway.ts'
import { ask, hub, platform } from '../support/client.ts'
import type { Gateway } from '../support/gateway.ts'
import { type Connected, codeFor, connected, post } from '../support/grants.ts'
import { configuration } from '../support/instances.ts'
import type { Product } from '../support/product.ts'
import { rawCall } from '../support/raw-call.ts'
import type { Controls } from '../support/sandbox.ts'

let gateway: Gateway
let product: Product
let sandbox: Controls
let instance: Connected

onGateway((stage) => {
  ;({ product, gateway, sandbox, instance } = stage)
})

const headers = () => hub(product.admin, instance.token)
const pass = (path: string, options: Parameters<typeof rawCall>[2] = {}) =>
  rawCall(product.url, `/hubs/expense/passthrough${path}`, {
    ...options,
    headers: { ...headers(), ...options.headers },
  })

const reports = '/api/v3.0/expense/reports'
const atOrigin = () => `http://127.0.0.1:${gateway.port}`

describe('a call on the vendor’s own path', () => {
  it('is signed and answered with the vendor’s status, type, bytes and correlation id', async () => {
    for (const start of ['/hubs/expense/passthrough', '/passthrough', '/hubs/any/passthrough']) {
      const reply = await rawCall(product.url, `${start}${reports}?limit=2&user=ALL`, { headers: headers() })
      expect(reply.status).toBe(200)
      expect(reply.headers['content-type']).toBe('application/json; charset=utf-8')
      expect(JSON.parse(reply.body.toString()).Items).toHaveLength(2)
      expect(reply.headers).toMatchObject({
        'elements-hop': 'provider',
        'elements-request-id': expect.stringMatching(/^[0-9a-f]{24}$/),
        'concur-correlationid': expect.any(String),
        'elements-element-instance-id': String(instance.id),
      })
    }
    expect(gateway.seen.map(({ target }) => target)).toEqual(Array(3).fill(`${reports}?limit=2&user=ALL`))
  })

  it('has the accept of the caller, and XML comes back as it is', async () => {
    const reply = await pass(`${reports}?limit=1`, { headers: { accept: 'application/xml' } })
    expect(reply.headers['content-type']).toBe('application/xml; charset=utf-8')
    expect(reply.body.toString()).toMatch(/^<\?xml .*<Reports/s)
    expect(Number(reply.headers['content-length'])).toBe(reply.body.length)
  })

  it('hands bodies on byte for byte with their type and length, never in chunks', async () => {
    const xml = '<?xml version="1.0" encoding="utf-8"?>\n<Report><Name>Zürich &amp; back</Name></Report>\n'
    for (const chunked of [undefined, true] as const) {
      const made = await pass(reports, {
        method: 'POST',
        headers: { 'content-type': 'application/xml; charset=utf-8', accept: 'application/json' },
        body: xml,
        ...(chunked === undefined ? {} : { chunked }),
      })
      expect(made.status, made.body.toString()).toBe(200)
      const { ID } = JSON.parse(made.body.toString())
      const row = await pass(`${reports}/${ID}`, { headers: { accept: 'application/json' } })
      expect(JSON.parse(row.body.toString())).toMatchObject({ ID, Name: 'Zürich & back' })
      const [sent] = gateway.seen
      expect(sent?.headers).toMatchObject({
        'content-type': 'application/xml; charset=utf-8',
        'content-length': String(Buffer.byteLength(xml)),
      })
      expect(sent?.headers['transfer-encoding']).toBeUndefined()
      gateway.seen.length = 0
    }
  })

  it('sends multipart and any bytes through, and the Location of what was made back', async () => {
    const image = Buffer.concat([
      Buffer.from('%PDF-1.4\n'),
      Buffer.from(Array.from({ length: 999 }, (_, at) => at % 256)),
    ])
    const person = JSON.parse((await pass('/profile/identity/v4.1/Users?count=1')).body.toString())
      .Resources[0]
    const boundary = 'x-boundary'
    const body = Buffer.concat([
      Buffer.from(
        `--${boundary}\r\nContent-Disposition: form-data; name="receipt"\r\nContent-Type: application/json\r\n\r\n{"amount":1}\r\n`,
      ),
      Buffer.from(
        `--${boundary}\r\nContent-Disposition: form-data; name="image"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n`,
      ),
      image,
      Buffer.from(`\r\n--${boundary}--\r\n`),
    ])
    const made = await pass(`/receipts/v4/users/${person.id}`, {
      method: 'POST',
      headers: {
        'elements-principal': 'company',
        'content-type': `multipart/form-data; boundary=${boundary}`,
        link: '<http://schema.concursolutions.com/general-receipt.schema.json>;rel=describedBy',
      },
      body,
    })
    expect(made.status, made.body.toString()).toBe(201)
    expect(made.body).toHaveLength(0)
    const location = String(made.headers.location)
    expect(location.startsWith(`${atOrigin()}/receipts/v4/`)).toBe(true)
    const back = await pass(`${location.slice(atOrigin().length)}/image`, {
      headers: { 'elements-principal': 'company', accept: 'application/pdf' },
    })
    expect(back.headers['content-type']).toBe('application/pdf')
    expect(back.body.equals(image)).toBe(true)
  })

  it('knows PUT, PATCH, DELETE and HEAD', async () => {
    const json = { 'content-type': 'application/json', accept: 'application/json' }
    const made = await pass(reports, { method: 'POST', headers: json, body: '{"Name":"First"}' })
    const { ID } = JSON.parse(made.body.toString())
    const put = await pass(`${reports}/${ID}`, { method: 'PUT', headers: json, body: '{"Name":"Second"}' })
    expect(put.status, put.body.toString()).toBeLessThan(300)
    const patched = await pass(`/expensereports/v4/reports/${ID}`, {
      method: 'PATCH',
      headers: { ...json, 'elements-principal': 'company' },
      body: '{"businessPurpose":"Third"}',
    })
    expect(patched.status, patched.body.toString()).toBe(204)
    expect(patched.headers['content-length']).toBeUndefined()
    const removed = await pass(`/expensereports/v4/reports/${ID}`, {
      method: 'DELETE',
      headers: { 'elements-principal': 'company' },
    })
    expect(removed.status, removed.body.toString()).toBe(204)
    gateway.answer('/head', (_incoming, response) => {
      response.writeHead(200, { 'content-length': '1234', 'content-type': 'image/png' }).end()
    })
    const head = await pass('/head', { method: 'HEAD' })
    expect(head.status).toBe(200)
    expect(head.headers).toMatchObject({ 'content-length': '1234', 'content-type': 'image/png' })
    expect(gateway.seen.map(({ method }) => method)).toEqual(['POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'])
  })
})

describe('whose grant signs', () => {
  it('is a person’s, unless the company’s is asked for', async () => {
    const grantOf = async (more: Record<string, string>) => {
      await pass(`${reports}?limit=1`, { headers: more })
      return gateway.seen.at(-1)?.headers.authorization
    }
    const person = await grantOf({})
    const company = await grantOf({ 'elements-principal': 'company' })
    expect(await grantOf({ 'elements-principal': 'User' })).toBe(person)
    expect(company).not.toBe(person)
    await sandbox.faults({ fault: 'principals', value: 'strict' })
    expect(
      (await pass('/profile/identity/v4.1/Users', { headers: { 'elements-principal': 'company' } })).status,
    ).toBe(200)
    expect(
      (await pass('/profile/identity/v4.1/Users', { headers: { 'elements-principal': 'user' } })).status,
    ).toBe(403)
  })

  it('is no grant that the instance has not, and no word that is unknown', async () => {
    const made = await post(product, product.admin, {
      configuration,
      providerData: { code: await codeFor(product, product.admin) },
    })
    const other = connected(product, product.admin, made)
    const reply = await rawCall(product.url, `/passthrough${reports}`, {
      headers: { ...hub(product.admin, other.token), 'elements-principal': 'company' },
    })
    expect(reply.status).toBe(400)
    const error = JSON.parse(reply.body.toString())
    expect(error.message).toContain(`instance ${other.id} has no grant of a company`)
    expect(error.message).toContain('concur.company.request.token')
    const odd = await pass(reports, { headers: { 'elements-principal': 'root' } })
    expect(odd.status).toBe(400)
    expect(JSON.parse(odd.body.toString()).message).toContain('Elements-Principal')
    expect(gateway.seen.filter(({ target }) => target.startsWith(reports))).toEqual([])
  })
})

describe('refusals and failures', () => {
  it('the vendor’s refusal is its own reply, and the log has it', async () => {
    const reply = await pass(`${reports}/nothing`, { headers: { accept: 'application/json' } })
    expect(reply.status).toBe(404)
    expect(reply.headers['elements-hop']).toBe('provider')
    expect(JSON.parse(reply.body.toString()).Error.Message).toEqual(expect.any(String))
    const usage = `${product.url}/usage/${String(reply.headers['elements-request-id'])}`
    await expect
      .poll(async () => (await ask(usage, { headers: platform(product.admin) })).status, { timeout: 10_000 })
      .toBe(200)
    const logged = await ask(usage, { headers: platform(product.admin) })
    expect(JSON.stringify(logged.json)).toContain(`${reports}/nothing`)
  })

  it('an ended token is renewed and the call sent again, a write too', async () => {
    await sandbox.faults({ fault: 'expire-tokens', value: 0, times: 1 })
    const made = await pass(reports, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"Name":"Once"}',
    })
    expect(made.status, made.body.toString()).toBe(200)
    expect(gateway.seen.filter(({ target }) => target === reports)).toHaveLength(2)
  })

  it('a failure is tried again only where a second time does no harm; the last reply stands', async () => {
    for (const [method, attempts] of [
      ['GET', 4],
      ['PUT', 4],
      ['POST', 1],
      ['PATCH', 1],
      ['DELETE', 1],
    ] as const) {
      gateway.seen.length = 0
      gateway.answer('/busy', (_incoming, response) => {
        response.writeHead(503, { 'retry-after': '0', 'content-type': 'text/plain' }).end('maintenance')
      })
      const reply = await pass('/busy', { method })
      expect(reply.status).toBe(503)
      expect(reply.body.toString()).toBe('maintenance')
      expect(reply.headers['retry-after']).toBe('0')
      expect(gateway.seen, method).toHaveLength(attempts)
    }
  })

  it('a rate limit is waited for, even by a write', async () => {
    await sandbox.faults({ fault: 'rate-limit', value: 0, times: 2 })
    const made = await pass(reports, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"Name":"Patient"}',
    })
    expect(made.status, made.body.toString()).toBe(200)
  })

  it('a broken connection is our own error', async () => {
    gateway.answer('/cut', (_incoming, response) => response.destroy())
    const reply = await pass('/cut', { method: 'POST', body: 'x' })
    expect(reply.status).toBe(502)
    expect(reply.headers['elements-hop']).toBeUndefined()
    expect(JSON.parse(reply.body.toString())).toMatchObject({ code: 'provider-unreachable', hop: 'network' })
  })
})
