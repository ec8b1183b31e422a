import { describe, expect, it } from 'vitest'
import { hashSecret } from '#src/lib/secret.ts'
import { openVault } from '#src/main/keys.ts'
import { sealContext } from '#src/services/instances/need.ts'
import {
  adminLogin,
  type Connected,
  codeFor,
  companyBy,
  companyInstance,
  connected,
  keysOf,
  post,
  userInstance,
} from '../support/grants.ts'
import { configuration, refreshTokenOf } from '../support/instances.ts'
import type { Member, Product } from '../support/product.ts'
import type { Controls } from '../support/sandbox.ts'
import { onProduct } from '../support/stage.ts'

let product: Product
let member: Member
let sandbox: Controls

onProduct((stage) => {
  ;({ product, member, sandbox } = stage)
})

const operation = 'oauth.revoke'

/** Somebody of the staff; each test has its own person, since others of the same would keep the consent. */
let next = 0
let staff: readonly string[] = []
const somebody = async (): Promise<string> => {
  if (staff.length === 0) {
    const company = await companyInstance(product, member)
    const people = await company.call('/users', { query: { where: `active = 'true'`, pageSize: '100' } })
    staff = people.json
      .map((row: { LoginID: string }) => row.LoginID)
      .filter((login: string) => login !== adminLogin && !/^(locked|blocked|sso|renew)@/.test(login))
  }
  return staff[next++] ?? ''
}

const fresh = async (more: Record<string, string> = {}): Promise<Connected> =>
  userInstance(product, member, { login: await somebody(), configuration: more })

/** As grants are whose login gives no identity token. */
const forgetSubject = async ({ id }: Connected): Promise<void> => {
  const { store } = product.context
  const vault = await openVault(product.config, store)
  const row = await store.grants.find({ organizationId: 2, instanceId: id, principal: 'user' })
  if (row === undefined) throw new Error('no grant')
  const context = sealContext('grant-user', 2, id)
  const { subject: _, ...fields } = JSON.parse(vault.open(row.sealed, context))
  const sealed = vault.seal(JSON.stringify(fields), context)
  // As `consentOf` says it.
  const applicationHash = hashSecret(JSON.stringify(['concur', configuration['oauth.api.key']]))
  await store.grants.put({
    ...{ ...row, sealed },
    authType: row.authType ?? '',
    ...{ applicationHash, subjectHash: null },
    dueAt: null,
  })
}

/** What a removal asked the vendor, and what it said of it. */
const removing = async (instance: Connected, query: Record<string, string> = {}) => {
  let notice: unknown
  const { requests } = await sandbox.during(async () => {
    const reply = await instance.remove(query)
    expect([reply.status, reply.text]).toEqual([200, ''])
    notice = reply.headers['elements-error']
  })
  expect((await instance.show()).status).toBe(404)
  expect((await instance.reports()).status).toBe(401)
  return {
    operations: requests.map((one) => one.operation),
    statuses: requests.map((one) => one.status),
    notice,
  }
}

describe('DELETE of an instance', () => {
  it('makes the vendor forget the consent', async () => {
    expect(await removing(await fresh())).toEqual({
      operations: [operation],
      statuses: [200],
      notice: undefined,
    })
  })

  it('renews the token first when it has ended, for the vendor asks for a living one', async () => {
    await sandbox.faults({ fault: 'expire-tokens', value: 1, operation: 'oauth.token' })
    const instance = await fresh()
    await sandbox.faults()
    expect(await removing(instance)).toMatchObject({
      operations: ['oauth.token', operation],
      notice: undefined,
    })
  })

  it('of a person and a company revokes the person’s, for the company’s there is no way', async () => {
    const made = await post(product, member, {
      configuration: { ...configuration, ...companyBy(await sandbox.requestToken()) },
      providerData: { code: await codeFor(product, member, { login: await somebody() }) },
    })
    expect(await removing(connected(product, member, made))).toMatchObject({ operations: [operation] })
  })

  it('of a company asks nothing', async () => {
    expect(await removing(await companyInstance(product, member))).toMatchObject({
      operations: [],
      notice: undefined,
    })
  })

  it.each([
    ['its configuration says so', { 'oauth.revoke.on.delete': 'false' }, {}],
    ['the call says so', {}, { revoke: 'false' }],
    ['both say so', { 'oauth.revoke.on.delete': 'false' }, { revoke: 'false' }],
  ])('asks nothing when %s', async (_title, more, query) => {
    expect(await removing(await fresh(more), query as Record<string, string>)).toMatchObject({
      ...{ operations: [], notice: undefined },
    })
  })

  it('asks nothing for tokens that the client brought', async () => {
    const made = await post(product, member, {
      externalAuthentication: 'initial',
      configuration: { ...configuration, 'oauth.user.refresh_token': await refreshTokenOf(product) },
    })
    expect(await removing(connected(product, member, made))).toMatchObject({ operations: [] })
  })

  it('asks nothing while another instance stands on the same consent; the last one does', async () => {
    const login = await somebody()
    const [one, other] = [
      await userInstance(product, member, { login }),
      await userInstance(product, member, { login }),
    ]
    expect(await removing(one)).toMatchObject({ operations: [] })
    await sandbox.endTokens()
    expect((await other.reports()).status).toBe(200)
    expect(await removing(other)).toMatchObject({ operations: [operation] })
  })

  it('asks nothing while an instance of a person whom the vendor did not name could be the same', async () => {
    const [one, other] = [await fresh(), await fresh()]
    await forgetSubject(other)
    expect(await removing(one)).toMatchObject({ operations: [] })
    expect(await removing(other)).toMatchObject({ operations: [operation] })
  })

  it('asks nothing for brought tokens, also when a company was added since', async () => {
    const made = await post(product, member, {
      externalAuthentication: 'initial',
      configuration: { ...configuration, 'oauth.user.refresh_token': await refreshTokenOf(product) },
    })
    const instance = connected(product, member, made)
    const reply = await instance.patch({ configuration: companyBy(await sandbox.requestToken()) })
    expect(reply.json).toMatchObject({ externalAuthentication: 'initial', valid: true })
    expect(await removing(instance)).toMatchObject({ operations: [] })
  })

  it('lets another application of the same person alone, whose consent is its own', async () => {
    const login = await somebody()
    const one = await userInstance(product, member, { login })
    const keys = keysOf({ key: 'other-sandbox', secret: 'other-sandbox-secret' })
    const made = await post(product, member, {
      configuration: { ...configuration, ...keys },
      providerData: { code: await codeFor(product, member, { login, apiKey: 'other-sandbox' }) },
    })
    const other = connected(product, member, made)
    expect(await removing(one)).toMatchObject({ operations: [operation], statuses: [200] })
    await sandbox.endTokens()
    expect((await other.reports()).status).toBe(200)
  })

  it('of a connection that has ended asks nothing', async () => {
    const login = await somebody()
    const instance = await userInstance(product, member, { login })
    await sandbox.revoke({ login })
    expect((await instance.reports()).status).toBe(401)
    expect(await removing(instance)).toMatchObject({ operations: [], notice: undefined })
  })

  it.each([
    ['fails', { fault: 'server-error', value: 500, operation }, /500/],
    ['refuses', { fault: 'denied-status', value: 403, operation }, /403/],
    [
      'cuts the connection',
      { fault: 'cut-connection', value: 'before', operation },
      /SAP Concur|us2|127|connection/,
    ],
  ])('removes it too when the vendor %s, and says what was not done', async (_title, fault, words) => {
    const instance = await fresh()
    if (fault.fault === 'denied-status') await sandbox.endTokens()
    await sandbox.faults(fault)
    const { notice } = await removing(instance)
    expect(notice).toMatch(/^removed, but not revoked at the provider: /)
    expect(notice).toMatch(words)
  })

  it('removes it when the token cannot be renewed for that, and says so', async () => {
    await sandbox.faults({ fault: 'expire-tokens', value: 1, operation: 'oauth.token' })
    const instance = await fresh()
    await sandbox.faults({ fault: 'oauth-error', value: 108 })
    expect((await removing(instance)).notice).toMatch(/not revoked.*108/)
  })
})
