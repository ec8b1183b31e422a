import { beforeAll, describe, expect, it } from 'vitest'
import { SubscriptionReply } from '#src/contract/index.ts'
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
  ask(`${stage.product.url}/notifications${path}`, { ...options, headers: platform(member) })

const subscribe = (body: unknown, member = stage.member): Promise<Answer> =>
  call('/subscriptions', { body }, member)

const subscribed = async (body: unknown) => {
  const reply = await subscribe(body)
  expect(reply.status, reply.text).toBe(200)
  expect(SubscriptionReply.safeParse(reply.json).error?.issues ?? []).toEqual([])
  return reply.json
}

const webhook = { channel: 'webhook', topics: ['news'], config: { url: 'https://hooks.example/one?a=b' } }

/** The deliveries of something that is told now. */
const deliveriesAfter = async (topic: string) => {
  const { id } = (await call('', { body: { topic, message: 'm' } })).json
  return (await call(`/${id}/subscriptions/deliveries`)).json
}

describe('subscriptions', () => {
  it('8/4 are made for each channel, listed, read and removed; the same may be made again', async () => {
    const first = await subscribed(webhook)
    expect(first).toMatchObject({ ...webhook, active: true })
    const again = await subscribed(webhook)
    const email = { channel: 'email', topics: ['news'], config: { to: 'Ops <ops@acme.test>, b@acme.test' } }
    const rest = [
      await subscribed(email),
      await subscribed({ ...email, config: { email: ['ops@acme.test'], note: 1 } }),
      await subscribed({ channel: 'sms', topics: ['news', 'more'], config: { to: '+1 555 0100' } }),
      await subscribed({ channel: 'push', topics: ['news'] }),
    ]
    expect(rest.map(({ channel, config }) => [channel, config])).toEqual([
      ['email', email.config],
      ['email', { email: ['ops@acme.test'], note: 1 }],
      ['sms', { to: '+1 555 0100' }],
      ['push', {}],
    ])
    const all = [first, again, ...rest]
    expect((await call('/subscriptions')).json).toEqual(all)
    const page = await call('/subscriptions?pageSize=4')
    expect(page.json).toEqual(all.slice(0, 4))
    const next = String(page.headers['elements-next-page-token'])
    expect((await call(`/subscriptions?nextPage=${next}`)).json).toEqual(all.slice(4))
    for (const one of all) {
      expect((await call(`/subscriptions/${one.id}`)).json).toEqual(one)
      const gone = await call(`/subscriptions/${one.id}`, { method: 'DELETE' })
      expect([gone.status, gone.text]).toEqual([200, ''])
      expect((await call(`/subscriptions/${one.id}`)).status).toBe(404)
    }
    expect((await call('/subscriptions')).json).toEqual([])
  })

  it.each([
    [{}, /^channel: webhook, email, sms or push; topics: missing/],
    [{ ...webhook, channel: 'fax' }, /^channel: /],
    [{ ...webhook, topics: [] }, /^topics: one topic or more/],
    [{ ...webhook, topics: 'news' }, /^topics: /],
    [{ channel: 'webhook', topics: ['news'] }, /^config\.url: missing/],
    [{ ...webhook, config: { url: null } }, /^config\.url: missing/],
    [{ ...webhook, config: { url: 'hooks.example' } }, /^config\.url: it is no valid URL/],
    [{ ...webhook, config: { url: 'ftp://hooks.example' } }, /^config\.url: it must begin with https/],
    [{ ...webhook, config: { url: 'https://a:b@hooks.example' } }, /^config\.url: .*password/],
    [{ ...webhook, config: { ...webhook.config, a: { apiKey: 'k' } } }, /^config\.a\.apiKey: no secrets/],
    [{ channel: 'sms', topics: ['news'], config: { url: null } }, /^config\.url: null/],
    [{ channel: 'email', topics: ['news'] }, /^config\.email: from 1 to 50/],
    [{ channel: 'email', topics: ['news'], config: { to: 'nobody' } }, /^config\.to: 'nobody' is no e-mail/],
  ])('8/4 are refused with the field named: %j', async (body, message) => {
    const reply = await subscribe(body)
    expect(reply.status, reply.text).toBe(400)
    expect(reply.json.message).toMatch(message)
  })

  it('8/4 are 404 when there are none, and to every other account', async () => {
    const { id } = await subscribed({ ...webhook, topics: ['mine'] })
    for (const [path, member] of [
      [id, other],
      [999_999_999, stage.member],
      ['x', stage.member],
    ] as const) {
      expect((await call(`/subscriptions/${path}`, {}, member)).status).toBe(404)
      expect((await call(`/subscriptions/${path}`, { method: 'DELETE' }, member)).status).toBe(404)
    }
    expect((await call('/subscriptions', {}, other)).json).toEqual([])
    expect((await call(`/subscriptions/${id}`)).json.id).toBe(id)
    // The same topic of another account is another topic.
    const { id: told } = (await call('', { body: { topic: 'mine', message: 'm' } }, other)).json
    expect((await call(`/${told}/subscriptions/deliveries`, {}, other)).json).toEqual([])
  })

  it('8/4 on channels that nothing sends on keep what they should get queued, and say why', async () => {
    const config = { url: 'https://hooks.example/a' }
    for (const channel of ['sms', 'push']) {
      await subscribed({ channel, topics: [`by-${channel}`], config })
      const [delivery] = await deliveriesAfter(`by-${channel}`)
      expect(delivery).toMatchObject({ channel, status: 'queued' })
      expect(delivery).not.toHaveProperty('nextDate')
      expect(delivery.attempts).toEqual([
        {
          at: expect.stringMatching(/Z$/),
          ms: 0,
          status: null,
          error: expect.stringContaining(channel),
        },
      ])
      const where = `subscriptionId=${delivery.subscriptionId}`
      const released = await call(`/subscriptions/deliveries?where=${where}&replay=true`, { method: 'PUT' })
      expect([released.status, released.json]).toEqual([200, []])
      expect((await call(`/subscriptions/deliveries?where=${where}`)).json[0].status).toBe('queued')
    }
  })

  it('8/4 take what is on its way along when they are removed', async () => {
    const { id } = await subscribed({ ...webhook, topics: ['leaving'] })
    const [delivery] = await deliveriesAfter('leaving')
    expect(delivery.subscriptionId).toBe(id)
    await call(`/subscriptions/${id}`, { method: 'DELETE' })
    expect((await call(`/${delivery.notificationId}/subscriptions/deliveries`)).json).toEqual([])
    expect((await call(`/${delivery.notificationId}/subscriptions/${id}/deliveries`)).status).toBe(404)
    expect(await deliveriesAfter('leaving')).toEqual([])
  })

  it('8/4 that the configuration of an instance made are listed, never show a secret, and may be removed', async () => {
    const { accounts, store } = stage.product.context
    const { organizationId, accountId, userId } = await accounts.authenticate(stage.member, true)
    const config = { url: 'https://hooks.example', 'event.notification.signature.key': 'planted-key' }
    const row = { organizationId, accountId, userId, instanceId: 77, channel: 'webhook', config } as const
    const { subscriptionId } = await store.subscriptions.put({ ...row, topics: ['instance-77-x-events'] })
    const list = await call('/subscriptions')
    expect(list.text).not.toContain('planted-key')
    expect(list.json).toContainEqual(expect.objectContaining({ id: subscriptionId, instanceId: 77 }))
    expect((await call(`/subscriptions/${subscriptionId}`, { method: 'DELETE' })).status).toBe(200)
  })
})
