import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { operations } from './operations.ts'
import { type Client, itemsOf, type Json, openClient } from './test-client.ts'
import { openContract } from './test-contract.ts'

/** Replies against the vendor's machine-readable schemas, where a copy of them stands beside the project. */
const folder = join(process.cwd(), '../shared/concur-openapi')
const isThere = existsSync(folder)
if (!isThere) {
  process.stdout.write(
    'contract of the Concur sandbox: skipped, no folder ../shared/concur-openapi beside the project\n',
  )
}

/** Where the schemas are wrong or behind the pages; each with its reason. */
const exceptions: Readonly<Record<string, string>> = {
  'EntryGet.ExpenseID': 'in the page since October 2024, missing in the schema',
  'ReportCollection.Items': 'declared as one object, is an array',
  'UserCollection.Items': 'declared as one object, is an array',
  'EntryCollection.Items': 'declared as one object, is an array',
}

interface Schema {
  readonly type?: string
  readonly $ref?: string
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
}

const fits = (type: string | undefined, value: unknown): boolean => {
  if (type === undefined) return true
  if (type === 'array') return Array.isArray(value)
  if (type === 'integer') return Number.isInteger(value)
  return typeof value === type
}

/** All places where a value has a property that its schema lacks, or another type; null is always allowed. */
const differences = (document: Json, name: string, schema: Schema, value: unknown): string[] => {
  const target = schema.$ref === undefined ? schema : (resolve(document, schema.$ref) ?? schema)
  if (value === null) return []
  if (!fits(target.type, value)) return [`${name}: is no ${String(target.type)}`]
  if (Array.isArray(value)) {
    return value.flatMap((item) => differences(document, `${name}[]`, target.items ?? {}, item))
  }
  const known = target.properties
  if (known === undefined || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, inner]) => {
    const property = known[key]
    if (exceptions[`${name}.${key}`] !== undefined) return []
    return property === undefined
      ? [`${name}.${key}: not in the schema`]
      : differences(document, `${name}.${key}`, property, inner)
  })
}

const resolve = (document: Json, reference: string): Schema | undefined => {
  let value: unknown = document
  for (const part of reference.slice(2).split('/')) value = (value as Json | undefined)?.[part]
  return value as Schema | undefined
}

describe.skipIf(!isThere)('the sandbox against the vendor’s schemas', () => {
  let client: Client
  let token: string
  beforeAll(async () => {
    client = await openClient({ reports: 120 })
    token = await client.token()
  })
  afterAll(() => client.close())
  const load = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Json

  it.each([
    [
      'v3-0/Reports.swagger2.json',
      'reports',
      'ReportGet',
      'ReportPost',
      { Name: 'x', Purpose: 'y', Custom2: 'z' },
    ],
    [
      'v3-0/Entries.swagger2.json',
      'entries',
      'EntryGet',
      'EntryPost',
      {
        ...{ ReportID: 'X', ExpenseTypeCode: 'TAXIX', PaymentTypeID: 'p', TransactionCurrencyCode: 'EUR' },
        ...{ TransactionDate: '2026-01-01', TransactionAmount: 3 },
        Journey: { StartLocation: 'A', EndLocation: 'B', UnitOfMeasure: 'M' },
      },
    ],
  ])('agrees with %s', async (file, resource, getName, postName, body) => {
    const document = load(file)
    const path = `/api/v3.0/expense/${resource}`
    const ref = (name: string): Schema => ({ $ref: `#/definitions/${name}` })
    expect(differences(document, postName, ref(postName), body)).toEqual([])
    const made = await client.post(path, body, token)
    expect(differences(document, 'CreateResponse', ref('CreateResponse'), made.json)).toEqual([])
    const one = await client.get(String(made.json['URI']), token)
    const page = await client.get(`${path}?user=ALL&limit=100`, token)
    const collection = `${resource === 'reports' ? 'Report' : 'Entry'}Collection`
    expect(differences(document, collection, ref(collection), page.json)).toEqual([])
    for (const row of [one.json, ...itemsOf(page)]) {
      expect(differences(document, getName, ref(getName), row)).toEqual([])
      const wanted = Object.keys(resolve(document, `#/definitions/${getName}`)?.properties ?? {})
      expect(wanted.filter((key) => !(key in row))).toEqual([])
    }
  })

  it('agrees with v3-0/Users.swagger2.json', async () => {
    const document = load('v3-0/Users.swagger2.json')
    const login = { username: 'admin@sandbox.example', password: 'sandbox', scope: 'USER' }
    const { json } = await client.grant({ grant_type: 'password', ...login })
    const page = await client.get('/api/v3.0/common/users', String(json['access_token']))
    const collection = { $ref: '#/definitions/UserCollection' }
    expect(differences(document, 'UserCollection', collection, page.json)).toEqual([])
    for (const row of itemsOf(page)) {
      expect(differences(document, 'User', { $ref: '#/definitions/User' }, row)).toEqual([])
      expect(Object.keys(row)).toEqual(Object.keys(resolve(document, '#/definitions/User')?.properties ?? {}))
    }
  })

  it('agrees with v4-1/Identity.swagger2.json', async () => {
    const document = load('v4-1/Identity.swagger2.json')
    const page = await client.get('/profile/identity/v4.1/Users', token)
    const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` })
    expect(differences(document, 'UserList', ref('UserList'), page.json)).toEqual([])
    const wrong = await client.post('/profile/identity/v4.1/Users/.search', { schemas: [] }, token)
    // The schema leaves out `schemas`, which every SCIM error has.
    const { schemas, ...rest } = wrong.json
    expect(schemas).toHaveLength(2)
    expect(differences(document, 'ErrorResponse', ref('ErrorResponse'), rest)).toEqual([])
  })

  it('notices a field that the schema does not know', () => {
    const document = load('v3-0/Reports.swagger2.json')
    const row = { Totl: 1, Total: 'x' }
    expect(differences(document, 'ReportGet', { $ref: '#/definitions/ReportGet' }, row)).toHaveLength(2)
  })

  it('notices what the shared checks of the other tests are for', () => {
    const contract = openContract()
    const url = 'http://here/list/v4/lists/x'
    contract.see('GET', url, 200, { id: 'x', valu: 1, levelCount: 'one' })
    contract.see('GET', 'http://here/expenseconfig/v4/users/x/paymenttypes', 200, [{ paymentTypeID: 'CASH' }])
    const v3 = 'http://here/api/v3.0/common/lists'
    contract.see('GET', v3, 200, { Items: [{ ID: 'x' }, { ID: 7 }], NextPage: null })
    expect(contract.problems().map((problem) => problem.replace(/^.*json: /, ''))).toEqual([
      ...['ListResponse.valu: not in the schema', 'ListResponse.levelCount: is no integer'],
      'expense-expense-config-v4.expense.config/3.json[].paymentTypeID: not in the example',
      'ListGet.ID: is no string',
    ])
    expect(contract.count()).toEqual({ replies: 2, operations: 2, samples: 1 })
  })

  it('tells which operations no schema or example stands for', () => {
    const contract = openContract()
    const vendors = operations.filter(({ family }) => !['oauth', 'legacy'].includes(family))
    const path = (each: string) => each.replace(/\{\w+\}/g, 'x')
    const uncovered = vendors.filter((each) => !contract.covers(each.method, path(each.path)))
    const names = uncovered.map(({ name }) => name)
    process.stdout.write(
      `contract: ${String(vendors.length - names.length)} of ${String(vendors.length)} operations have a schema or an example; none: ${names.join(', ')}\n`,
    )
    expect(names).toContain('wild.reports')
    expect(names).not.toContain('reports-v4.get')
    expect(names.length).toBeLessThan(vendors.length / 4)
  })
})
