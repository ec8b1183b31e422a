import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '#src/store/index.ts'
import { type Answer, ask, connect, hub, platform } from '../support/client.ts'
import { type Product, startProduct } from '../support/product.ts'

let product: Product
let db: Database

beforeAll(async () => {
  product = await startProduct()
  db = await openDatabase(
    { connectionString: product.config.databaseUrl ?? '' },
    { maxConnections: 1, connectTimeoutMs: 5000 },
  )
})
afterAll(async () => {
  await db?.close()
  await product?.close()
})
beforeEach(async () => {
  await ask(`${product.sandbox.url}/sandbox/faults`, { method: 'DELETE' })
})

const operation = 'oauth.token'
const rotate = { fault: 'rotate-refresh', value: 'kill-old' }

const faults = (...list: readonly object[]) =>
  ask(`${product.sandbox.url}/sandbox/faults`, { method: 'PUT', body: list })

const tokenCalls = async (): Promise<number> => {
  const { json } = await ask(`${product.sandbox.url}/sandbox/calls`)
  return json.operations[operation] ?? 0
}

/** Every access token of the sandbox ends. */
const endTokens = () => ask(`${product.sandbox.url}/sandbox/clock`, { body: { addSeconds: 3_700 } })

interface Opened {
  readonly id: number
  readonly headers: Record<string, string>
}

const fresh = async (login?: string): Promise<Opened> => {
  const made = await connect(product, product.admin, login === undefined ? {} : { login })
  expect(made.status, made.text).toBe(200)
  return { id: made.json.id, headers: hub(product.admin, made.json.token) }
}

const reports = ({ headers }: Opened, where?: string): Promise<Answer> =>
  ask(`${product.url}/reports`, {
    headers,
    query: { pageSize: '1', ...(where === undefined ? {} : { where }) },
  })

const shown = ({ id }: Opened): Promise<Answer> =>
  ask(`${product.url}/instances/${id}`, { headers: platform(product.admin) })

const vendorErrors = async ({ id }: Opened): Promise<readonly string[]> => {
  await product.context.requestLog.flush()
  const rows = await db.query<{ calls: readonly { error?: string | null }[] }>({
    text: 'select vendor_calls as calls from request_log where instance_id = $1',
    values: [id],
  })
  return rows.flatMap(({ calls }) => calls.flatMap(({ error }) => error ?? []))
}

const run = (text: string): Promise<unknown> => db.query({ text, values: [] })

describe('a renewal that cannot be stored', () => {
  it('is stored by a later call, with the refresh token that the vendor gave last', async () => {
    const instance = await fresh()
    await faults(rotate)
    await run(`create function refuse() returns trigger language plpgsql as
      $$ begin raise exception 'no room'; end $$;
      create trigger refuse before update of sealed on grants for each row execute function refuse()`)
    await endTokens()
    expect((await reports(instance)).status).toBe(500)
    const before = await tokenCalls()
    expect((await reports(instance)).status).toBe(500)
    await run('drop trigger refuse on grants; drop function refuse')
    expect((await reports(instance)).status).toBe(200)
    expect(await tokenCalls()).toBe(before)
    await endTokens()
    expect((await reports(instance)).status).toBe(200)
    expect((await shown(instance)).json.valid).toBe(true)
  })
})

describe('a renewal that names a foreign host', () => {
  it('keeps the tokens and the former host, and leaves a note in the request log', async () => {
    const instance = await fresh()
    await faults(rotate, { fault: 'hostile-geolocation', value: 'https://evil.example', times: 1 })
    await endTokens()
    expect((await reports(instance)).status).toBe(200)
    expect(await vendorErrors(instance)).toEqual(['foreign-base-url'])
    await endTokens()
    expect((await reports(instance)).status).toBe(200)
  })

  it('sends no token of the sandbox to the real vendor', async () => {
    const value = 'https://us2.api.concursolutions.com'
    const instance = await fresh()
    await faults({ fault: 'hostile-geolocation', value, times: 1 })
    await endTokens()
    expect((await reports(instance)).status).toBe(200)
    await faults({ fault: 'hostile-geolocation', value, times: 1 })
    const refused = await connect(product, product.admin)
    expect(refused.status).toBe(400)
    expect(refused.json.message).toContain('not its own')
  })
})

describe('a refused renewal', () => {
  it.each([
    [
      'a rate limit told as 400',
      { fault: 'rate-limit-400', operation, times: 4 },
      429,
      'provider-rate-limited',
    ],
    ['scheduled maintenance', { fault: 'oauth-error', value: 134, times: 1 }, 502, 'provider-failed'],
    ['a locked account', { fault: 'oauth-error', value: 14, times: 1 }, 502, 'provider-failed'],
    ['a wrong secret', { fault: 'oauth-error', value: 64, times: 1 }, 502, 'provider-failed'],
    [
      'another data centre that is not the vendor',
      { fault: 'wrong-geolocation', value: 'https://evil.example', times: 1 },
      502,
      'provider-failed',
    ],
  ] as const)('that may pass is told and ends nothing: %s', async (_title, fault, status, code) => {
    const instance = await fresh()
    await faults(fault)
    await endTokens()
    const reply = await reports(instance)
    expect(reply.status, reply.text).toBe(status)
    expect(reply.json).toMatchObject({ code, hop: 'provider', retryable: true })
    expect((await shown(instance)).json.valid).toBe(true)
    expect((await reports(instance)).status).toBe(200)
  })

  it.each([10, 11, 105, 107, 108, 123])('that is final ends the connection: code %i', async (value) => {
    const instance = await fresh()
    await faults({ fault: 'oauth-error', value, times: 1 })
    await endTokens()
    const reply = await reports(instance)
    expect(reply.json).toMatchObject({ code: 'needs-reconnect', retryable: false })
    expect((await shown(instance)).json.valid).toBe(false)
  })

  it("is sent once more to the vendor's other data centre, when it names one", async () => {
    const instance = await fresh()
    await faults({ fault: 'wrong-geolocation', value: product.sandbox.url, times: 1 })
    await endTokens()
    const before = await tokenCalls()
    expect((await reports(instance)).status).toBe(200)
    expect(await tokenCalls()).toBe(before + 2)
    await faults({ fault: 'wrong-geolocation', value: product.sandbox.url })
    await endTokens()
    expect((await reports(instance)).status).toBe(502)
    expect(await tokenCalls()).toBe(before + 4)
  })

  it('says the same, with the words and the correlation id of the vendor, each time', async () => {
    const instance = await fresh()
    await faults({ fault: 'oauth-error', value: 108, times: 1 })
    await endTokens()
    const first = await reports(instance)
    const second = await reports(instance)
    expect(first.status).toBe(401)
    expect(first.json.providerCorrelationId).toMatch(/\w/)
    const { requestId: _one, ...told } = first.json
    const { requestId: _two, ...toldAgain } = second.json
    expect(toldAgain).toEqual(told)
    const stored = await db.query({
      text: 'select provider_message as words, provider_correlation_id as id from grants where instance_id = $1',
      values: [instance.id],
    })
    expect(stored).toEqual([{ words: told.providerMessage, id: told.providerCorrelationId }])
  })

  it('is forgotten when another process has renewed', async () => {
    const instance = await fresh()
    await faults({ fault: 'oauth-error', value: 108, times: 1 })
    await endTokens()
    expect((await reports(instance)).status).toBe(401)
    await run("update grants set state = 'ok', reason = null, version = version + 1")
    await expect.poll(async () => (await reports(instance)).status, { timeout: 10_000 }).toBe(200)
  })
})

describe('a renewal that nobody heard of', () => {
  it('of the very same token, which has ended since, is followed by one of our own', async () => {
    const instance = await fresh()
    expect((await reports(instance)).status).toBe(200)
    // As a process leaves it that dies between storing a token that lives longer and telling the others.
    await run(`update grants set version = version + 1 where instance_id = ${instance.id}`)
    await endTokens()
    const before = await tokenCalls()
    expect((await reports(instance)).status).toBe(200)
    expect(await tokenCalls()).toBe(before + 1)
  })
})

describe('a renewal during which the instance changes', () => {
  it('is the only one, and all calls go on', async () => {
    const instance = await fresh()
    await endTokens()
    await faults(rotate, { fault: 'slow-body', operation, value: 1_000, times: 1 })
    const before = await tokenCalls()
    const slow = reports(instance)
    await expect.poll(tokenCalls).toBe(before + 1)
    const changed = await ask(`${product.url}/instances/${instance.id}`, {
      method: 'PATCH',
      headers: platform(product.admin),
      body: { name: 'Renamed' },
    })
    expect(changed.status).toBe(200)
    const meanwhile = await reports(instance)
    expect([(await slow).status, meanwhile.status, (await reports(instance)).status]).toEqual([200, 200, 200])
    expect(await tokenCalls()).toBe(before + 1)
  })
})

describe('refusals that are about permission', () => {
  const somebody = async (): Promise<string> => {
    const people = await ask(`${product.url}/users`, {
      headers: (await fresh()).headers,
      query: { where: "active='true'", pageSize: '5' },
    })
    return people.json.find((row: { LoginID: string }) => row.LoginID !== 'admin@sandbox.example').LoginID
  }
  const forbidden = (day: number): string =>
    `user='ALL' and CreateDate >= '2026-01-${String(day).padStart(2, '0')}T00:00:00Z'`

  it('do not keep an ended token from being renewed', async () => {
    const instance = await fresh(await somebody())
    for (const day of [1, 2, 3, 4]) expect((await reports(instance, forbidden(day))).status).toBe(403)
    await endTokens()
    expect((await reports(instance)).status).toBe(200)
  })

  it('cost few renewals, however many queries they are about', async () => {
    const instance = await fresh(await somebody())
    const before = await tokenCalls()
    for (let day = 1; day <= 28; day++) expect((await reports(instance, forbidden(day))).status).toBe(403)
    expect(await tokenCalls()).toBeLessThan(before + 14)
    const between = await tokenCalls()
    for (const day of [1, 2, 1, 2, 1, 2]) expect((await reports(instance, forbidden(day))).status).toBe(403)
    expect(await tokenCalls()).toBe(between)
  })

  it('told as 401 are always answered by a renewal', async () => {
    const instance = await fresh(await somebody())
    for (let day = 1; day <= 28; day++) await reports(instance, forbidden(day))
    await faults({ fault: 'denied-status', value: 401 })
    await endTokens()
    expect((await reports(instance)).status).toBe(200)
  })
})

describe('a token address that is busy', () => {
  it.each([
    ['429', { fault: 'rate-limit', operation, value: 1, times: 1 }],
    ['a rate limit told as 400', { fault: 'rate-limit-400', operation, times: 1 }],
    ['503', { fault: 'server-error', operation, value: 503, times: 1 }],
  ])('is asked again within the call: %s', async (_title, fault) => {
    const instance = await fresh()
    await faults(fault)
    await endTokens()
    expect((await reports(instance)).status).toBe(200)
  })

  it('for longer than a call may take is told as a rate limit, with the time to wait', async () => {
    const instance = await fresh()
    await faults({ fault: 'rate-limit', operation, value: 120 })
    await endTokens()
    const before = await tokenCalls()
    const reply = await reports(instance)
    expect(reply.status).toBe(429)
    expect(reply.json).toMatchObject({ code: 'provider-rate-limited', hop: 'provider', retryable: true })
    expect(reply.headers['retry-after']).toBe('120')
    expect(await tokenCalls()).toBe(before + 1)
    const refused = await connect(product, product.admin)
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, '120'])
    await faults()
    expect((await reports(instance)).status).toBe(200)
  })

  it('is not asked again when it may have done what it was asked', async () => {
    const instance = await fresh()
    await faults({ fault: 'server-error', operation, value: 500, times: 1 })
    await endTokens()
    const before = await tokenCalls()
    expect((await reports(instance)).status).toBe(502)
    expect(await tokenCalls()).toBe(before + 1)
    expect((await reports(instance)).status).toBe(200)
  })
})
