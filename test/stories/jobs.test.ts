import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { JobReply, JobRunReply } from '#src/contract/index.ts'
import { ask, platform } from '../support/client.ts'
import { type Connected, userInstance } from '../support/grants.ts'
import { type Later, openLater } from '../support/later.ts'
import { type Member, type Product, startProduct } from '../support/product.ts'

let product: Product
let member: Member
let stranger: Member
let instance: Connected
let later: Later

beforeAll(async () => {
  product = await startProduct()
  member = product.admin
  stranger = await product.addMember('Southwind', 'admin@southwind.example')
  instance = await userInstance(product, member)
  later = await openLater(product)
})
afterAll(async () => {
  await later?.close()
  await product?.close()
})

const base = '/elements/api-v2'
const hourly = { cron: '0 0 0/1 1/1 * ? *' }
const usual = { method: 'GET', uri: `${base}/organizations/me`, trigger: hourly }

const post = (body: object, of = member) => later.jobs(of, '', { body })

const made = async (body: object = {}): Promise<string> => {
  const { status, text, json } = await post({ ...usual, ...body })
  expect(status, text).toBe(200)
  return json.id
}

const history = async (id: string) => {
  const { status, json } = await later.jobs(member, `/${id}/history`)
  expect(status).toBe(200)
  expect(JobRunReply.array().safeParse(json).error).toBeUndefined()
  return json
}

describe('jobs', () => {
  it('12/2 take a query as people write it, with blanks and letters of any language', async () => {
    const uri = `${base}/hubs/expense/reports?where=Name='Reise nach Zürich'`
    const reply = await post({ ...usual, uri, headers: { Authorization: `Element ${instance.token}` } })
    expect(reply.status, reply.text).toBe(200)
    expect(reply.json.uri).toBe(`${base}/hubs/expense/reports?where=Name='Reise%20nach%20Z%C3%BCrich'`)
    await later.jobs(member, `/${reply.json.id}`, { method: 'DELETE' })
  })

  it('12/2 are made of method, uri and cron, and are read, listed and deleted', async () => {
    expect((await later.jobs(member)).json).toEqual([])
    const body = {
      ...{ name: 'Nightly', description: 'reads reports', method: 'GET' },
      uri: `${base}/hubs/expense/reports?where=Total > 5`.replaceAll(' ', '%20'),
      trigger: { cron: '0 0/15 * 1/1 * ? *' },
      query: { pageSize: 3, fields: 'ID' },
      headers: { 'Elements-Version': 'Helium', Authorization: `Element ${instance.token}` },
    }
    const reply = await post(body)
    expect(reply.status, reply.text).toBe(200)
    expect(JobReply.safeParse(reply.json).error).toBeUndefined()
    const { id, createdDate, nextRunDate, ...rest } = reply.json
    expect(id).toMatch(/^\d+$/)
    expect(rest).toMatchObject({
      ...{
        name: 'Nightly',
        description: 'reads reports',
        method: 'GET',
        uri: body.uri,
        trigger: body.trigger,
      },
      ...{ query: { pageSize: '3', fields: 'ID' }, headers: { 'elements-version': 'Helium' } },
      ...{ enabled: true, readOnly: false, elementInstanceId: instance.id },
    })
    expect(Date.parse(createdDate)).toBeLessThanOrEqual(Date.now() + 1_000)
    expect(nextRunDate).toMatch(/T\d\d:(00|15|30|45):00\.000Z$/)
    expect((await later.jobs(member, `/${id}`)).json).toEqual(reply.json)
    expect((await later.jobs(member)).json).toEqual([reply.json])
    const gone = await later.jobs(member, `/${id}`, { method: 'DELETE' })
    expect([gone.status, gone.text]).toEqual([200, ''])
    expect((await later.jobs(member, `/${id}`)).status).toBe(404)
    expect((await later.jobs(member, `/${id}`, { method: 'DELETE' })).status).toBe(404)
    expect((await later.jobs(member)).json).toEqual([])
  })

  it('12/2 run as their user, leave a history, and are due again by their cron', async () => {
    const id = await made()
    await later.run(id)
    const [run, ...others] = await history(id)
    expect(others).toEqual([])
    expect(run).toMatchObject({
      status: 200,
      error: null,
      requestId: expect.stringMatching(/^[0-9a-f]{24}$/),
    })
    expect(run.processTime).toBeGreaterThan(0)
    await product.context.requestLog.flush()
    const usage = await ask(`${product.url}/usage/${run.requestId}`, { headers: platform(member) })
    expect(usage.json).toMatchObject({ requestUri: usual.uri, requestMethod: 'GET', requestStatus: '200' })
    const { due, started } = (await later.call(id)) ?? {}
    expect(started).toBe(false)
    expect(due).toBeGreaterThan(0)
    expect(due).toBeLessThanOrEqual(3_600)
  })

  it('send query, headers and body, and write to the vendor once', async () => {
    const Name = `By a job ${Date.now()}`
    const id = await made({
      ...{ method: 'post', uri: '/hubs/expense/reports', body: { Name, CurrencyCode: 'USD' } },
      headers: {
        authorization: `User ${member.user}, Element ${instance.token}`,
        cookie: 'x=y',
        Host: 'elsewhere',
      },
    })
    const shown = (await later.jobs(member, `/${id}`)).json
    expect(shown.body).toEqual({ Name, CurrencyCode: 'USD' })
    expect(shown.headers).toEqual({ 'content-type': 'application/json' })
    expect((await later.jobs(member)).json.find((job: { id: string }) => job.id === id)).not.toHaveProperty(
      'body',
    )
    await later.run(id)
    expect(await history(id)).toMatchObject([{ status: 200 }])
    const found = await instance.call('/reports', { query: { where: `Name = '${Name}'` } })
    expect(found.json).toHaveLength(1)
    await later.jobs(member, `/${id}`, { method: 'DELETE' })
  })

  it('that missed their times run once, and then on schedule', async () => {
    // Half an hour away: a time that comes while this runs would be missed too.
    const minute = (new Date().getUTCMinutes() + 30) % 60
    const id = await made({ trigger: { cron: `0 ${minute} * * * ?` } })
    await later.run(id, 3 * 3_600)
    expect(await history(id)).toHaveLength(1)
    const due = (await later.call(id))?.due ?? 0
    expect(due).toBeGreaterThan(0)
    expect(due).toBeLessThanOrEqual(1_800)
  })

  it('keep their last hundred runs', async () => {
    const id = await made()
    const key = { organizationId: 2, callId: Number(id) }
    for (let status = 0; status < 103; status++)
      await product.context.store.calls.addRun(key, {
        at: new Date(),
        status,
        ms: 1,
        error: null,
        requestId: null,
      })
    const kept = await history(id)
    expect(kept).toHaveLength(100)
    expect([kept[0].status, kept[99].status]).toEqual([102, 3])
    await later.jobs(member, `/${id}`, { method: 'DELETE' })
    expect(await later.sql('select 1 from call_runs where call_id = $1', Number(id))).toEqual([])
  })

  it('are disabled, enabled and rescheduled', async () => {
    const id = await made()
    const change = (path: string, body?: unknown) =>
      later.jobs(member, `/${id}/${path}`, { method: path === 'reschedule' ? 'PATCH' : 'PUT', body })
    expect((await change('disable')).json).toMatchObject({ id, enabled: false, nextRunDate: null })
    const yearly = { cron: '0 0 0 1 1 ?' }
    const moved = await change('reschedule', { trigger: yearly })
    expect(moved.json).toMatchObject({ enabled: false, nextRunDate: null, trigger: yearly })
    await later.run(id)
    expect(await history(id)).toEqual([])
    const enabled = await change('enable')
    expect(enabled.json).toMatchObject({ enabled: true, trigger: yearly })
    expect(enabled.json.nextRunDate).toMatch(/-01-01T00:00:00\.000Z$/)
    expect((await change('enable')).json).toEqual(enabled.json)
    const wrong = await change('reschedule', { trigger: { cron: '* * * * * ?' } })
    expect([wrong.status, wrong.json.message]).toEqual([
      400,
      expect.stringMatching(/^trigger\.cron: .*once a minute/),
    ])
    expect((await change('reschedule', {})).json.message).toMatch(/^trigger: /)
  })

  it('are one’s own', async () => {
    const id = await made()
    expect((await later.jobs(stranger)).json).toEqual([])
    for (const [path, method] of [
      ['', 'GET'],
      ['', 'DELETE'],
      ['/history', 'GET'],
      ['/enable', 'PUT'],
      ['/disable', 'PUT'],
    ] as const) {
      const reply = await later.jobs(stranger, `/${id}${path}`, { method })
      expect([reply.status, reply.json.message]).toEqual([404, `No job found with id ${id}`])
    }
    const theirs = await later.jobs(stranger, `/${id}/reschedule`, {
      method: 'PATCH',
      body: { trigger: hourly },
    })
    expect(theirs.status).toBe(404)
    expect((await later.jobs(member, `/${id}`)).json.enabled).toBe(true)
    const foreign = { authorization: `User ${stranger.user}` }
    expect((await post({ ...usual, headers: foreign })).json.message).toMatch(/runs as the user who makes it/)
    expect(
      (await post({ ...usual, headers: { authorization: `Element ${instance.token}` } }, stranger)).status,
    ).toBe(401)
  })

  it('are listed in pages', async () => {
    const reader = await product.addMember('Eastwind', 'admin@eastwind.example')
    const ids: string[] = []
    for (let count = 0; count < 5; count++) ids.push((await post(usual, reader)).json.id)
    const seen: string[] = []
    let next: string | undefined
    do {
      const query = { pageSize: '2', ...(next === undefined ? {} : { nextPage: next }) }
      const page = await later.jobs(reader, '', { query })
      expect(page.headers['elements-total-count']).toBe('5')
      seen.push(...page.json.map(({ id }: { id: string }) => id))
      next = page.headers['elements-next-page-token'] as string | undefined
    } while (next !== undefined)
    expect(seen).toEqual(ids)
    const page = async (number: number): Promise<string[]> => {
      const query = { pageSize: '2', page: String(number) }
      return (await later.jobs(reader, '', { query })).json.map(({ id }: { id: string }) => id)
    }
    expect([await page(1), await page(3), await page(4)]).toEqual([ids.slice(0, 2), ids.slice(4), []])
    expect((await later.jobs(reader, '', { query: { nextPage: 'x' } })).json.message).toMatch(/^nextPage/)
    expect((await later.jobs(reader, '', { query: { pageSize: '0' } })).json.message).toMatch(/^pageSize/)
  })

  it.each([
    [{ method: undefined }, /^method: /],
    [{ method: 'FETCH' }, /^method: /],
    [{ uri: undefined }, /^uri: /],
    [{ uri: 'https://elsewhere.example/elements/api-v2/x' }, /^uri: it must lead to this API/],
    [{ uri: '/health' }, /^uri: it must lead to this API/],
    [{ uri: '/elements/api-v2' }, /^uri: it must lead to this API/],
    [{ uri: '/elements/api-v2/../x' }, /^uri: /],
    [{ uri: '/elements/api-v2/%zz' }, /^uri: /],
    [{ uri: 'elements/api-v2/x y' }, /^uri: /],
    [{ uri: '/x y' }, /^uri: it must lead to this API/],
    [{ trigger: undefined }, /^trigger: /],
    [{ trigger: {} }, /^trigger\.cron: /],
    [{ trigger: { cron: 'often' } }, /^trigger\.cron: 1 fields/],
    [{ trigger: { cron: '*/20 * * * * ?' } }, /^trigger\.cron: .*once a minute/],
    [{ trigger: { cron: '0 0 0 30 2 ?' } }, /^trigger\.cron: it never comes again/],
    [{ query: { a: {} } }, /^query\.a: /],
    [{ headers: { a: [] } }, /^headers\.a: /],
    [{ headers: { 'bad name': 'x' } }, /^headers\.bad name: no header/],
    [{ headers: { a: 'x\r\nb: y' } }, /^headers\.a: no header/],
    [{ headers: { 'Elements-Schedule-Request': '0 0 0 * * ?' } }, /^headers\.Elements-Schedule-Request: /],
    [{ uri: '/hubs/expense/reports' }, /^headers\.Authorization: a hub call needs "Element/],
  ])('are refused with the name of what is wrong: %j', async (wrong, message) => {
    const reply = await post({ ...usual, ...wrong })
    expect(reply.status, reply.text).toBe(400)
    expect(reply.json.message).toMatch(message)
  })
})
