import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { JobReply } from '#src/contract/index.ts'
import { type AskOptions, ask, hub, platform } from '../support/client.ts'
import { type Connected, userInstance } from '../support/grants.ts'
import { three } from '../support/instances.ts'
import { type Later, openLater } from '../support/later.ts'
import { type Member, type Product, startProduct } from '../support/product.ts'
import { controlsOf } from '../support/sandbox.ts'

let product: Product
let member: Member
let instance: Connected
let later: Later

beforeAll(async () => {
  product = await startProduct()
  member = product.admin
  instance = await userInstance(product, member)
  later = await openLater(product)
})
afterAll(async () => {
  await later?.close()
  await product?.close()
})

const nightly = '0 0 3 * * ?'

const schedule = (path: string, headers: Record<string, string>, options: AskOptions = {}) =>
  ask(`${product.url}${path}`, {
    ...options,
    headers: { 'Elements-Schedule-Request': nightly, ...headers },
  })

const runs = async (id: string) => (await later.jobs(member, `/${id}/history`)).json

describe('Elements-Schedule-Request', () => {
  it('12/2 makes a job of a hub call, which runs with the Element token and not before', async () => {
    const Name = `By night ${Date.now()}`
    const { operations } = await controlsOf(product).during(async () => {
      const reply = await schedule('/hubs/expense/reports?a=b%20c', three(member, instance.token), {
        body: { Name, CurrencyCode: 'USD' },
      })
      expect(reply.status, reply.text).toBe(200)
      expect(JobReply.safeParse(reply.json).error).toBeUndefined()
      expect(reply.json).toMatchObject({
        ...{ name: 'POST /hubs/expense/reports', method: 'POST', trigger: { cron: nightly }, enabled: true },
        ...{ uri: '/elements/api-v2/hubs/expense/reports?a=b%20c', elementInstanceId: instance.id },
        body: { Name, CurrencyCode: 'USD' },
      })
      expect(reply.json.nextRunDate).toMatch(/T03:00:00\.000Z$/)
      expect(reply.json.headers).toEqual({ 'content-type': 'application/json' })
      expect((await later.jobs(member, `/${reply.json.id}`)).json).toEqual(reply.json)
    })
    expect(operations).toEqual({})
    const [{ id }] = (await later.jobs(member)).json
    await later.run(id)
    expect(await runs(id)).toMatchObject([{ status: 200 }])
    const found = await instance.call('/reports', { query: { where: `Name = '${Name}'` } })
    expect(found.json).toHaveLength(1)
  })

  it('makes one of a bare path, of a deletion, and of a platform call', async () => {
    const bare = await schedule('/reports', hub(member, instance.token))
    expect(bare.json).toMatchObject({ method: 'GET', elementInstanceId: instance.id })
    const removal = await schedule('/expenses/none', hub(member, instance.token), { method: 'DELETE' })
    expect(removal.json).toMatchObject({ method: 'DELETE', elementInstanceId: instance.id })
    const own = await schedule('/organizations/me', platform(member))
    expect(own.json).not.toHaveProperty('elementInstanceId')
    const byToken = await schedule('/instances/configuration', three(member, instance.token))
    expect(byToken.json.elementInstanceId).toBe(instance.id)
    for (const [{ id }, status] of [
      [bare.json, 200],
      [removal.json, 404],
      [own.json, 200],
      [byToken.json, 200],
    ] as const) {
      await later.run(id)
      expect(await runs(id)).toMatchObject([{ status }])
    }
  })

  it('is refused as the call itself would be, and then nothing is stored', async () => {
    const before = (await later.jobs(member)).json.length
    for (const [path, headers, status] of [
      ['/reports', hub(member, 'dead'), 401],
      ['/reports', hub({ ...member, user: 'nobody' }, instance.token), 401],
      ['/organizations/me', {}, 401],
      ['/nothing/at/all', platform(member), 404],
      ['/organizations/me/x', platform(member), 404],
      ['/formulas', platform(member), 404],
      ['/authentication/secrets', { authorization: 'Bearer x' }, 400],
      ['/session', { 'amalgam-page': '1' }, 400],
    ] as const) {
      const reply = await schedule(path, headers)
      expect([path, reply.status]).toEqual([path, status])
    }
    const put = await schedule('/organizations/me', platform(member), { method: 'PUT', body: {} })
    expect(put.status).toBe(405)
    expect((await later.jobs(member)).json).toHaveLength(before)
  })

  it.each(['', 'nightly', '* * * * * ?', '0 0 3 * *'])('%j is refused with its name', async (cron) => {
    const reply = await schedule('/organizations/me', {
      ...platform(member),
      'Elements-Schedule-Request': cron,
    })
    expect([reply.status, reply.json.message]).toEqual([
      400,
      expect.stringMatching(/^Elements-Schedule-Request: /),
    ])
  })

  it('beside Elements-Async-Request makes a job whose runs tell their result', async () => {
    const headers = { ...hub(member, instance.token), 'Elements-Async-Request': 'true' }
    expect((await schedule('/reports', headers)).json.message).toMatch(
      /^Elements-Async-Callback-Url: missing/,
    )
    const reply = await schedule('/reports?pageSize=1', {
      ...headers,
      'Elements-Async-Callback-Url': 'http://127.0.0.1:9/result',
    })
    expect(reply.status, reply.text).toBe(200)
    await later.run(reply.json.id)
    expect(await runs(reply.json.id)).toMatchObject([{ status: 200 }])
    await later.drain()
    const [{ body } = { body: undefined }] = await later.sql<{ body: string }>(
      `select body from notifications where kind = 'async'`,
    )
    expect(JSON.parse(body ?? '{}').message).toMatchObject({ status: 200, response: [{}] })
  })
})

describe('an instance whose events are polled', () => {
  it('adds one job that names it, and that only its configuration changes', async () => {
    const owner = await product.addMember('Southeast', 'admin@southeast.example')
    const polled = await userInstance(product, owner)
    const set = async (more: Record<string, string>) => {
      const reply = await polled.patch({
        configuration: {
          ...{ 'event.notification.enabled': 'true', 'event.vendor.type': 'polling' },
          ...{ 'event.notification.callback.url': 'http://127.0.0.1:9/events', ...more },
        },
      })
      expect(reply.status, reply.text).toBe(200)
    }
    expect((await later.jobs(owner)).json).toEqual([])
    await set({ 'event.objects': 'reports,expenses', 'event.poller.refresh_interval': '15' })
    const [job, ...others] = (await later.jobs(owner)).json
    expect(others).toEqual([])
    expect(JobReply.safeParse(job).error).toBeUndefined()
    expect(job).toMatchObject({
      ...{ id: `instance-${polled.id}-events`, trigger: { cron: '0 0/15 * 1/1 * ? *' }, readOnly: true },
      ...{ enabled: true, elementInstanceId: polled.id, name: `Events of ${polled.made.json.name}` },
      description: expect.stringMatching(new RegExp(`expenses, reports of instance ${polled.id}\\b`)),
    })
    expect((await later.jobs(owner, `/${job.id}`)).json).toEqual(job)
    expect((await later.jobs(owner, `/${job.id}/history`)).json).toEqual([])
    for (const [path, method, body] of [
      ['', 'DELETE', undefined],
      ['/enable', 'PUT', undefined],
      ['/disable', 'PUT', undefined],
      ['/reschedule', 'PATCH', { trigger: { cron: nightly } }],
    ] as const) {
      const reply = await later.jobs(owner, `/${job.id}${path}`, { method, body })
      expect(reply.status).toBe(409)
      expect(reply.json.message).toMatch(`PATCH /instances/${polled.id}: event.notification.enabled`)
    }
    for (const path of [`/${job.id}`, `/${job.id}/history`])
      expect((await later.jobs(member, path)).status).toBe(404)
    await set({ 'event.objects': 'reports', 'event.poller.refresh_interval': '60' })
    expect((await later.jobs(owner)).json).toMatchObject([
      { id: job.id, trigger: { cron: '0 0 0/1 1/1 * ? *' } },
    ])
    await set({ 'event.notification.enabled': 'false' })
    expect((await later.jobs(owner)).json).toEqual([])
    expect((await later.jobs(owner, `/${job.id}`, { method: 'DELETE' })).status).toBe(404)
  })
})
