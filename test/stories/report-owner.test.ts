import { describe, expect, it } from 'vitest'
import { adminLogin, companyInstance, userInstance } from '../support/grants.ts'
import type { Member, Product } from '../support/product.ts'
import type { Controls } from '../support/sandbox.ts'
import { onProduct } from '../support/stage.ts'

let product: Product
let member: Member
let sandbox: Controls

onProduct((stage) => {
  ;({ product, member, sandbox } = stage)
})

describe('whose reports a list shows', () => {
  const made = {
    user: (own: Record<string, string>) => userInstance(product, member, { configuration: own }),
    company: (own: Record<string, string>) => companyInstance(product, member, { configuration: own }),
  }
  it.each([
    ['user', undefined, undefined, false, 'own'],
    ['user', 'own', undefined, false, 'own'],
    ['user', 'all', undefined, true, undefined],
    ['user', 'all', `user='${adminLogin}'`, false, undefined],
    ['user', undefined, `user='ALL'`, true, undefined],
    ['company', undefined, undefined, true, undefined],
    ['company', 'all', undefined, true, undefined],
    ['company', 'own', undefined, false, 'own'],
    ['company', undefined, `user='${adminLogin}'`, false, undefined],
  ] as const)(
    '%s, set to %s, where %s: everybody’s %s, Elements-Scope %s',
    async (kind, set, where, all, scope) => {
      const instance = await made[kind](set === undefined ? {} : { 'concur.report.owner': set })
      for (const resource of ['reports', 'expenses']) {
        const { requests } = await sandbox.during(async () => {
          const reply = await instance.call(`/${resource}`, {
            query: { pageSize: '1', ...(where === undefined ? {} : { where }) },
          })
          expect(reply.status, reply.text).toBe(200)
          expect(reply.headers['elements-scope']).toBe(scope)
        })
        expect(requests[0]?.path.includes('user=ALL'), resource).toBe(all)
      }
    },
  )

  it('is own or all, in whatever case, and nothing else', async () => {
    const instance = await userInstance(product, member, { configuration: { 'concur.report.owner': 'ALL' } })
    expect((await instance.reports()).headers['elements-scope']).toBeUndefined()
    const reply = await instance.patch({ configuration: { 'concur.report.owner': 'everybody' } })
    expect([reply.status, reply.json.code]).toEqual([400, 'bad-request'])
    expect(reply.json.message).toMatch(/concur\.report\.owner: 'everybody' is none of own, all/)
    expect((await instance.patch({ configuration: { 'concur.report.owner': '' } })).status).toBe(200)
    expect((await instance.reports()).headers['elements-scope']).toBe('own')
  })

  it('takes effect at once when it is changed', async () => {
    const instance = await userInstance(product, member)
    expect((await instance.reports()).headers['elements-scope']).toBe('own')
    await instance.patch({ configuration: { 'concur.report.owner': 'all' } })
    const { requests } = await sandbox.during(() => instance.reports())
    expect(requests[0]?.path).toContain('user=ALL')
  })

  it('is refused with the vendor’s words when the person may not, and never narrowed in silence', async () => {
    const people = await (await userInstance(product, member)).call('/users', {
      query: { where: `active='true'`, pageSize: '5' },
    })
    const { LoginID: login } = people.json.find((row: { LoginID: string }) => row.LoginID !== adminLogin)
    const instance = await userInstance(product, member, {
      login,
      configuration: { 'concur.report.owner': 'all' },
    })
    const reply = await instance.reports()
    expect([reply.status, reply.json.code]).toEqual([403, 'provider-denied'])
  })
})
