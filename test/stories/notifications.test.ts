import { beforeAll, describe, expect, it } from 'vitest'
import { NotificationReply } from '#src/contract/index.ts'
import { type Answer, type AskOptions, ask, platform } from '../support/client.ts'
import type { Member } from '../support/product.ts'
import { onProduct, type Stage } from '../support/stage.ts'

let stage: Stage
let other: Member
onProduct((on) => {
  stage = on
})

beforeAll(async () => {
  other = await stage.product.addMember('Southwind', 'admin@southwind.example')
})

const call = (path: string, options: AskOptions = {}, member = stage.member): Promise<Answer> =>
  ask(`${stage.product.url}/notifications${path}`, {
    ...options,
    headers: { ...platform(member), ...options.headers },
  })

const tell = (body: unknown, member = stage.member): Promise<Answer> => call('', { body }, member)

const told = async (body: Readonly<Record<string, unknown>>) => {
  const reply = await tell(body)
  expect(reply.status, reply.text).toBe(200)
  expect(NotificationReply.safeParse(reply.json).error?.issues ?? []).toEqual([])
  return reply.json
}

const idsIn = (reply: Answer): number[] => reply.json.map((one: { id: number }) => one.id)

describe('notifications', () => {
  it('8/1 are told with topic and message, and come back as they were sent', async () => {
    const sent = { severity: 'high', topic: 'tank-one', message: 'Tank one is low', from: 'ops@acme.test' }
    const { id, createdDate, ...rest } = await told(sent)
    expect(rest).toEqual({ ...sent, active: true, acknowledged: false })
    expect(Number.isInteger(id)).toBe(true)
    expect(Math.abs(Date.now() - Date.parse(createdDate))).toBeLessThan(60_000)
    const message = { text: 'Ünïcode', deep: [{ n: 1.5, none: null }], on: false }
    const object = await told({ topic: 'tank-one', message })
    expect(object).toMatchObject({ severity: 'medium', from: expect.stringContaining('@'), message })
    expect((await call(`/${object.id}`)).json).toEqual(object)
    expect(await told({ topic: 't', severity: 'LOW', body: 'in its other name' })).toMatchObject({
      severity: 'low',
      message: 'in its other name',
    })
  })

  it.each([
    [{}, /^topic: /],
    [{ topic: null, message: 'm' }, /^topic: /],
    [{ topic: '  ', message: 'm' }, /^topic: /],
    [{ topic: 5, message: 'm' }, /^topic: /],
    [{ topic: 't' }, /^message: missing/],
    [{ topic: 't', message: null }, /^message: missing/],
    [{ topic: 't', message: 4 }, /^message: missing/],
    [{ topic: 't', message: 'm', severity: 'urgent' }, /^severity: low, medium or high$/],
    [{ topic: 't', message: 'm', from: 7 }, /^from: /],
    [{ topic: 'a\u0000b', message: 'm' }, /^body: topic holds a NUL/],
  ])('8/1 are refused with the field named: %j', async (body, message) => {
    const reply = await tell(body)
    expect(reply.status, reply.text).toBe(400)
    expect(reply.json.message).toMatch(message)
  })

  it('8/1 hold at most 256 KB in their message', async () => {
    const message = { long: 'x'.repeat(262_000) }
    const { id } = await told({ topic: 'odd', message })
    expect((await call(`/${id}`)).json.message).toEqual(message)
    const large = await tell({ topic: 'odd', message: 'x'.repeat(262_144) })
    expect(large.status).toBe(413)
    expect(large.json.message).toMatch(/^message: at most 256 KB/)
  })

  it('8/2 are listed by topic, newest first, and only with a topic', async () => {
    const made: number[] = []
    for (const topic of ['list-a', 'list-b', 'list-a']) made.push((await told({ topic, message: topic })).id)
    const [first, second, third] = made
    expect(idsIn(await call('?topics[]=list-a'))).toEqual([third, first])
    expect(idsIn(await call('?topics[]=list-a&topics[]=list-b'))).toEqual([third, second, first])
    expect(idsIn(await call('?topics=list-b'))).toEqual([second])
    const none = await call('?topics[]=none')
    expect([none.status, none.json, none.headers['elements-returned-count']]).toEqual([200, [], '0'])
    for (const query of ['', '?topics[]=', '?pageSize=5']) {
      const reply = await call(query)
      expect(reply.status, query).toBe(400)
      expect(reply.json.message).toMatch(/^topics\[\]: missing/)
    }
    expect((await call('?topics[]=%00')).status).toBe(400)
  })

  it('8/2 come in pages of exactly the size asked for, also while others are told', async () => {
    const made: number[] = []
    for (let n = 0; n < 5; n += 1) made.unshift((await told({ topic: 'paged', message: String(n) })).id)
    const seen: number[][] = []
    let reply = await call('?topics[]=paged&pageSize=2')
    for (;;) {
      seen.push(idsIn(reply))
      expect(reply.headers['elements-returned-count']).toBe(String(reply.json.length))
      const next = reply.headers['elements-next-page-token']
      if (next === undefined) break
      await told({ topic: 'paged', message: 'meanwhile' })
      // The token alone knows what was asked.
      reply = await call(`?nextPage=${String(next)}`)
    }
    expect(seen).toEqual([made.slice(0, 2), made.slice(2, 4), made.slice(4)])
    const { headers, json } = await call('?topics[]=paged&pageSize=2&page=2')
    expect(json).toHaveLength(2)
    expect(headers['elements-next-page-token']).toBeTypeOf('string')
    expect(idsIn(await call('?topics[]=paged&nextPage='))).toHaveLength(7)
    for (const query of ['pageSize=0', 'pageSize=1001', 'pageSize=x', 'page=0', 'nextPage=x'])
      expect((await call(`?topics[]=paged&${query}`)).status, query).toBe(400)
  })

  it('0/5, 8/3 are read, acknowledged whatever the body, and removed', async () => {
    const made = await told({ topic: 'one', message: 'm' })
    expect((await call(`/${made.id}`)).json).toEqual(made)
    for (const body of [undefined, {}, [], { acknowledged: false }]) {
      const reply = await call(`/${made.id}/acknowledge`, {
        method: 'PUT',
        ...(body === undefined ? {} : { body }),
      })
      expect(reply.json).toEqual({ ...made, acknowledged: true })
    }
    expect((await call(`/${made.id}`)).json.acknowledged).toBe(true)
    const gone = await call(`/${made.id}`, { method: 'DELETE' })
    expect([gone.status, gone.text]).toEqual([200, ''])
    expect((await call(`/${made.id}`)).status).toBe(404)
    expect((await call('?topics[]=one')).json).toEqual([])
  })

  it('8/3 are 404 when there are none, and to every other account', async () => {
    const { id } = await told({ topic: 'mine', message: 'm' })
    const paths = [id, 999_999_999, 'x', '-1', `${2n ** 70n}`]
    for (const [at, path] of paths.entries()) {
      const member = at === 0 ? other : stage.member
      expect((await call(`/${path}`, {}, member)).status, `${path}`).toBe(404)
      expect((await call(`/${path}`, { method: 'DELETE' }, member)).status, `${path}`).toBe(404)
      expect((await call(`/${path}/acknowledge`, { method: 'PUT' }, member)).status, `${path}`).toBe(404)
    }
    expect((await call('?topics[]=mine', {}, other)).json).toEqual([])
    expect((await call(`/${id}`)).json.acknowledged).toBe(false)
    expect((await call(`/${id}`, { headers: { authorization: 'User x' } })).status).toBe(401)
  })
})
