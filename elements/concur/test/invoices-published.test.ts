import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Resource } from '#src/element/index.ts'
import { isJsonObject, type Json, type JsonObject } from '#src/lib/json.ts'
import { onSmallVendor } from '../../../test/support/small-vendor.ts'
import { concur } from '../index.ts'

/** SAP's published specifications: data of third parties, beside the project, never in it. */
const above = join(import.meta.dirname, '..', '..', '..')
/** Built tests lie one folder deeper. */
const root = above.endsWith('dist') ? join(above, '..') : above
const openapi = join(root, '..', 'shared', 'concur-openapi')
const here = existsSync(openapi)
if (!here) process.stdout.write("skipped: SAP Concur's published specifications are not beside the project\n")

interface Property {
  readonly $ref?: string
}
interface Spec {
  readonly definitions: Readonly<Record<string, { readonly properties: Readonly<Record<string, Property>> }>>
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly parameters: readonly { readonly name: string }[] }>>>
  >
}

const { vendor, engine, connect } = await onSmallVendor()
const { resources } = concur({})
const resource = (name: string): Resource => resources[name] as Resource
const specOf = (...path: string[]): Spec => JSON.parse(readFileSync(join(openapi, ...path), 'utf8')) as Spec
const namesOf = (spec: Spec, definition: string) =>
  Object.keys(spec.definitions[definition]?.properties ?? {}).sort()
const fieldsWith = ({ fields }: Resource, ...access: readonly string[]) =>
  Object.entries(fields)
    .filter(([, field]) => access.includes(field.access))
    .map(([name]) => name)
const read = (of: Resource) => fieldsWith(of, 'read', 'write', 'once').sort()

/** Members of a body that the definition has not, at any depth. */
const unknownIn = (spec: Spec, definition: string, body: Json, path = ''): readonly string[] => {
  if (Array.isArray(body)) return body.flatMap((item: Json) => unknownIn(spec, definition, item, path))
  if (!isJsonObject(body)) return []
  const { properties = {} } = spec.definitions[definition] ?? {}
  return Object.entries(body).flatMap(([name, value]) => {
    const property = properties[name]
    if (property === undefined) return [`${path}${name}`]
    const inner = property.$ref?.split('/').at(-1)
    return inner === undefined ? [] : unknownIn(spec, inner, value, `${path}${name}.`)
  })
}

/** The bodies of the writes that a run causes; every read is answered with `row`. */
const bodiesOf = async (row: Json, run: () => Promise<unknown>): Promise<readonly Json[]> => {
  vendor.answer(({ method }) => ({ body: method === 'GET' ? row : { ID: 'made' } }))
  await run()
  return vendor.received().flatMap(({ body }) => (body === undefined ? [] : [body]))
}

/** A value for each field that can be written, under every name. */
const filled = (of: Resource, access: readonly string[]): JsonObject =>
  Object.fromEntries(fieldsWith(of, ...access).map((name) => [name, 'x']))

const rowOf = (spec: Spec, definition: string): JsonObject =>
  Object.fromEntries(
    Object.entries(spec.definitions[definition]?.properties ?? {}).map(([name, { $ref }]) => {
      const inner = $ref?.split('/').at(-1)
      return [name, inner === undefined ? 'x' : rowOf(spec, inner)]
    }),
  )

describe.runIf(here)('what SAP Concur published of payment requests', () => {
  const spec = here ? specOf('v3-0', 'PaymentRequest.swagger2.json') : { definitions: {}, paths: {} }
  const payments = resource('payments')
  const writable = ['write', 'once', 'write-only', 'change-only']
  const lines = { LineItem: [rowOf(spec, 'LineItem'), { ...rowOf(spec, 'PaymentRequestLineItemPut') }] }
  const vendorAddress = { ...rowOf(spec, 'VendorIdentifier'), City: 'Bonn', State: null }
  const everything = {
    ...filled(payments, writable),
    LineItems: lines,
    VendorRemitToIdentifier: vendorAddress,
  }
  const row = { ID: 'made' }

  it('has every field that is read', () => {
    expect(read(payments)).toEqual(namesOf(spec, 'PaymentRequest'))
  })

  it('takes every body that is created, and all of its fields can be sent', async () => {
    const { connection } = connect(payments)
    const [body = {}] = await bodiesOf(row, () => engine.create(connection, payments, everything, {}))
    expect(unknownIn(spec, 'PaymentRequestPost', body)).toEqual([])
    expect(
      namesOf(spec, 'PaymentRequestPost').filter((name) => !Object.hasOwn(body as object, name)),
    ).toEqual([])
    const { LineItems, VendorRemitToIdentifier } = body as Record<string, JsonObject[] | JsonObject>
    const [, line] = LineItems as JsonObject[]
    expect(namesOf(spec, 'PaymentRequestLineItemPost').filter((name) => line?.[name] === undefined)).toEqual([
      'TotalPrice',
    ])
    expect(Object.keys(VendorRemitToIdentifier as JsonObject).sort()).toEqual(
      namesOf(spec, 'VendorIdentifier'),
    )
  })

  it('takes every body that is changed, what was read included', async () => {
    const { connection } = connect(payments)
    const [body = {}] = await bodiesOf(row, () =>
      engine.update(connection, payments, { id: 'a/1' }, everything),
    )
    expect(unknownIn(spec, 'PaymentRequestPut', body)).toEqual([])
    expect(namesOf(spec, 'PaymentRequestPut').filter((name) => !Object.hasOwn(body as object, name))).toEqual(
      [],
    )
    expect(body).toMatchObject({ RequestID: 'a/1', LineItems: [{ LineItemID: 'x' }, { Action: 'x' }] })
    const again = rowOf(spec, 'PaymentRequest')
    const [whole = {}] = await bodiesOf(row, () => engine.update(connection, payments, { id: 'a' }, again))
    expect(unknownIn(spec, 'PaymentRequestPut', whole)).toEqual([])
  })
})

describe.runIf(here)('what SAP Concur published of digests', () => {
  const digests = resource('payments-digests')

  it('has every field and search name, and the page the others', () => {
    const spec = specOf('v3-0', 'PaymentRequestDigest.swagger2.json')
    const onPage = ['ExtractedDate', 'LastModifiedDate', 'PaymentMethod']
    expect(read(digests)).toEqual([...namesOf(spec, 'PaymentRequestDigest'), ...onPage].sort())
    const known = spec.paths['/invoice/paymentrequestdigests']?.get?.parameters.map(({ name }) => name) ?? []
    const ours = digests.filters.map(({ param }) => param)
    const pageOnly = [
      'extractedDateAfter',
      'extractedDateBefore',
      'lastModifiedDateAfter',
      'lastModifiedDateBefore',
    ]
    expect([...ours, 'offset', 'limit'].sort()).toEqual([...known, ...pageOnly, 'payMethodType'].sort())
  })
})

describe.runIf(here)('what SAP Concur published of vendors', () => {
  const spec = here ? specOf('v3-1', 'Vendors.swagger2.json') : { definitions: {}, paths: {} }
  const vendors = resource('vendors')

  it('has every field and search name', () => {
    expect(read(vendors).filter((name) => name !== 'id')).toEqual(namesOf(spec, 'Vendor'))
    const known = spec.paths['/invoice/vendors']?.get?.parameters.map(({ name }) => name) ?? []
    expect([...vendors.filters.map(({ param }) => param), 'offset', 'limit'].sort()).toEqual(
      [...known].sort(),
    )
  })

  it('takes every body that is sent', async () => {
    const { connection } = connect(vendors)
    const body = filled(vendors, ['write', 'once'])
    const [created] = await bodiesOf({}, () => engine.create(connection, vendors, body, {}))
    const row = { Vendor: [{ VendorCode: 'v', AddressCode: 'a', CountryCode: 'DE', CurrencyCode: 'EUR' }] }
    const [changed] = await bodiesOf(row, () =>
      engine.update(connection, vendors, { id: 'v~a' }, { City: 'Ely' }),
    )
    for (const sent of [created, changed])
      expect(unknownIn(spec, 'VendorCollection', sent ?? null)).toEqual([])
    expect(Object.keys((created as { Vendor: JsonObject[] }).Vendor[0] ?? {})).toHaveLength(
      namesOf(spec, 'Vendor').length -
        ['ID', 'URI', 'VendorBankList', 'VendorGroupList', 'StatusList'].length,
    )
    expect(changed).toEqual({ Vendor: [{ ...row.Vendor[0], City: 'Ely' }] })
  })

  it.each([
    ['vendor-banks', 'VendorBank', {}],
    ['vendor-groups', 'VendorGroup', { vendorCode: 'v', addressCode: 'a' }],
  ])('takes every body of %s, however a caller sends it', async (name, definition, given) => {
    const part = specOf('v3-1', `${definition}.swagger2.json`)
    const of = resource(name)
    expect(read(of).filter((field) => field !== 'StatusList')).toEqual(
      namesOf(part, definition).filter((field) => field !== 'StatusList'),
    )
    const { connection } = connect(of)
    const record = { ...filled(of, ['read', 'write']), Odd: 1 }
    for (const sent of [record, [record], { [definition]: [record] }]) {
      const [body = {}] = await bodiesOf({}, () => engine.updateAll(connection, of, given, sent))
      expect(unknownIn(part, `${definition}Collection`, body)).toEqual([])
      expect(body).toEqual({ [definition]: [filled(of, ['write'])] })
    }
  })
})

describe.each(['payments', 'payments-digests', 'vendors', 'vendor-banks', 'vendor-groups'])('%s', (name) => {
  it('says of each field what it is, and of each call whose grant and which scope it takes', () => {
    const { fields, verbs } = resource(name)
    for (const [field, { description = '' }] of Object.entries(fields)) {
      expect(description, `${name}.${field}`).toMatch(/^[A-Z].{7,}\.$/)
    }
    for (const verb of Object.values(verbs)) {
      if (verb === undefined || !('method' in verb)) continue
      expect(verb.principals).toEqual(['user', 'company'])
      expect(verb.scopes).toEqual([name.startsWith('payments') ? 'INVPMT' : 'INVVEN'])
    }
  })
})
