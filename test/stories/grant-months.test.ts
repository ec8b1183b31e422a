import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { codeFor, companyInstance, connected, legacyInstance, post, userInstance } from '../support/grants.ts'
import { configuration } from '../support/instances.ts'
import { type Member, type Product, startProduct } from '../support/product.ts'
import { type Controls, controlsOf } from '../support/sandbox.ts'
import { openWorker, type TestWorker } from '../support/worker.ts'

let product: Product
let member: Member
let sandbox: Controls
let worker: TestWorker

const minute = 60
const day = 86_400

beforeAll(async () => {
  product = await startProduct()
  member = product.admin
  sandbox = controlsOf(product)
  worker = await openWorker(product)
})
afterAll(async () => {
  await worker?.close()
  await product?.close()
})
beforeEach(() => sandbox.reset())

/** The renewals of what is due now. */
const renewals = async (): Promise<Readonly<Record<string, number>>> =>
  (await sandbox.during(() => worker.drain())).grants

/** Ten minutes before the end of an hour. */
const late = { renewed: -50 * minute, expires: 10 * minute }

describe.each([
  ['a person’s', () => userInstance(product, member)],
  ['a company’s', () => companyInstance(product, member)],
])('%s grant', (_title, make) => {
  it('is due before its token ends', async () => {
    const { due, used } = await worker.grant(await make())
    expect(due).toBeGreaterThan(44 * minute)
    expect(due).toBeLessThan(48 * minute)
    expect(used).toBeNull()
  })

  it('that was used is renewed ahead, once, and the next call finds the new token', async () => {
    const instance = await make()
    expect((await instance.reports()).status).toBe(200)
    await worker.age(instance, late)
    const before = await worker.grant(instance)
    expect(before.used).not.toBeNull()
    expect(await renewals()).toEqual({ refresh_token: 1 })
    expect(await worker.grant(instance)).toMatchObject({
      ...{ version: before.version + 1, used: null, attempts: 0, state: 'ok' },
    })
    const { grants, requests } = await sandbox.during(async () => {
      expect((await instance.reports()).status).toBe(200)
    })
    expect([grants, requests.length]).toEqual([{}, 1])
    await worker.age(instance, late)
    expect(await renewals()).toEqual({ refresh_token: 1 })
  })

  it('that nobody used is left alone until a sixth of its life, and then kept alive', async () => {
    const instance = await make()
    await worker.age(instance, late)
    expect(await renewals()).toEqual({})
    expect((await worker.grant(instance)).due).toBeGreaterThan(29 * day)
    await worker.age(instance, { renewed: -31 * day, expires: -30 * day, refreshExpires: 151 * day })
    expect(await renewals()).toEqual({ refresh_token: 1 })
    const kept = await worker.grant(instance)
    expect(kept.refreshExpires).toBeGreaterThan(179 * day)
    expect(kept.due).toBeLessThan(48 * minute)
  })
})

describe('a grant whose end is near', () => {
  it('is told once, shown as expiring, works on, and is well again when it is renewed', async () => {
    const instance = await userInstance(product, member)
    const near = { renewed: -169 * day, expires: 10 * minute, refreshExpires: 13 * day }
    await sandbox.faults({ fault: 'oauth-error', value: 134 })
    for (let round = 0; round < 3; round++) {
      await worker.age(instance, round === 0 ? near : {})
      expect(await renewals()).toEqual({ refresh_token: 1 })
    }
    expect(await worker.notices(instance)).toMatchObject([
      { kind: 'expiring', principal: 'user', endsAt: expect.any(Date), reason: null, deliveredAt: null },
    ])
    expect((await instance.show()).json).toMatchObject({
      valid: true,
      authentication: [{ state: 'expiring' }],
    })
    expect((await instance.reports()).status).toBe(200)
    await sandbox.faults()
    await worker.age(instance)
    await worker.drain()
    expect((await instance.show()).json).toMatchObject({ valid: true, authentication: [{ state: 'ok' }] })
    expect(await worker.notices(instance)).toHaveLength(1)
  })

  it('without any refresh token is told before its end, and of its end', async () => {
    await sandbox.faults({ fault: 'legacy-no-refresh' })
    const instance = await legacyInstance(product, member)
    expect((await worker.grant(instance)).due).toBeGreaterThan(350 * day)
    await worker.age(instance, { renewed: -352 * day, expires: 13 * day })
    await worker.drain()
    expect(await worker.notices(instance)).toMatchObject([{ kind: 'expiring' }])
    expect((await worker.grant(instance)).due).toBeGreaterThan(12 * day)
    await worker.age(instance, { expires: -1 })
    await worker.drain()
    expect(await worker.notices(instance)).toMatchObject([
      { kind: 'expiring' },
      { kind: 'needs-reconnect', reason: expect.stringContaining('gave none to renew it with') },
    ])
    expect(await worker.grant(instance)).toMatchObject({ state: 'needs-reconnect', due: null })
    expect((await instance.show()).json.valid).toBe(false)
  })
})

describe('a grant that ends', () => {
  it('while nobody looks is told once, and a call then asks nobody', async () => {
    const instance = await companyInstance(product, member)
    await sandbox.revoke({ company: 'us2' })
    await worker.age(instance, { renewed: -31 * day, expires: -30 * day, refreshExpires: 151 * day })
    expect(await renewals()).toEqual({ refresh_token: 1 })
    const told = await worker.notices(instance)
    expect(told).toMatchObject([{ kind: 'needs-reconnect', principal: 'company' }])
    expect(told[0]?.reason).toMatch(/code 108.*concur\.company\.request\.token/)
    const { requests } = await sandbox.during(async () => {
      expect((await instance.reports()).json).toMatchObject({
        code: 'needs-reconnect',
        message: told[0]?.reason,
      })
    })
    expect(requests).toEqual([])
    await worker.drain()
    expect(await worker.notices(instance)).toHaveLength(1)
  })

  it('under many calls at once is told once, and again when it breaks again', async () => {
    const instance = await userInstance(product, member)
    for (const round of [1, 2]) {
      await sandbox.revoke()
      await sandbox.endTokens()
      const replies = await Promise.all(Array.from({ length: 20 }, () => instance.reports()))
      expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([401]))
      expect(await worker.notices(instance)).toHaveLength(round)
      const code = await codeFor(product, member)
      expect((await instance.patch({ providerData: { code } })).json.valid).toBe(true)
    }
  })

  it.each([
    ['a person’s', () => userInstance(product, member)],
    ['a company’s', () => companyInstance(product, member)],
  ])(
    'because six months passed without a renewal says so, in a call and in the background: %s',
    async (...row) => {
      const [, make] = row
      const [called, left] = [await make(), await make()]
      await sandbox.addSeconds(183 * day)
      const reply = await called.reports()
      expect(reply.json).toMatchObject({
        code: 'needs-reconnect',
        providerMessage: expect.stringContaining('108'),
      })
      await worker.age(left, { renewed: -183 * day, expires: -182 * day, refreshExpires: -1 * day })
      const lapsed = (await left.show()).json
      expect(lapsed).toMatchObject({ valid: false, authentication: [{ state: 'needs-reconnect' }] })
      expect(lapsed.authentication[0].reason).toContain('not been renewed in time')
      await worker.drain()
      expect((await left.show()).json.authentication[0].reason).toContain('code 108')
    },
  )

  it('never, when it is kept alive for two years', async () => {
    const instance = await userInstance(product, member)
    for (let month = 0; month < 24; month++) {
      await sandbox.addSeconds(31 * day)
      await worker.age(instance, { renewed: -31 * day, expires: -30 * day, refreshExpires: 150 * day })
      await worker.drain()
    }
    expect((await instance.show()).json.valid).toBe(true)
    expect((await instance.reports()).status).toBe(200)
    expect(await worker.notices(instance)).toEqual([])
  })
})

describe('a renewal in the background that fails', () => {
  it.each([
    ['a failure', { fault: 'server-error', value: 500, operation: 'oauth.token' }],
    ['a refusal that may pass', { fault: 'oauth-error', value: 14 }],
    ['a cut connection', { fault: 'cut-connection', value: 'before', operation: 'oauth.token' }],
  ])('is tried again later and later: %s', async (_title, fault) => {
    const instance = await userInstance(product, member)
    await instance.reports()
    await worker.age(instance, late)
    await sandbox.faults(fault)
    for (const pause of [60, 120, 240]) {
      await worker.drain()
      const { due, state } = await worker.grant(instance)
      expect(state).toBe('ok')
      expect(due).toBeGreaterThan(pause - 10)
      expect(due).toBeLessThanOrEqual(pause)
      await worker.age(instance)
    }
    await sandbox.faults()
    expect(await renewals()).toEqual({ refresh_token: 1 })
    expect(await worker.grant(instance)).toMatchObject({ state: 'ok', attempts: 0 })
  })

  it('leaves a grant whose instance is gone alone', async () => {
    const instance = await userInstance(product, member)
    await worker.age(instance, late)
    await instance.remove({ revoke: 'false' })
    expect(await renewals()).toEqual({})
  })
})

describe('the end of a refresh token', () => {
  it.each([
    ['absent', 180],
    ['string', 182],
    ['number', 182],
  ])('is read from the reply, told as: %s', async (value, days) => {
    await sandbox.faults({ fault: 'refresh-expires-in', value }, { fault: 'expires-in-number' })
    const instance = connected(
      product,
      member,
      await post(product, member, { configuration, providerData: { code: await codeFor(product, member) } }),
    )
    const ends = async () => {
      const [grant] = (await instance.show()).json.authentication
      return (Date.parse(grant.refreshExpiresAt) - Date.now()) / (day * 1000)
    }
    expect(await ends()).toBeCloseTo(days, 1)
    await worker.age(instance, { refreshExpires: 100 * day })
    expect(await ends()).toBeCloseTo(100, 1)
    await worker.age(instance, { ...late, used: -1 })
    await worker.drain()
    expect(await ends()).toBeCloseTo(days, 1)
  })

  it('is not known in the deprecated framework, which ends none', async () => {
    const instance = await legacyInstance(product, member)
    expect((await instance.show()).json.authentication[0].refreshExpiresAt).toBeNull()
    await worker.age(instance, { renewed: -300 * day, expires: 65 * day })
    expect(await renewals()).toEqual({ legacy_refresh: 1 })
  })
})
