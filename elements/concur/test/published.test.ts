import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Resource } from '#src/element/index.ts'
import { toHubRow, toVendorBody } from '#src/engine/rows.ts'
import { isJsonObject, type Json, type JsonObject } from '#src/lib/json.ts'
import { concur } from '../index.ts'

/** SAP's published specifications and payloads: data of third parties, beside the project, never in it. */
const above = join(import.meta.dirname, '..', '..', '..')
/** Built tests lie one folder deeper. */
const root = above.endsWith('dist') ? join(above, '..') : above
const shared = join(root, '..', 'shared')
const openapi = join(shared, 'concur-openapi')
const samples = join(shared, 'concur-samples')
const here = existsSync(openapi) && existsSync(samples)
if (!here) process.stdout.write("skipped: SAP Concur's published specifications are not beside the project\n")

interface Swagger {
  readonly definitions: Readonly<Record<string, { readonly properties: Readonly<Record<string, Property>> }>>
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly parameters: readonly { readonly name: string }[] }>>>
  >
}
interface Property {
  readonly type?: string
  readonly format?: string
  readonly $ref?: string
}

const read = <T>(...path: string[]): T => JSON.parse(readFileSync(join(...path), 'utf8')) as T
const element = concur({})
const { reports, expenses, users } = element.resources as Record<'reports' | 'expenses' | 'users', Resource>
const readme = readFileSync(join(root, 'elements', 'concur', 'README.md'), 'utf8')
const dropped = new Set(
  [...(readme.split('## Dropped')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? ''),
)

/** Fields that the page names and the specification does not. */
const notInSpecification: Readonly<Record<string, readonly string[]>> = {
  reports: [],
  expenses: ['ExpenseID', 'Comment'],
  // The page's own sample of a search has it.
  search: ['schemas'],
}

const arbitrary = (spec: Swagger, property: Property): fc.Arbitrary<Json> => {
  if (property.$ref !== undefined)
    return fc.option(rowOf(spec, property.$ref.split('/').pop() ?? ''), { nil: null })
  if (property.type === 'number')
    return fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }), { nil: null })
  if (property.type === 'integer') return fc.option(fc.integer(), { nil: null })
  if (property.type === 'boolean') return fc.boolean()
  if (property.format === 'date-time') return fc.option(fc.constant('2026-02-03T08:11:20.147'), { nil: null })
  return fc.option(fc.string(), { nil: null })
}

const rowOf = (spec: Swagger, name: string): fc.Arbitrary<JsonObject> =>
  fc.record(
    Object.fromEntries(
      Object.entries(spec.definitions[name]?.properties ?? {}).map(([key, property]) => [
        key,
        arbitrary(spec, property),
      ]),
    ),
  )

const plainTypes: Readonly<Record<string, string>> = {
  number: 'number',
  integer: 'number',
  boolean: 'boolean',
}

/** The kit's word for a type of the specification. */
const typeOf = ({ type = '', format, $ref }: Property): string => {
  if ($ref !== undefined) return 'object'
  return format === 'date-time' ? 'datetime' : (plainTypes[type] ?? 'text')
}

const leaves = (
  value: Json,
  path: readonly string[] = [],
): readonly { path: readonly string[]; value: Json }[] => {
  if (Array.isArray(value)) return value.flatMap((item: Json) => leaves(item, path))
  if (isJsonObject(value))
    return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]))
  return [{ path, value }]
}

interface Node {
  readonly type?: string
  readonly enum?: readonly string[]
  readonly properties?: Readonly<Record<string, Node>>
  readonly items?: Node
}

const pathsOf = (node: Node, path = ''): readonly string[] => {
  if (node.items !== undefined) return pathsOf(node.items, path)
  if (node.properties === undefined) return [path]
  return Object.entries(node.properties).flatMap(([name, inner]) =>
    pathsOf(inner, path === '' ? name : `${path}.${name}`),
  )
}

const isDropped = (path: string): boolean =>
  [...dropped].some((name) => path === name || path.startsWith(`${name}.`))

const arbitraryOf = (node: Node): fc.Arbitrary<Json> => {
  if (node.items !== undefined) return fc.array(arbitraryOf(node.items), { maxLength: 3 })
  if (node.properties !== undefined) {
    const fields = Object.entries(node.properties).map(([name, inner]) => [name, arbitraryOf(inner)] as const)
    return fc.record(Object.fromEntries(fields), { requiredKeys: [] }) as fc.Arbitrary<Json>
  }
  if (node.enum !== undefined) return fc.constantFrom(...node.enum)
  if (node.type === 'boolean') return fc.boolean()
  return node.type === 'integer' ? fc.integer() : fc.string()
}

const withoutAbsent = (row: Record<string, unknown>): object =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined))

/** The field table of spec/concur.md 8.1, written a second time, by hand. */
const expectedPerson = (person: JsonObject): object => {
  // biome-ignore lint/suspicious/noExplicitAny: generated data of any shape is read here on purpose.
  const one = person as any
  const items = (list: unknown): Record<string, unknown>[] => (Array.isArray(list) ? list : [])
  return withoutAbsent({
    ID: one.id,
    id: one.id,
    LoginID: one.userName,
    Active: one.active,
    FirstName: one.name?.givenName,
    MiddleName: one.name?.middleName,
    LastName: one.name?.familyName,
    PrimaryEmail: items(one.emails).find((mail) => mail.type === 'work')?.value,
    CellPhoneNumber: items(one.phoneNumbers).find(
      (phone) => phone.type === 'mobile' && phone.primary === true,
    )?.value,
    EmployeeID: one['urn:ietf:params:scim:schemas:extension:enterprise:2.0:User']?.employeeNumber,
    URI: one.meta?.location,
  })
}

/** The parameters of a listing that is asked for page by page. */
const paging = ({ page }: Resource): { readonly cursorParam: string; readonly sizeParam: string } => {
  if ('sizeParam' in page) return page
  throw new Error('its pages have no size')
}

const pathOf = (verb: object | undefined): string =>
  verb !== undefined && 'path' in verb ? String(verb.path) : ''

describe.runIf(here)('what SAP Concur published', () => {
  describe.each([
    ['reports', reports, 'Reports', 'Report', '/expense/reports'],
    ['expenses', expenses, 'Entries', 'Entry', '/expense/entries'],
  ] as const)('of %s', (name, resource, file, stem, path) => {
    const spec = here
      ? read<Swagger>(openapi, 'v3-0', `${file}.swagger2.json`)
      : { definitions: {}, paths: {} }
    const properties = (definition: string) => Object.keys(spec.definitions[definition]?.properties ?? {})

    it('has every search parameter, and the element no other', () => {
      const known = (spec.paths[path]?.get?.parameters ?? []).map((parameter) => parameter.name)
      const own = [paging(resource).cursorParam, paging(resource).sizeParam]
      const ours = [...new Set(resource.filters.map((filter) => filter.sentAs ?? filter.param))]
      expect([...ours, ...own].sort()).toEqual([...known].sort())
      if (name === 'reports') expect(ours).toHaveLength(32)
    })

    it('has every field of a row, with its type', () => {
      const extra = notInSpecification[name] ?? []
      const readable = Object.entries(resource.fields)
        .filter(([, field]) => !field.access.endsWith('-only'))
        .map(([field]) => field)
      expect(readable.filter((field) => !extra.includes(field)).sort()).toEqual(
        [...properties(`${stem}Get`)].sort(),
      )
      for (const [field, property] of Object.entries(spec.definitions[`${stem}Get`]?.properties ?? {})) {
        expect(resource.fields[field]?.type, field).toBe(typeOf(property))
      }
    })

    it('takes every field that the element writes', () => {
      const writable = Object.entries(resource.fields)
        .filter(([, field]) => field.access !== 'read')
        .map(([field]) => field)
      expect(writable.sort()).toEqual([...properties(`${stem}Post`)].sort())
      const row = Object.fromEntries(Object.keys(resource.fields).map((field) => [field, 'x']))
      expect(Object.keys(toVendorBody(resource, row, true).body).sort()).toEqual(
        [...properties(`${stem}Put`)].sort(),
      )
    })

    it('comes out whole, whatever a row of the specification holds', () => {
      fc.assert(
        fc.property(rowOf(spec, `${stem}Get`), fc.constant('6F0B2C41D7A94E58B3C1'), (row, id) => {
          const shown = toHubRow(resource, { ...row, ID: id })
          expect(shown).toEqual({ ...row, ID: id, id })
        }),
        { numRuns: 200 },
      )
    })
  })

  it('of people takes the addresses, parameters and bodies that the element sends', () => {
    const spec = read<{
      paths: Record<string, { get?: { parameters: { name: string }[] }; post?: object }>
      components: { schemas: Record<string, { properties: Record<string, unknown> }> }
    }>(openapi, 'v4-1', 'Identity.swagger2.json')
    const base = '/profile/identity/v4.1'
    expect(users.verbs.search?.path).toBe(`${base}/Users`)
    const known = spec.paths['/Users']?.get?.parameters.map(({ name }) => name)
    expect(known).toEqual(expect.arrayContaining([paging(users).sizeParam, paging(users).cursorParam]))
    expect(pathOf(users.verbs.retrieve)).toBe(`${base}/Users/{id}`)
    expect(spec.paths['/Users/{id}']?.get).toBeDefined()
    const style = users.filterStyle
    if (style.kind !== 'scim') throw new Error('users are searched by SCIM')
    expect(style.searchPath).toBe(`${base}/Users/.search`)
    expect(spec.paths['/Users/.search']?.post).toBeDefined()
    const published = Object.keys(spec.components.schemas.SearchRequest?.properties ?? {})
    const body = [...published, ...(notInSpecification.search ?? [])]
    expect(body).toEqual(
      expect.arrayContaining(['schemas', 'filter', paging(users).sizeParam, paging(users).cursorParam]),
    )
  })

  it('of people comes out whole but for what the README says is dropped', () => {
    const spec = read<{ components: { schemas: Record<string, Node> } }>(
      openapi,
      'v4-1',
      'Identity.swagger2.json',
    )
    const person = spec.components.schemas.User ?? {}
    const mapped = Object.values(users.fields).map(({ from = [] }) =>
      from.filter((step) => typeof step === 'string').join('.'),
    )
    const paths = pathsOf(person)
    expect(paths.length).toBeGreaterThan(50)
    const lost = paths.filter((path) => !mapped.includes(path) && !isDropped(path))
    expect(lost).toEqual([])
    fc.assert(
      fc.property(arbitraryOf(person), fc.uuid(), (row, id) => {
        const vendor = { ...(row as JsonObject), id }
        const shown = toHubRow(users, vendor)
        expect(shown).toMatchObject(expectedPerson(vendor))
      }),
      { numRuns: 200 },
    )
  })

  it('samples of reports and entries come out whole', () => {
    const found = ['expense-expense-report-v3.reports', 'expense-expense-report-expense-entry'].flatMap(
      (folder) =>
        readdirSync(join(samples, folder))
          .filter((file) => file.endsWith('.json'))
          .map((file) => read<Json>(samples, folder, file)),
    )
    const rows = found
      .flatMap((one) =>
        isJsonObject(one) && Array.isArray(one.Items) ? (one.Items as readonly Json[]) : [one],
      )
      .filter(isJsonObject)
    expect(rows.length).toBeGreaterThan(1)
    for (const row of rows) {
      const resource = 'ExpenseTypeCode' in row ? expenses : reports
      expect(toHubRow(resource, row)).toEqual({ id: row.ID, ...row })
    }
  })

  it('samples of people come out whole but for what the README says is dropped', () => {
    const people = ['profile-v4.1.identity', 'profile-v4.identity'].flatMap((folder) =>
      readdirSync(join(samples, folder))
        .filter((file) => file.endsWith('.json'))
        .map((file) => read<Json>(samples, folder, file))
        .filter(isJsonObject)
        .filter((one) => typeof one.userName === 'string' && typeof one.id === 'string'),
    )
    expect(people.length).toBeGreaterThan(1)
    for (const person of people) {
      const shown = Object.values(toHubRow(users, person))
      for (const { path, value } of leaves(person)) {
        if (value === null) continue
        const named = path
          .map((_step, at) => path.slice(0, at + 1).join('.'))
          .some((prefix) => dropped.has(prefix))
        expect(named || shown.includes(value), path.join('.')).toBe(true)
      }
    }
  })
})
