import { afterAll, beforeAll, expect, it } from 'vitest'
import { openStorage } from '#src/main/context.ts'
import { createKeyRotation } from '#src/services/index.ts'
import { type Answer, ask, connect, hub, platform } from '../support/client.ts'
import { newInstance } from '../support/instances.ts'
import { keyText } from '../support/keys.ts'
import { configBeside, type Product, type Served, serveBeside, startProduct } from '../support/product.ts'

const [k1, k2] = [keyText('k1'), keyText('k2')]
/** However slow the machine: enough of both, and not for ever. */
const wanted = 60
const mostMs = 60_000
let product: Product
let beside: Served

beforeAll(async () => {
  product = await startProduct({ environment: { ENCRYPTION_KEYS: `${k1},${k2}` } })
  // As on a machine where the new order of keys has arrived already.
  beside = await serveBeside(product, { ENCRYPTION_KEYS: `${k2},${k1}` })
})
afterAll(async () => {
  await beside?.stop()
  await product?.close()
})

const reports = (url: string, token: string, nextPage?: string): Promise<Answer> =>
  ask(`${url}/reports`, {
    headers: hub(product.admin, token),
    query: { pageSize: '1', ...(nextPage === undefined ? {} : { nextPage }) },
  })

interface Progress {
  resealed: number
  readonly statuses: Map<number, number>
  readonly isOver: () => boolean
}

/** Rotates to and fro while the calls go on. */
const rotateToAndFro = async (progress: Progress): Promise<void> => {
  for (let round = 0; !progress.isOver(); round++) {
    const keys = round % 2 === 0 ? `${k2},${k1}` : `${k1},${k2}`
    const config = configBeside(product, { ENCRYPTION_KEYS: keys })
    const storage = await openStorage(
      config,
      (_step, step) => step(),
      () => undefined,
    )
    const end = await createKeyRotation(storage).rotate({
      // The processes go on sealing with both keys, so that no rotation comes to an end by itself.
      signal: AbortSignal.timeout(400),
      onProgress: () => undefined,
      batchRows: 1,
    })
    await storage.close()
    progress.resealed += end.resealed
  }
}

it('fails no call and loses no token while every call renews and rotations run to and fro', async () => {
  const tokens: string[] = []
  for (let at = 0; at < 6; at++) tokens.push((await connect(product, product.admin)).json.token)
  const places = tokens.map((token, at) => ({ token, url: at % 2 === 0 ? product.url : beside.url }))
  // Shorter than the time that a token is renewed ahead of its end: each call renews, and each old token dies.
  await ask(`${product.sandbox.url}/sandbox/faults`, {
    method: 'PUT',
    body: [
      { fault: 'expire-tokens', value: 30 },
      { fault: 'rotate-refresh', value: 'kill-old' },
    ],
  })
  await ask(`${product.sandbox.url}/sandbox/clock`, { body: { addSeconds: 3_700 } })
  const tokenCalls = async (): Promise<number> =>
    (await ask(`${product.sandbox.url}/sandbox/calls`)).json.operations['oauth.token'] ?? 0
  const before = await tokenCalls()
  const endMs = Date.now() + mostMs
  const statuses = new Map<number, number>()
  const progress: Progress = {
    resealed: 0,
    statuses,
    isOver: () => Date.now() > endMs || (progress.resealed > wanted && (statuses.get(200) ?? 0) > 2 * wanted),
  }
  const callToTheEnd = async ({ url, token }: { url: string; token: string }): Promise<void> => {
    while (!progress.isOver()) {
      const { status } = await reports(url, token)
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
    }
  }
  await Promise.all([rotateToAndFro(progress), ...places.map(callToTheEnd)])
  const renewals = (await tokenCalls()) - before
  process.stdout.write(
    `${progress.resealed} values sealed anew during ${statuses.get(200)} calls with ${renewals} renewals\n`,
  )
  expect([...statuses.keys()]).toEqual([200])
  expect(progress.resealed).toBeGreaterThan(wanted)
  expect(renewals).toBeGreaterThan(wanted)
  const fresh = await serveBeside(product, { ENCRYPTION_KEYS: `${k1},${k2}` })
  for (const { token } of places) expect((await reports(fresh.url, token)).status).toBe(200)
  await fresh.stop()
}, 120_000)

it('keeps page tokens good on processes that have the same keys in another order', async () => {
  await ask(`${product.sandbox.url}/sandbox/faults`, { method: 'DELETE' })
  const { json } = await connect(product, product.admin)
  let url = product.url
  const seen = new Set<string>()
  let nextPage: string | undefined
  for (let page = 0; page < 4; page++) {
    const reply = await reports(url, json.token, nextPage)
    expect(reply.status, reply.text).toBe(200)
    seen.add(reply.json[0].ID)
    nextPage = String(reply.headers['elements-next-page-token'])
    url = url === product.url ? beside.url : product.url
  }
  expect(seen.size).toBe(4)
})

it('takes a code whose consent was asked for when another key was the first', async () => {
  const { json, status, text } = await ask(`${beside.url}/instances`, {
    headers: platform(product.admin),
    body: await newInstance(product, product.admin),
  })
  expect(status, text).toBe(200)
  expect((await reports(product.url, json.token)).status).toBe(200)
})
