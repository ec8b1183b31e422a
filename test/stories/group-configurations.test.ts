import { describe, expect, it } from 'vitest'
import { type Connected, codeFor, companyInstance, connected, post } from '../support/grants.ts'
import { configuration } from '../support/instances.ts'
import type { Member, Product } from '../support/product.ts'
import type { Controls } from '../support/sandbox.ts'
import { onProduct } from '../support/stage.ts'

let product: Product
let member: Member
let sandbox: Controls

onProduct((stage) => {
  ;({ product, member, sandbox } = stage)
})

interface Group {
  readonly Name: string
  readonly Policies: readonly { readonly Name: string; readonly ExpenseTypes?: readonly object[] }[]
  readonly PaymentTypes: readonly { readonly ID: string; readonly Code: string }[]
}

const groupsOf = async (instance: Connected, query: Record<string, string> = {}): Promise<Group[]> => {
  const reply = await instance.call('/expense-group-configurations', { query })
  expect(reply.status, reply.text).toBe(200)
  return reply.json
}

describe('expense group configurations on Expense Config v4', () => {
  it('cost a call for each group and each policy, some to find people, and none again for minutes', async () => {
    const company = await companyInstance(product, member)
    let groups: Group[] = []
    const first = await sandbox.during(async () => {
      groups = await groupsOf(company)
    })
    expect(groups.length).toBeGreaterThan(1)
    for (const { Policies } of groups)
      for (const { ExpenseTypes } of Policies) expect(ExpenseTypes?.length).toBeGreaterThan(3)
    const policies = new Set(groups.flatMap(({ Policies }) => Policies.map(({ Name }) => Name)))
    expect(first.operations).toMatchObject({
      'config.company-groups': 1,
      'config.company-group': groups.length,
      'config.expense-types': policies.size,
      'groups-v3.list': 1,
    })
    expect(first.operations['config.group']).toBeLessThanOrEqual(48)
    const again = await sandbox.during(async () => {
      expect(await groupsOf(company)).toEqual(groups)
    })
    expect(again.operations).toEqual({})
  })

  it('ask for nothing that is not shown', async () => {
    const company = await companyInstance(product, member)
    const { operations } = await sandbox.during(async () => {
      const [group] = await groupsOf(company, { fields: 'Name' })
      expect(group).toEqual({ Name: group?.Name })
    })
    expect(Object.keys(operations).sort()).toEqual(['config.company-group', 'config.company-groups'])
  })

  it('have no expense types where nobody may see them', async () => {
    const scope = 'openid expense.config.groups.restricted.read'
    const code = await codeFor(product, member, { scope })
    const made = await post(product, member, {
      configuration: { ...configuration, 'oauth.scope': scope },
      providerData: { code },
    })
    const [own] = await groupsOf(connected(product, member, made))
    expect(own?.Policies.length).toBeGreaterThan(0)
    for (const policy of own?.Policies ?? []) expect(policy).not.toHaveProperty('ExpenseTypes')
    expect(own?.PaymentTypes.length).toBeGreaterThan(0)
  })

  it('have the codes of v4 where v3 gives no ids of payment types any more', async () => {
    const company = await companyInstance(product, member)
    await sandbox.faults({ fault: 'refuse-deprecated' })
    const groups = await groupsOf(company)
    expect(groups.length).toBeGreaterThan(1)
    for (const { PaymentTypes } of groups)
      expect(PaymentTypes.map(({ ID }) => ID)).toEqual(PaymentTypes.map(({ Code }) => Code))
  })

  it('that are not there are 404', async () => {
    const company = await companyInstance(product, member)
    const reply = await company.call('/expense-group-configurations/00000000000000000000000000000000')
    expect(reply.status).toBe(404)
  })
})
