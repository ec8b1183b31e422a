import { describe, expect, it } from 'vitest'
import { catalogueElements } from '#elements/index.ts'
import type { Call, Principal } from '#src/element/index.ts'
import { elementOperations } from '#src/services/catalogue/index.ts'
import { type Answer, callbackUrl } from '../support/client.ts'
import {
  adminLogin,
  allowAt,
  type Connected,
  codeFor,
  companyBy,
  companyInstance,
  connected,
  consentPage,
  keysOf,
  post,
  userInstance,
} from '../support/grants.ts'
import type { Member, Product } from '../support/product.ts'
import type { Controls } from '../support/sandbox.ts'
import { onProduct } from '../support/stage.ts'

let product: Product
let member: Member
let sandbox: Controls

onProduct((stage) => {
  ;({ product, member, sandbox } = stage)
})

const strict = { fault: 'principals', value: 'strict' }
const limited = { key: 'limited-sandbox', secret: 'limited-sandbox-secret' } as const

/** A person's connection with fewer scopes, by an application that may do less. */
const narrow = async (scope: string, login = adminLogin): Promise<Connected> => {
  const page = await consentPage(product, member, { apiKey: limited.key, scope })
  const code = (await allowAt(page, login)).searchParams.get('code')
  const made = await post(product, member, {
    configuration: { ...keysOf(limited), 'oauth.callback.url': callbackUrl },
    providerData: { code },
  })
  return connected(product, member, made)
}

const denied = (reply: Answer): string => {
  expect([reply.status, reply.json.code, reply.json.hop], reply.text).toEqual([
    ...[403, 'provider-denied', 'provider'],
  ])
  // The vendor's own words, whole, are in the message and beside it.
  expect(reply.json.providerMessage.length).toBeGreaterThan(10)
  expect(reply.json.message).toContain(`SAP Concur answered 403: ${reply.json.providerMessage}`)
  return reply.json.message
}

const wanting = {
  company: (id: number) =>
    `documents this call for the grant of a company (principal company), which instance ${id} does not have. Add it: PATCH /instances/${id} with configuration concur.company.id, configuration concur.company.request.token`,
  user: (id: number) =>
    `documents this call for the grant of a person (principal user), which instance ${id} does not have. Add it: PATCH /instances/${id} with configuration oauth.callback.url, providerData.code of a consent`,
} as const

/** The operations of reports, expenses and people that the vendor documents for one principal only. */
const oneSided = catalogueElements({ sandboxUrls: ['http://127.0.0.1:1'] })
  .flatMap(({ resources }) => ['reports', 'expenses', 'users'].map((name) => resources[name]))
  .flatMap((one) => (one === undefined ? [] : elementOperations({ resources: { [one.name]: one } })))
  .map(({ operation }) => operation)
  .flatMap(({ method, path, call }) => (call.principals?.length === 1 ? [{ method, path, call }] : []))

const instanceOf = (principal: Principal): Promise<Connected> =>
  principal === 'user'
    ? userInstance(product, member, { login: adminLogin })
    : companyInstance(product, member)

describe('a call that the vendor documents for a grant that is not there', () => {
  it('is one of these', () => {
    expect(oneSided.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /reports/{id}/recall',
      'DELETE /expenses/{id}',
      'GET /users',
      'GET /users/{id}',
    ])
  })

  /** A row that is there, so that nothing but the grant can be wrong. */
  const idFor = async (instance: Connected, { path }: Call): Promise<string> => {
    const of = path.includes('/reports/{id}/')
      ? (['/reports', { where: `approvalStatusCode = 'A_PEND'` }] as const)
      : path.includes('Users/')
        ? (['/users', {}] as const)
        : (['/expenses', {}] as const)
    const rows = await instance.call(of[0], { query: { pageSize: '1', ...of[1] } })
    expect(rows.status, rows.text).toBe(200)
    return encodeURIComponent(rows.json[0].ID)
  }

  it.each(oneSided)(
    '$method $path: goes out, is refused, and is told the grant and how to add it',
    async (one) => {
      const { method, path, call } = one
      const [documented = 'user'] = call.principals ?? []
      const instance = await instanceOf(documented === 'user' ? 'company' : 'user')
      const id = path.includes('{id}') ? await idFor(instance, call) : ''
      await sandbox.faults(strict)
      const { requests } = await sandbox.during(async () => {
        const message = denied(await instance.call(path.replace('{id}', id), { method }))
        expect(message).toContain(wanting[documented](instance.id))
      })
      expect(requests.at(-1)).toMatchObject({ method: call.method, status: 403 })
    },
  )

  it('works once the grant is added as it was told', async () => {
    const person = await userInstance(product, member, { login: adminLogin })
    const company = await companyInstance(product, member)
    const report = await idFor(company, { method: 'PATCH', path: '/reports/{id}/' })
    await sandbox.faults(strict)
    denied(await person.call('/users', { query: { pageSize: '1' } }))
    denied(await company.call(`/reports/${report}/recall`, { method: 'POST' }))
    const asked = await person.patch({ configuration: companyBy(await sandbox.requestToken()) })
    expect(asked.status, asked.text).toBe(200)
    expect((await person.call('/users', { query: { pageSize: '1' } })).status).toBe(200)

    const [row] = (await company.call('/reports', { query: { where: `ID = '${report}'` } })).json
    const added = await company.patch({
      configuration: { 'oauth.callback.url': callbackUrl },
      providerData: { code: await codeFor(product, member, { login: row.OwnerLoginID }) },
    })
    expect(added.status, added.text).toBe(200)
    const recalled = await company.call(`/reports/${report}/recall`, { method: 'POST' })
    expect([recalled.status, recalled.json.ApprovalStatusCode], recalled.text).toEqual([200, 'A_RESU'])
  })
})

describe('a call that the grant has no scope for', () => {
  const cases: readonly (readonly [string, string, string, object | undefined, readonly string[]])[] = [
    ['openid expense.report.read', 'GET', '/reports', undefined, ['EXPRPT']],
    ['openid expense.report.read', 'GET', '/reports/4F0A77', undefined, ['EXPRPT']],
    ['openid expense.report.read', 'POST', '/reports', { Name: 'x' }, ['EXPRPT']],
    ['openid expense.report.read', 'PATCH', '/reports/4F0A77', { Name: 'x' }, ['EXPRPT']],
    ['openid expense.report.read', 'GET', '/expenses', undefined, ['EXPRPT']],
    ['openid expense.report.read', 'GET', '/expenses/x', undefined, ['EXPRPT']],
    ['openid expense.report.read', 'PATCH', '/expenses/x', { Description: 'x' }, ['EXPRPT']],
    ['openid expense.report.read', 'POST', '/reports/x/submit', undefined, ['expense.report.readwrite']],
    ...['approve', 'send-back', 'recall'].map(
      (action) =>
        [
          ...['openid expense.report.read', 'POST', `/reports/x/${action}`],
          ...[{ comment: 'x' }, ['expense.report.workflowstatus.write', 'expense.report.readwrite']],
        ] as unknown as readonly [string, string, string, object, readonly string[]],
    ),
    ['openid EXPRPT', 'GET', '/users', undefined, ['identity.user.core.read', 'identity.user.ids.read']],
    ['openid EXPRPT', 'GET', '/users/x', undefined, ['identity.user.core.read', 'identity.user.ids.read']],
  ]

  it.each(cases)('with %s, %s %s: is told the scope and how to ask for it', async (...one) => {
    const [scope, method, path, body, wanted] = one
    const instance = await narrow(scope)
    const { grants } = await sandbox.during(async () => {
      const reply = await instance.call(path, { method, ...(body === undefined ? {} : { body }) })
      expect(denied(reply)).toContain(
        `The grant of a person (principal user) lacks the scope ${wanted.join(' or ')}. Have it registered with the application, ask for it (oauth.scope of a consent), and connect again: PATCH /instances/${instance.id}.`,
      )
    })
    // Another token would have no other scopes: none is asked for, and this one stays.
    expect(grants).toEqual({})
    expect((await instance.show()).json.valid).toBe(true)
  })

  it('is told of its role where grant and scope are there', async () => {
    const rows = await (await companyInstance(product, member)).call('/reports', {
      query: { where: `OwnerLoginID != '${adminLogin}'`, pageSize: '1' },
    })
    const person = await userInstance(product, member, { login: rows.json[0].OwnerLoginID })
    const message = denied(await person.call('/reports', { query: { where: `user = 'ALL'` } }))
    expect(message).toContain('Check that the connected person has the role')
    expect(message).not.toContain('PATCH')
  })
})
