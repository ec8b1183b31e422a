import { describe, expect, it } from 'vitest'
import { ask, platform } from '../support/client.ts'
import { companyBy, companyInstance, keysOf, post } from '../support/grants.ts'
import { app } from '../support/instances.ts'
import type { Member, Product } from '../support/product.ts'
import { everyRow } from '../support/rows.ts'
import type { Controls } from '../support/sandbox.ts'
import { onProduct } from '../support/stage.ts'

let product: Product
let member: Member
let sandbox: Controls

onProduct((stage) => {
  ;({ product, member, sandbox } = stage)
})

const dayAndMore = 24 * 3_600 + 60

const byCompany = (more: Record<string, string>) => ({
  configuration: { ...keysOf(app), 'authentication.type': 'company', ...more },
})

describe('a company that is connected by its request token', () => {
  it('reads everybody’s reports, and nothing says that they are only somebody’s own', async () => {
    const instance = await companyInstance(product, member)
    let reply = await instance.reports()
    const { requests } = await sandbox.during(async () => {
      reply = await instance.call('/reports', { query: { pageSize: '50' } })
    })
    expect(reply.status, reply.text).toBe(200)
    expect(new Set(reply.json.map((row: { OwnerLoginID: string }) => row.OwnerLoginID)).size).toBeGreaterThan(
      5,
    )
    expect(reply.headers['elements-scope']).toBeUndefined()
    expect(requests.map(({ path }) => path)).toEqual([expect.stringContaining('user=ALL')])
  })

  it('shows how its grant stands, and its request token nowhere', async () => {
    const { requestToken, companyId } = await sandbox.requestToken()
    const made = await post(product, member, byCompany(companyBy({ requestToken, companyId, username: '' })))
    expect(made.json).toMatchObject({
      valid: true,
      configuration: { 'authentication.type': 'company', 'concur.company.id': companyId },
      authentication: [
        { principal: 'company', type: 'company', state: 'ok', geolocation: product.sandbox.url },
      ],
    })
    expect(made.json.authentication[0].scopes).toContain('EXPRPT')
    const items = await ask(`${product.url}/instances/${made.json.id}/configuration`, {
      headers: platform(member),
    })
    const item = items.json.find((one: { key: string }) => one.key === 'concur.company.request.token')
    expect(item.propertyValue).toBeNull()
    const stored = await product.context.instances.wholeConfiguration(
      { organizationId: 2, accountId: 2, userId: 2 },
      made.json.id,
    )
    expect(Object.keys(stored)).not.toContain('concur.company.request.token')
    await product.context.requestLog.flush()
    expect(made.text + items.text + (await everyRow(product))).not.toContain(requestToken)
  })

  it('is renewed by its refresh token, without the request token', async () => {
    const instance = await companyInstance(product, member)
    await sandbox.addSeconds(dayAndMore)
    const { grants } = await sandbox.during(async () => {
      expect((await instance.reports()).status).toBe(200)
    })
    expect(grants).toEqual({ refresh_token: 1 })
  })

  it('in another data centre is asked there from then on', async () => {
    const instance = await companyInstance(product, member, { company: 'eu2' })
    expect(instance.made.json.authentication[0].geolocation).toBe(`${product.sandbox.url}/dc/eu2`)
    const { requests } = await sandbox.during(async () => {
      expect((await instance.reports()).json[0].OwnerLoginID).toContain('eu2')
      await sandbox.endTokens()
      expect((await instance.reports()).status).toBe(200)
    })
    const asked = requests.filter(({ operation }) => !operation.startsWith('sandbox.'))
    expect(asked.map(({ path }) => path.startsWith('/dc/eu2/'))).toEqual(asked.map(() => true))
  })
})

describe('a request token', () => {
  it('works again within 24 hours, and then says so and what to do', async () => {
    const token = await sandbox.requestToken()
    const body = byCompany(companyBy(token))
    expect((await post(product, member, body)).status).toBe(200)
    await sandbox.addSeconds(23 * 3_600)
    expect((await post(product, member, body)).status).toBe(200)
    await sandbox.addSeconds(3_700)
    const late = await post(product, member, body)
    expect(late.status).toBe(400)
    expect(late.json).toMatchObject({ code: 'provider-refused', hop: 'provider', retryable: false })
    expect(late.json.message).toMatch(
      /configuration\.concur\.company\.request\.token: Incorrect credentials.*code 5.*24 hours.*make a new one/,
    )
    expect(late.text).not.toContain(token.requestToken)
  })

  it.each([
    [
      'of a company that is not known',
      100,
      async () => ({
        ...(await sandbox.requestToken()),
        companyId: '00000000-0000-4000-8000-000000000000',
      }),
    ],
    ['of another application', 136, () => sandbox.requestToken({ client: 'other-sandbox' })],
    [
      'of another company',
      5,
      async () => ({
        ...(await sandbox.requestToken({ company: 'eu2' })),
        companyId: (await sandbox.requestToken()).companyId,
      }),
    ],
  ])('%s is refused with the words and the code of the vendor: %i', async (_title, code, token) => {
    const reply = await post(product, member, byCompany(companyBy(await token())))
    expect(reply.status).toBe(400)
    expect(reply.json).toMatchObject({ code: 'provider-refused', hop: 'provider' })
    expect(reply.json.providerMessage).toContain(`code ${code})`)
  })

  it.each([
    [{}, /concur\.company\.id/],
    [{ 'concur.company.id': 'some' }, /concur\.company\.request\.token/],
    [{ 'concur.company.request.token': 'at-1' }, /concur\.company\.id/],
  ])('or its company that is missing is named: %j', async (sent, message) => {
    const reply = await post(product, member, byCompany(sent))
    expect(reply.status).toBe(400)
    expect(reply.json.code).toBe('bad-request')
    expect(reply.json.message).toMatch(message)
  })

  it('makes no consent page', async () => {
    const reply = await ask(`${product.url}/elements/concur/oauth/url`, {
      headers: platform(member),
      query: { apiKey: app.key, callbackUrl: 'http://127.0.0.1:9/x', 'authentication.type': 'company' },
    })
    expect(reply.status).toBe(400)
    expect(reply.json.message).toContain('concur.company.request.token')
  })
})

describe('a company that has ended', () => {
  it('says what to do, and a new request token connects it again: id and token stay', async () => {
    const instance = await companyInstance(product, member)
    await sandbox.revoke({ company: 'us2' })
    await sandbox.endTokens()
    const refused = await instance.reports()
    expect(refused.status).toBe(401)
    expect(refused.json).toMatchObject({ code: 'needs-reconnect', hop: 'provider', retryable: false })
    expect(refused.json.message).toMatch(/code 108.*new configuration\.concur\.company\.request\.token/)
    expect((await instance.show()).json).toMatchObject({
      valid: false,
      authentication: [{ state: 'needs-reconnect', reason: expect.stringContaining('108') }],
    })
    const { requestToken } = await sandbox.requestToken()
    const reply = await instance.patch({ configuration: { 'concur.company.request.token': requestToken } })
    expect(reply.json).toMatchObject({ id: instance.id, token: instance.token, valid: true })
    expect((await instance.reports()).status).toBe(200)
  })

  it('keeps what it has when the new request token is refused', async () => {
    const instance = await companyInstance(product, member)
    const before = (await instance.show()).json
    const reply = await instance.patch({ configuration: { 'concur.company.request.token': 'at-nothing' } })
    expect(reply.status).toBe(400)
    expect((await instance.show()).json).toEqual(before)
    expect((await instance.reports()).status).toBe(200)
  })

  it('after six months without a renewal, as the vendor says it', async () => {
    const instance = await companyInstance(product, member)
    await sandbox.addSeconds(183 * 86_400)
    const reply = await instance.reports()
    expect([reply.status, reply.json.code]).toEqual([401, 'needs-reconnect'])
    expect((await instance.show()).json.valid).toBe(false)
  })
})

describe('the old contract', () => {
  it('takes a whole fetched company instance back and changes nothing', async () => {
    const instance = await companyInstance(product, member)
    const { updatedDate: _, ...before } = (await instance.show()).json
    const { grants } = await sandbox.during(async () => {
      const reply = await ask(`${product.url}/instances/${instance.id}`, {
        method: 'PUT',
        headers: platform(member),
        body: before,
      })
      expect(reply.status, reply.text).toBe(200)
    })
    expect(grants).toEqual({})
    const { updatedDate: _later, ...after } = (await instance.show()).json
    expect(after).toEqual(before)
  })
})
