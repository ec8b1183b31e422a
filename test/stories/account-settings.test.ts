import { beforeAll, describe, expect, it } from 'vitest'
import { type Answer, type AskOptions, ask, platform } from '../support/client.ts'
import type { Member } from '../support/product.ts'
import { onProduct, type Stage } from '../support/stage.ts'

let stage: Stage
let other: Member
let ownId: number
let otherId: number
onProduct((on) => {
  stage = on
})

beforeAll(async () => {
  const { accounts } = stage.product.context
  other = await stage.product.addMember('Southwind', 'admin@southwind.example')
  ownId = (await accounts.authenticate(stage.member, true)).accountId
  otherId = (await accounts.authenticate(other, true)).accountId
})

const call = (path: string, options: AskOptions = {}, member = stage.member): Promise<Answer> =>
  ask(`${stage.product.url}/accounts${path}`, { ...options, headers: platform(member) })

const policy = 'notification.webhook.failure.policy'

describe('settings of an account', () => {
  it('8/8 are a flat map that shows the policy, changed by PATCH and POST, with the id and without', async () => {
    expect((await call('/settings')).json).toEqual({ [policy]: 'retry' })
    const changed = await call('/settings', { method: 'PATCH', body: { [policy]: 'queue', theme: 'dark' } })
    expect([changed.status, changed.json]).toEqual([200, { [policy]: 'queue', theme: 'dark' }])
    expect((await call(`/${ownId}/settings`)).json).toEqual(changed.json)
    const posted = await call(`/${ownId}/settings`, { body: { theme: 7, on: true } })
    expect(posted.json).toEqual({ [policy]: 'queue', theme: '7', on: 'true' })
    const back = await call(`/${ownId}/settings`, { method: 'PATCH', body: { [policy]: 'retry' } })
    expect(back.json).toEqual({ [policy]: 'retry', theme: '7', on: 'true' })
    expect((await call('/settings', { body: {} })).json).toEqual(back.json)
    expect((await call('/settings', {}, other)).json).toEqual({ [policy]: 'retry' })
  })

  it.each([
    [{ [policy]: 'drop' }, /^notification\.webhook\.failure\.policy: retry or queue\.$/],
    [{ [policy]: 'Queue' }, /retry or queue/],
    [{ a: null }, /^a: a text/],
    [{ a: { b: 'c' } }, /^a: a text/],
    [[], /^body: an object/],
    [{ a: 'x'.repeat(4_001) }, /^a: /],
    [Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`k${n}`, 'v'])), /at most 100 settings/],
  ])('8/8 are refused with the field named: %j', async (body, message) => {
    const before = (await call('/settings')).json
    const reply = await call('/settings', { method: 'PATCH', body })
    expect(reply.status, reply.text).toBe(400)
    expect(reply.json.message).toMatch(message)
    expect((await call('/settings')).json).toEqual(before)
  })

  it('0/4, 8/8 of another account are refused, whether it exists or not', async () => {
    for (const [id, status] of [
      ['1', 403],
      [String(otherId), 403],
      ['999999', 403],
      ['-1', 404],
      ['x', 404],
    ] as const) {
      for (const options of [{}, { method: 'PATCH', body: {} }, { body: { [policy]: 'queue' } }])
        expect((await call(`/${id}/settings`, options)).status, id).toBe(status)
    }
    expect((await call('/settings', {}, other)).json).toEqual({ [policy]: 'retry' })
  })
})
