import { beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '#src/lib/json.ts'
import type { Answer } from '../support/client.ts'
import { adminLogin, type Connected, companyInstance, userInstance } from '../support/grants.ts'
import type { Member, Product } from '../support/product.ts'
import type { Controls } from '../support/sandbox.ts'
import { onProduct } from '../support/stage.ts'

let product: Product
let member: Member
let sandbox: Controls

onProduct((stage) => {
  ;({ product, member, sandbox } = stage)
})

const ways: readonly [title: string, make: () => Promise<Connected>][] = [
  ['a company', () => companyInstance(product, member)],
  ['an administrator', () => userInstance(product, member, { login: adminLogin })],
]

const expenseOf = (reportId: string): JsonObject => ({
  ReportID: reportId,
  ...{ ExpenseTypeCode: 'TAXIX', PaymentTypeID: 'p', TransactionCurrencyCode: 'EUR' },
  ...{ TransactionDate: '2026-01-01', TransactionAmount: 3 },
})

const refused = (reply: Answer): string => {
  expect([reply.status, reply.json.code], reply.text).toEqual([400, 'bad-request'])
  return reply.json.message
}

describe.each(ways)('custom and organization-unit fields, for %s', (_title, make) => {
  let instance: Connected
  const post = (path: string, body: JsonObject) => instance.call(path, { method: 'POST', body })
  const patch = (path: string, body: JsonObject) => instance.call(path, { method: 'PATCH', body })
  const newReport = async (fields: JsonObject = {}): Promise<JsonObject> => {
    const made = await post('/reports', { Name: 'Fields', ...fields })
    expect(made.status, made.text).toBe(200)
    return made.json
  }
  const newExpense = async (fields: JsonObject = {}): Promise<JsonObject> => {
    const made = await post('/expenses', { ...expenseOf(String((await newReport()).ID)), ...fields })
    expect(made.status, made.text).toBe(200)
    return made.json
  }
  const pathOf = (row: JsonObject): string =>
    row.ExpenseID === undefined ? `/reports/${row.ID}` : `/expenses/${encodeURIComponent(String(row.ID))}`
  const rows = [
    ['reports', newReport],
    ['expenses', newExpense],
  ] as const

  beforeAll(async () => {
    instance = await make()
  })

  it.each(rows)(
    'of %s are written as text or code, and as the objects that were read',
    async (_name, make) => {
      // The child stands before its parent: it is sent after it all the same.
      const row = await make({ OrgUnit2: 'NORTH', OrgUnit1: 'SLS', Custom1: 'P-200', Custom3: 'Order 7' })
      const held = {
        OrgUnit1: { Type: 'ConnectedList', Value: 'Sales', Code: 'SLS' },
        OrgUnit2: { Type: 'ConnectedList', Value: 'Sales North', Code: 'NORTH' },
        Custom1: { Type: 'List', Value: 'Orchard', Code: 'P-200' },
        Custom3: { Type: 'Text', Value: 'Order 7' },
      }
      expect(row).toMatchObject(held)
      const other = await make()
      const { OrgUnit1, OrgUnit2, Custom1, Custom3 } = row as Record<string, JsonObject>
      const copied = await patch(pathOf(other), {
        Custom3: Custom3 ?? null,
        OrgUnit2: OrgUnit2 ?? null,
        Custom1: Custom1 ?? null,
        OrgUnit1: OrgUnit1 ?? null,
      })
      expect(copied.json, copied.text).toMatchObject(held)
      const cleared = await patch(pathOf(other), { Custom1: null })
      expect(cleared.status, cleared.text).toBe(200)
      expect(cleared.json.Custom1).toBeUndefined()
    },
  )

  describe.each([
    ['refuses', undefined],
    ['keeps as text', 'keep'],
    ['loses', 'lose'],
  ] as const)('with a code that the list has not, which the vendor %s', (_does, value) => {
    const faults = async () => {
      await sandbox.faults(...(value === undefined ? [] : [{ fault: 'list-codes', value }]))
    }
    it.each(rows)('%s: a change is 400 and names field, code and list', async (_name, make) => {
      await make({ Custom4: 'CC1007' })
      const row = await make({ Custom4: 'CC1003' })
      await faults()
      const words = refused(await patch(pathOf(row), { Custom4: 'CC-NONE' }))
      expect(words).toMatch(/^Custom4: 'CC-NONE' is no code of the list Cost centres \([0-9a-f-]{36}\)/)
    })

    it.each(rows)('%s: a create is 400, and nothing is there', async (name, make) => {
      await make({ Custom4: 'CC1007' })
      const body = name === 'reports' ? { Name: 'Never' } : expenseOf(String((await make()).ReportID))
      await faults()
      const words = refused(await post(`/${name}`, { ...body, Custom4: 'CC-NONE' }))
      expect(words).toMatch(/^Custom4: 'CC-NONE' is no code of the list Cost centres \([0-9a-f-]{36}\)/)
      const where = name === 'reports' ? `Name = 'Never'` : `reportID = '${body.ReportID}'`
      const left = await instance.call(`/${name}`, { query: { where } })
      expect(left.json, left.text).toHaveLength(name === 'reports' ? 0 : 1)
    })
  })

  it.each(rows)('of %s: a child is looked for below the parent that is sent or held', async (_name, make) => {
    await make({ OrgUnit1: 'SLS', OrgUnit2: 'NORTH' })
    const row = await make({ OrgUnit1: 'SLS' })
    const words = refused(await patch(pathOf(row), { OrgUnit2: 'MOON' }))
    expect(words).toMatch(
      /^OrgUnit2: 'MOON' is no code of the list Departments \(.*\) below 'SLS' of OrgUnit1/,
    )
    const both = refused(await patch(pathOf(row), { OrgUnit2: 'NORTH', OrgUnit1: 'NONE' }))
    expect(both).toMatch(/^OrgUnit1: 'NONE' is no code of the list Departments/)
  })

  it('leaves the vendor’s words where no code is wrong, and costs a good write no call more', async () => {
    const row = await newReport({ Custom4: 'CC1007' })
    const wrong = await patch(pathOf(row), { Custom4: 'CC1003', UserDefinedDate: 'soon' })
    expect([wrong.status, wrong.json.code], wrong.text).toEqual([400, 'provider-refused'])
    expect(wrong.json.providerMessage).toContain('UserDefinedDate')
    const { requests } = await sandbox.during(() => patch(pathOf(row), { Custom4: 'CC1004' }))
    expect(requests.map(({ method }) => method)).toEqual(['PUT', 'GET'])
  })
})
