import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '#src/store/index.ts'
import { type Answer, ask, connect, hub } from '../support/client.ts'
import { type Product, type Served, serveBeside, startProduct } from '../support/product.ts'

let product: Product
let other: Served
let db: Database

beforeAll(async () => {
  product = await startProduct()
  other = await serveBeside(product, {})
  db = await openDatabase(
    { connectionString: product.config.databaseUrl ?? '' },
    { maxConnections: 1, connectTimeoutMs: 5000 },
  )
})
afterAll(async () => {
  await db?.close()
  await other?.stop()
  await product?.close()
})
beforeEach(async () => {
  await faults()
})

const operation = 'oauth.token'
const rotate = { fault: 'rotate-refresh', value: 'kill-old' }

const faults = (...list: readonly object[]) =>
  ask(`${product.sandbox.url}/sandbox/faults`, { method: 'PUT', body: list })

const tokenCalls = async (): Promise<number> => {
  const { json } = await ask(`${product.sandbox.url}/sandbox/calls`)
  return json.operations[operation] ?? 0
}

const endTokens = () => ask(`${product.sandbox.url}/sandbox/clock`, { body: { addSeconds: 3_700 } })
const run = (text: string): Promise<unknown> => db.query({ text, values: [] })

type Read = (at?: { readonly url: string }) => Promise<Answer>

const fresh = async (): Promise<Read> => {
  const made = await connect(product, product.admin)
  const headers = hub(product.admin, made.json.token)
  return (at = product) => ask(`${at.url}/reports`, { headers, query: { pageSize: '1' } })
}

/** The database refuses the first `count` grants that are to be stored. */
const refuseToStore = (count: number) =>
  run(`create sequence refused;
    create function refuse() returns trigger language plpgsql as
      $$ begin if nextval('refused') <= ${count} then raise exception 'no room'; end if; return new; end $$;
    create trigger refuse before update of sealed on grants for each row execute function refuse()`)
const storeAgain = () => run('drop trigger refuse on grants; drop function refuse; drop sequence refused')

describe('a renewal that one process could not store', () => {
  it('is stored without another call, and another process that waits for it goes on', async () => {
    const read = await fresh()
    expect((await read(other)).status).toBe(200)
    await endTokens()
    await faults(rotate)
    await refuseToStore(2)
    const before = await tokenCalls()
    expect((await read()).status).toBe(500)
    expect((await read(other)).status).toBe(200)
    await storeAgain()
    expect(await tokenCalls()).toBe(before + 1)
    expect((await read()).status).toBe(200)
  })
})

describe('a renewal whose reply was lost with the refresh token before it', () => {
  /** The reply is cut off after the vendor has changed the token. */
  const loseReply = async (read: Read): Promise<void> => {
    await endTokens()
    await faults(rotate, { fault: 'cut-connection', operation, value: 'after', times: 1 })
    expect((await read()).status).toBe(502)
  }

  it('is told as the likely reason', async () => {
    const read = await fresh()
    await loseReply(read)
    const reply = await read(other)
    expect(reply.json.code).toBe('needs-reconnect')
    expect(reply.json.message).toContain('was cut off before its reply could be stored')
  })

  it('is remembered over refusals that pass, which say nothing of it', async () => {
    const read = await fresh()
    await loseReply(read)
    await faults(rotate, { fault: 'oauth-error', value: 134, times: 1 })
    expect((await read()).json.code).toBe('provider-failed')
    const reply = await read(other)
    expect(reply.json.code).toBe('needs-reconnect')
    expect(reply.json.message).toContain('was cut off before its reply could be stored')
  })

  it('is forgotten when a later one is stored', async () => {
    const read = await fresh()
    await endTokens()
    await faults({ fault: 'cut-connection', operation, value: 'before', times: 1 })
    expect((await read()).status).toBe(502)
    expect((await read(other)).status).toBe(200)
    await endTokens()
    await faults({ fault: 'oauth-error', value: 108, times: 1 })
    const reply = await read()
    expect(reply.json.code).toBe('needs-reconnect')
    expect(reply.json.message).not.toContain('cut off')
  })
})
