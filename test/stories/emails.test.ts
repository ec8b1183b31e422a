import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '#src/store/index.ts'
import { type Answer, ask, platform } from '../support/client.ts'
import { type MailServer, startMailServer } from '../support/mail-server.ts'
import { configBeside, type Product, serveBeside, startProduct } from '../support/product.ts'
import { openBeside } from '../support/rows.ts'
import { openWorker, type TestWorker } from '../support/worker.ts'

let mail: MailServer
let product: Product
let worker: TestWorker
let db: Database

beforeAll(async () => {
  mail = await startMailServer()
  product = await startProduct({ environment: { SMTP_URL: mail.url } })
  worker = await openWorker(product)
  db = await openBeside(product)
})
afterAll(async () => {
  await db?.close()
  await worker?.close()
  await product?.close()
  await mail?.close()
})
beforeEach(async () => {
  mail.answer(() => undefined)
  mail.taken.length = 0
  await db.query({ text: 'delete from emails', values: [] })
})

const post = (body: unknown, url = product.url): Promise<Answer> =>
  ask(`${url}/notifications/emails`, { headers: platform(product.admin), body })

const accepted = async (body: unknown, url = product.url): Promise<void> => {
  const reply = await post(body, url)
  expect([reply.status, reply.text]).toEqual([200, ''])
}

interface Kept {
  readonly status: string
  readonly tries: number
  readonly error: string | null
  readonly recipients: readonly string[]
  /** Seconds from now, whole; null: never. */
  readonly due: number | null
}

const kept = async (): Promise<Kept | undefined> => {
  const [row] = await db.query<Kept>({
    text: `select status, tries, error, recipients, round(extract(epoch from due_at - now()))::integer as due
      from emails order by email_id desc limit 1`,
    values: [],
  })
  return row
}

const dueNow = () =>
  db.query({ text: 'update emails set due_at = now() where due_at is not null', values: [] })

const email = { to: 'ops@acme.test', subject: 'Tank one', message: 'It is low.\n.\nFill it.' }

describe('e-mails', () => {
  it('8/9 are accepted with an empty body, and arrive as they were written', async () => {
    await accepted({ ...email, from: 'Tanks <tanks@acme.test>' })
    await accepted({ to: 'One <a@b.test>, c@d.test', subject: 'Grüße', message: 'ü' })
    await accepted({ to: ['a@b.test'] })
    expect(mail.taken).toEqual([])
    await worker.drain()
    const takenBy = (from: string, to: number) =>
      mail.taken.find((one) => one.from === from && one.to.length === to)
    const first = takenBy('tanks@acme.test', 1)
    expect(mail.taken).toHaveLength(3)
    expect(first).toMatchObject({ from: 'tanks@acme.test', to: ['ops@acme.test'] })
    expect(first?.text).toContain('Subject: Tank one\n')
    expect(first?.text).toMatch(/\n\nIt is low\.\n\.\nFill it\./)
    expect(takenBy('notifications@127.0.0.1', 2)?.to).toEqual(['a@b.test', 'c@d.test'])
    expect(takenBy('notifications@127.0.0.1', 1)?.to).toEqual(['a@b.test'])
    expect(await kept()).toMatchObject({ status: 'sent', due: null, error: null })
    expect(mail.lines).toContain(`AUTH PLAIN ${Buffer.from('\0postman\0planted-postman').toString('base64')}`)
  })

  it.each([
    [{}, /^to: missing/],
    [{ to: null, subject: 's' }, /^to: missing/],
    [{ to: '' }, /^to: /],
    [{ to: [] }, /^to: /],
    [{ to: 'nobody' }, /^to: 'nobody' is no e-mail address/],
    [{ to: 'a@b.test\r\nBcc: c@d.test' }, /^to: .*is no e-mail address/s],
    [{ to: Array.from({ length: 51 }, () => 'a@b.test') }, /^to: from 1 to 50/],
    [{ to: 'a@b.test', from: 'me' }, /^from: 'me' is no e-mail address/],
    [{ to: 'a@b.test', message: { a: 1 } }, /^message: /],
  ])('8/9 are refused with the field named: %j', async (body, message) => {
    const reply = await post(body)
    expect(reply.status, reply.text).toBe(400)
    expect(reply.json.message).toMatch(message)
    expect(await kept()).toBeUndefined()
  })

  it('8/4, 8/5 go to subscriptions of their channel, which are notified then', async () => {
    const call = (path: string, body?: unknown) =>
      ask(`${product.url}/notifications${path}`, { headers: platform(product.admin), body })
    const config = { to: 'One <a@b.test>, c@d.test' }
    const { id: subscription } = (
      await call('/subscriptions', { channel: 'email', topics: ['tank-one'], config })
    ).json
    const { id } = (await call('', { topic: 'tank-one', message: 'Tank one is low' })).json
    await worker.drain()
    await worker.drain()
    expect(mail.taken).toHaveLength(1)
    expect(mail.taken[0]).toMatchObject({ to: ['a@b.test', 'c@d.test'] })
    expect(mail.taken[0]?.text).toContain('Tank one is low')
    const delivery = await call(`/${id}/subscriptions/${subscription}/deliveries`)
    expect(delivery.json).toMatchObject({ channel: 'email', status: 'notified' })
  })

  it('8/9 let nothing of their subject become a header', async () => {
    await accepted({ ...email, subject: 'One\r\nBcc: c@d.test' })
    await worker.drain()
    expect(mail.taken[0]?.to).toEqual(['ops@acme.test'])
    expect(mail.taken[0]?.text).not.toMatch(/^Bcc:/m)
  })

  it('are tried again when the server does not take them now, each time later, as the same e-mail', async () => {
    mail.answer((line) => (line === '.' ? '451 come back, planted-postman' : undefined))
    await accepted(email)
    for (const [tries, seconds] of [
      [1, 4],
      [2, 16],
      [3, 64],
    ] as const) {
      await worker.drain()
      const row = await kept()
      expect(row).toMatchObject({ status: 'retry', tries })
      expect(Math.abs((row?.due ?? 0) - seconds)).toBeLessThanOrEqual(2)
      expect(row?.error).toMatch(/^127\.0\.0\.1:\d+ answered 451 come back, \*\*\*$/)
      await dueNow()
    }
    mail.answer((line) => (line.startsWith('AUTH') ? '535 who are you' : undefined))
    await worker.drain()
    expect(await kept()).toMatchObject({ status: 'retry', tries: 4 })
    mail.answer(() => undefined)
    await dueNow()
    await worker.drain()
    expect(await kept()).toMatchObject({ status: 'sent', tries: 5, due: null })
    expect(mail.taken).toHaveLength(1)
    expect(mail.taken[0]?.text).toMatch(/^Message-ID: <[\w-]+@127\.0\.0\.1>$/im)
  })

  it('are given up when the server refuses them for good, and after nine retries', async () => {
    mail.answer((line) => (line === '.' ? '554 not that' : undefined))
    await accepted(email)
    await worker.drain()
    expect(await kept()).toMatchObject({ status: 'failed', tries: 1, due: null })
    mail.answer((line) => (line === '.' ? '451 later' : undefined))
    await accepted(email)
    for (let n = 1; n <= 9; n += 1) {
      await worker.drain()
      expect(await kept()).toMatchObject({ status: 'retry', tries: n })
      await dueNow()
    }
    await worker.drain()
    expect(await kept()).toMatchObject({ status: 'failed', tries: 10, due: null })
  })

  it('go again only to those who have not got them', async () => {
    mail.answer((line) => {
      if (line.includes('later@')) return '450 busy'
      return line.includes('never@') ? '550 nobody here' : undefined
    })
    await accepted({ ...email, to: 'now@b.test, later@b.test, never@b.test' })
    await worker.drain()
    expect(mail.taken.map(({ to }) => to)).toEqual([['now@b.test']])
    expect(await kept()).toMatchObject({ status: 'retry', recipients: ['later@b.test'] })
    mail.answer(() => undefined)
    await dueNow()
    await worker.drain()
    expect(mail.taken.map(({ to }) => to)).toEqual([['now@b.test'], ['later@b.test']])
    expect(await kept()).toMatchObject({ status: 'sent' })
  })

  it('8/9 without a mail server are stored as queued, and go out once there is one', async () => {
    const beside = await serveBeside(product, {})
    expect(configBeside(product, {}).smtp).toBeUndefined()
    try {
      await accepted(email, beside.url)
      await worker.drain()
      expect(await kept()).toMatchObject({ status: 'queued', due: null, tries: 0 })
      await beside.context.notifications.releaseEmails()
      expect(await kept()).toMatchObject({ status: 'queued' })
    } finally {
      await beside.stop()
    }
    await product.context.notifications.releaseEmails()
    await worker.drain()
    expect(mail.taken).toHaveLength(1)
    expect(await kept()).toMatchObject({ status: 'sent' })
  })

  it('of an unreachable server wait, with the reason in words', async () => {
    const beside = await serveBeside(product, { SMTP_URL: 'smtp://127.0.0.1:1' })
    try {
      await accepted(email, beside.url)
      const elsewhere = await openWorker({ ...product, context: beside.context })
      await elsewhere.drain()
      await elsewhere.close()
      const row = await kept()
      expect(row).toMatchObject({ status: 'retry', tries: 1 })
      expect(row?.error).toMatch(/^127\.0\.0\.1:1 refused the connection/)
    } finally {
      await beside.stop()
    }
  })

  it('carry the notifications of a subscription by e-mail, which are notified then', async () => {
    const headers = platform(product.admin)
    const made = await ask(`${product.url}/notifications/subscriptions`, {
      headers,
      body: { channel: 'email', topics: ['by-mail'], config: { to: 'ann@example.test' } },
    })
    const told = await ask(`${product.url}/notifications`, {
      headers,
      body: { severity: 'low', topic: 'by-mail', message: 'Something happened' },
    })
    await worker.drain()
    await worker.drain()
    expect(mail.taken).toHaveLength(1)
    expect(JSON.stringify(mail.taken[0])).toContain('Something happened')
    const path = `/notifications/${told.json.id}/subscriptions/${made.json.id}/deliveries`
    expect((await ask(`${product.url}${path}`, { headers })).json.status).toBe('notified')
  })

  it('8/4 of a subscription that names no address are queued, and say why', async () => {
    const headers = platform(product.admin)
    const call = (path: string, body?: object) =>
      ask(`${product.url}/notifications${path}`, { headers, ...(body === undefined ? {} : { body }) })
    const config = { url: 'https://hooks.example/a' }
    const made = await call('/subscriptions', { channel: 'email', topics: ['to-nobody'], config })
    expect(made.status, made.text).toBe(200)
    const told = await call('', { topic: 'to-nobody', message: 'm' })
    await worker.drain()
    const { json } = await call(`/${told.json.id}/subscriptions/${made.json.id}/deliveries`)
    expect(json).toMatchObject({
      status: 'queued',
      attempts: [{ error: expect.stringMatching(/no e-mail address/) }],
    })
    expect(mail.taken).toEqual([])
  })
})
