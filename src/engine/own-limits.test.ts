import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { expect, it } from 'vitest'
import type { JsonObject } from '#src/lib/json.ts'
import { apples, onSmallVendor, type Received } from '../../test/support/small-vendor.ts'
import type { Connection, OwnLimits } from './connection.ts'

const { vendor, engine, connect } = await onSmallVendor()

const orchard = apples({
  verbs: { search: { method: 'GET', path: '/apples', rows: 'list' } },
  page: { kind: 'cursor', next: 'next', cursorParam: 'from', sizeParam: 'size', maxSize: 2 },
})

/** One apple a page. */
const pages =
  (count: number) =>
  ({ query }: Received) => {
    const from = Number(query.find(([name]) => name === 'from')?.[1] ?? '0')
    return { body: { list: [{ ID: `a${from}` }], ...(from + 1 < count ? { next: String(from + 1) } : {}) } }
  }

const limits = (more: Partial<OwnLimits> = {}): OwnLimits => ({
  maxCalls: 1_000,
  maxSeconds: 20,
  startedAtMs: Date.now(),
  callSeconds: () => 20,
  ...more,
})

const readAll = async (connection: Connection): Promise<number> => {
  let count = 0
  for await (const rows of engine.each(connection, orchard, {})) count += (rows as JsonObject[]).length
  return count
}

it('lets a listing that nobody waits for cost more than a hub call may, up to limits of its own', async () => {
  vendor.answer(pages(70))
  const { connection } = connect(orchard)
  await expect(readAll(connection)).rejects.toMatchObject({ code: 'query-too-broad' })
  expect(await readAll({ ...connection, ownLimits: limits() })).toBe(70)
  const some = { ...connection, ownLimits: limits({ maxCalls: 60 }) }
  await expect(readAll(some)).rejects.toMatchObject({
    code: 'query-too-broad',
    message: expect.stringContaining('more than 60 calls or 20 s'),
  })
})

it('ends a vendor call that hangs long before all of its time is over', async () => {
  const silent = createServer(() => undefined).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const { port } = silent.address() as AddressInfo
  const { connection } = connect(orchard)
  const access = {
    authorization: 'Bearer x',
    baseUrl: `http://127.0.0.1:${port}`,
    version: 1,
    isAsked: true,
  }
  const beganAt = performance.now()
  await expect(
    readAll({
      ...connection,
      tokensOf: () => ({
        current: () => access,
        renew: () => Promise.resolve(null),
        uselessFor: () => undefined,
      }),
      ownLimits: limits({ callSeconds: () => 0.5 }),
    }),
  ).rejects.toMatchObject({ code: 'provider-timeout' })
  expect(performance.now() - beganAt).toBeLessThan(5_000)
  silent.close()
})
