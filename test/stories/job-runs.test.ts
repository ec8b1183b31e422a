import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { JobRunReply } from '#src/contract/index.ts'
import { callsDue } from '#src/queue/index.ts'
import { hub } from '../support/client.ts'
import { type Connected, userInstance } from '../support/grants.ts'
import { type Later, openLater } from '../support/later.ts'
import { type Member, type Product, startProduct } from '../support/product.ts'

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

describe('a job’s run', () => {
  it('that the API refuses is in its history with the words', async () => {
    const id = await made({ uri: `${base}/elements/nothing` })
    await later.run(id)
    expect(await history(id)).toMatchObject([
      { status: 404, error: expect.stringMatching(/^No element found/) },
    ])
  })

  it('goes on after the secrets were reset', async () => {
    const owner = await product.addMember('Northeast', 'admin@northeast.example')
    const theirs = await userInstance(product, owner)
    const headers = hub(owner, theirs.token)
    const { id } = (await post({ ...usual, uri: '/hubs/expense/reports', headers }, owner)).json
    const { context } = product
    const { token } = await context.accounts.logIn(owner.email, owner.password)
    await context.accounts.resetSecret(token, 'user')
    const fresh = await context.accounts.resetSecret(token, 'organization')
    expect((await later.jobs(owner)).status).toBe(401)
    await later.run(id)
    const now = { ...owner, user: fresh.userSecret, organization: fresh.organizationSecret }
    expect((await later.jobs(now, `/${id}/history`)).json).toMatchObject([{ status: 200, error: null }])
  })

  it('of a GET, PUT or DELETE that was cut off is made again', async () => {
    const id = await made()
    await later.cutOff(id)
    await later.run(id)
    expect(await history(id)).toMatchObject([{ status: 200 }])
    expect((await later.call(id))?.started).toBe(false)
  })

  it('that is cut off again and again is given up', async () => {
    const id = await made()
    await later.cutOff(id, 6)
    await later.run(id)
    expect(await history(id)).toMatchObject([{ status: null, error: expect.stringMatching(/^given up/) }])
    await later.run(id)
    expect(await history(id)).toMatchObject([{ status: 200 }, {}])
  })

  it.each(['POST', 'PATCH'])('of a %s that was cut off is in doubt, and not made again', async (method) => {
    const Name = `In doubt ${method} ${Date.now()}`
    const id = await made({
      ...{ method, uri: '/hubs/expense/reports', body: { Name } },
      headers: { authorization: `Element ${instance.token}` },
    })
    await later.cutOff(id)
    await later.run(id)
    expect(await history(id)).toMatchObject([
      { status: null, processTime: null, requestId: null, error: expect.stringMatching(/^in doubt: /) },
    ])
    const found = await instance.call('/reports', { query: { where: `Name = '${Name}'` } })
    expect(found.json).toEqual([])
    expect((await later.call(id))?.due).toBeGreaterThan(0)
  })

  it('whose job is deleted meanwhile leaves nothing', async () => {
    const id = await made()
    const { queue, calls } = product.context
    const claim = await queue.leaseOne(callsDue, { organizationId: 2, callId: Number(id) })
    if (claim === null) throw new Error('no claim')
    await later.sql('update calls set lease_token = gen_random_uuid() where call_id = $1', Number(id))
    await expect(calls.run(claim, new AbortController().signal)).rejects.toThrow('taken over')
    expect(await history(id)).toEqual([])
    await later.jobs(member, `/${id}`, { method: 'DELETE' })
    expect(await calls.run(claim, new AbortController().signal)).toBeNull()
    expect(await later.sql('select 1 from call_runs where call_id = $1', Number(id))).toEqual([])
  })

  it('of a deactivated user or on a deleted instance fails with words, and the job stays', async () => {
    const leaver = await product.addMember('Westwind', 'admin@westwind.example')
    const theirs = await userInstance(product, leaver)
    const onInstance = (
      await post({ ...usual, uri: '/hubs/x/reports', headers: hub(leaver, theirs.token) }, leaver)
    ).json
    await theirs.remove({ revoke: 'false' })
    await later.run(onInstance.id)
    const told = (await later.jobs(leaver, `/${onInstance.id}/history`)).json
    expect(told).toMatchObject([{ status: null, error: `Instance ${theirs.id} was deleted.` }])
    const { id } = (await post(usual, leaver)).json
    await later.sql('update users set active = false where email = $1', leaver.email)
    await later.run(id)
    const [row] = await later.sql<{ error: string }>(
      'select error from call_runs where call_id = $1',
      Number(id),
    )
    expect(row?.error).toMatch(/^User \d+ is deactivated/)
    expect((await later.call(id))?.due).toBeGreaterThan(0)
  })
})
