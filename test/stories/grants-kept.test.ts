import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { openContext } from '#src/main/context.ts'
import { ask, platform } from '../support/client.ts'
import {
  allowAt,
  type Connected,
  companyInstance,
  connected,
  keysOf,
  legacyApp,
  legacyInstance,
  post,
  userInstance,
} from '../support/grants.ts'
import { app, refreshTokenOf } from '../support/instances.ts'
import type { Member, Product } from '../support/product.ts'
import { everyRow, openBeside } from '../support/rows.ts'
import type { Controls } from '../support/sandbox.ts'
import { onProduct } from '../support/stage.ts'

let product: Product
let member: Member
let sandbox: Controls

onProduct((stage) => {
  ;({ product, member, sandbox } = stage)
})

const operation = 'oauth.token'

const migrate = ({ id }: Connected, principal: string) =>
  ask(`${product.url}/instances/${id}/migrate-authentication`, {
    headers: platform(member),
    body: { apiKey: app.key, apiSecret: app.secret, principal },
  })

const run = async (text: string): Promise<void> => {
  const db = await openBeside(product)
  await db.query({ text, values: [] }).finally(() => db.close())
}

describe('a connection that others stand beside', () => {
  it('lives on when another organization deletes one of the same person and application', async () => {
    const stranger = await product.addMember('Southwind', 'admin@southwind.example')
    const login = 'amber.badger@sandbox.example'
    const ours = await userInstance(product, member, { login })
    const theirs = await userInstance(product, stranger, { login })
    expect((await theirs.remove()).status).toBe(200)
    expect((await ours.reports()).status).toBe(200)
    const { operations } = await sandbox.during(() => ours.remove())
    expect(operations).toEqual({ 'oauth.revoke': 1 })
  })
})

describe('a stop', () => {
  it('waits for a renewal that nobody asks for any more, and stores it', async () => {
    const instance = await userInstance(product, member)
    await sandbox.endTokens()
    await sandbox.faults(
      { fault: 'rotate-refresh', value: 'kill-old' },
      { fault: 'slow-body', operation, value: 3_000, times: 1 },
    )
    const renewals = async () => (await sandbox.calls()).operations[operation] ?? 0
    const before = await renewals()
    const left = new AbortController()
    const call = fetch(`${product.url}/reports`, {
      headers: { authorization: `User ${member.user}, Element ${instance.token}` },
      signal: left.signal,
    }).catch(() => undefined)
    await expect.poll(renewals).toBe(before + 1)
    left.abort()
    await call
    await product.context.instances.settle(20_000)
    const [row] = await product.context.store.grants.ofInstance(2, instance.id)
    expect(row?.renewingSince).toBeNull()
    await sandbox.faults()
    expect((await instance.reports()).status).toBe(200)
  })
})

describe('a token that still works', () => {
  it('is used while the token address fails, which is not asked for each call', async () => {
    const instance = await userInstance(product, member)
    await sandbox.faults({ fault: 'expire-tokens', value: 50, operation })
    await sandbox.endTokens()
    expect((await instance.reports()).status).toBe(200)
    await sandbox.faults({ fault: 'server-error', value: 500, operation })
    const { operations } = await sandbox.during(async () => {
      for (let at = 0; at < 5; at += 1) expect((await instance.reports()).status).toBe(200)
    })
    expect(operations).toMatchObject({ [operation]: 1, 'reports.list': 5 })
  })
})

describe('an instance that was moved', () => {
  it('takes changes and itself back, though it never had what its new login is connected by', async () => {
    const instance = await legacyInstance(product, member)
    expect((await migrate(instance, 'company')).status).toBe(200)
    const changed = await instance.patch({ configuration: { 'concur.report.owner': 'own' } })
    expect(changed.status, changed.text).toBe(200)
    const read = await instance.show()
    const again = await ask(`${product.url}/instances/${instance.id}`, {
      method: 'PUT',
      headers: platform(member),
      body: read.json,
    })
    expect(again.status, again.text).toBe(200)
    const emptied = await instance.patch({ configuration: { 'oauth.api.key': null } })
    expect([emptied.status, emptied.json.message]).toEqual([400, expect.stringContaining('oauth.api.key')])
  })

  it('keeps what was changed while it moved, and names no application in the request log', async () => {
    const instance = await legacyInstance(product, member)
    await sandbox.faults({ fault: 'slow', operation, value: 800, times: 1 })
    const moving = migrate(instance, 'user')
    await sleep(200)
    const changed = await instance.patch({ configuration: { 'concur.report.owner': 'all' } })
    expect(changed.status).toBe(200)
    expect((await moving).status).toBe(200)
    expect((await instance.show()).json.configuration['concur.report.owner']).toBe('all')
    await product.context.requestLog.flush()
    const rows = await everyRow(product)
    expect(rows).toContain('/appmgmt/v0/legacyApps/***/exchangeRefreshToken/me')
    expect(rows).not.toContain(legacyApp.key)
  })
})

describe('a reconnect through our own callback', () => {
  const brought = async (): Promise<Connected> =>
    connected(
      product,
      member,
      await post(product, member, {
        configuration: { ...keysOf(app), 'oauth.user.refresh_token': await refreshTokenOf(product) },
        externalAuthentication: 'initial',
      }),
    )

  const start = async (instanceId: number) =>
    ask(`${product.url}/connects`, {
      headers: platform(member),
      body: { element: { key: 'concur' }, instanceId },
    })

  const comeBack = (at: URL) =>
    fetch(`${product.url.replace('/elements/api-v2', '')}/callback${at.search}`, { redirect: 'manual' })

  it('works for an instance that never had a callback address', async () => {
    const instance = await brought()
    const started = await start(instance.id)
    const back = await comeBack(await allowAt(new URL(started.json.oauthUrl)))
    expect(back.status).toBe(303)
    const seen = await ask(`${product.url}/connects/${started.json.id}`, { headers: platform(member) })
    expect(seen.json).toMatchObject({ state: 'connected', instanceId: instance.id })
    expect((await instance.reports()).status).toBe(200)
  })

  it('gives a company’s instance a person’s grant beside it', async () => {
    const instance = await companyInstance(product, member)
    const started = await start(instance.id)
    expect(started.status, started.text).toBe(200)
    await comeBack(await allowAt(new URL(started.json.oauthUrl)))
    const { authentication } = (await instance.show()).json
    expect(authentication).toMatchObject([
      { principal: 'user', state: 'ok' },
      { principal: 'company', state: 'ok' },
    ])
  })

  it('is stored together with its end, or not at all', async () => {
    const instance = await brought()
    const before = await product.context.store.grants.ofInstance(2, instance.id)
    const started = await start(instance.id)
    await run(`create function refuse() returns trigger language plpgsql as $$ begin raise exception 'no room'; end $$;
      create trigger refuse before update of state on connects for each row execute function refuse()`)
    const back = await comeBack(await allowAt(new URL(started.json.oauthUrl)))
    await run('drop trigger refuse on connects; drop function refuse')
    expect(back.status).toBe(500)
    expect(await product.context.store.grants.ofInstance(2, instance.id)).toEqual(before)
  })
})

describe('an instance whose vendor is here no more', () => {
  it('is deleted all the same, and says what was not done there', async () => {
    const instance = await userInstance(product, member, { login: 'amber.badger@sandbox.example' })
    const without = { ...product.config, sandbox: undefined }
    const context = await openContext(
      without,
      (_step, step) => step(),
      () => undefined,
    )
    const found = await context.accounts.memberByEmail(member.email)
    if (found === null) throw new Error('nobody')
    const notice = await context.instances.remove(found.caller, instance.id, true, () => undefined)
    await context.close()
    expect(notice).toMatch(/^removed, but not revoked at the provider: siteAddress/)
    expect((await instance.show()).status).toBe(404)
  })
})
