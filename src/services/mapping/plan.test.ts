import { describe, expect, it } from 'vitest'
import type { JsonObject } from '#src/lib/json.ts'
import type { MappedField, MappingSetting, TransformationRow } from '#src/store/index.ts'
import { transformationOf } from './levels.ts'
import { compileMapping } from './plan.ts'

const resource = {
  name: 'reports',
  fields: { 'Dotted.Name': { type: 'text', access: 'write' } },
  aliases: { Old: 'New' },
} as const

const off: MappingSetting = { type: 'passThrough', properties: { fromVendor: false, toVendor: false } }

type Given = Partial<MappedField> & { readonly path: string }

const row = (fields: readonly Given[], configuration: readonly MappingSetting[] = []): TransformationRow => ({
  ...{ organizationId: 2, level: 'organization', ownerId: 2, elementKey: 'e', objectName: 'mine' },
  ...{ vendorName: 'reports', displayName: null, isLegacy: false, script: null, createdAt: new Date(0) },
  fields: fields.map((field) => ({ type: 'string', configuration: [], ...field })),
  configuration,
})

const plan = (fields: readonly Given[], configuration: readonly MappingSetting[] = []) => {
  const one = transformationOf([row(fields, configuration)])
  if (one === undefined) throw new Error('no transformation')
  return compileMapping(one, resource)
}

const map = (path: string, vendorPath: string): Given => ({ path, vendorPath })

describe('a mapping of a row', () => {
  const cases: readonly [string, readonly Given[], JsonObject, JsonObject, JsonObject?][] = [
    ['renames', [map('id', 'ID')], { ID: 'a' }, { id: 'a' }],
    ['nests', [map('owner.name', 'OwnerName')], { OwnerName: 'Ann' }, { owner: { name: 'Ann' } }],
    ['flattens', [map('owner', 'Owner.Name')], { Owner: { Name: 'Ann' } }, { owner: 'Ann' }],
    ['exchanges names', [map('a', 'b'), map('b', 'a')], { a: 1, b: 2 }, { a: 2, b: 1 }],
    [
      'takes whole lists',
      [map('lines', 'Rows[*]')],
      { Rows: [{ Title: 'x' }, 2] },
      { lines: [{ Title: 'x' }, 2] },
    ],
    ['keeps a list under another name', [map('copy[*]', 'Rows[*]')], { Rows: [1, 2] }, { copy: [1, 2] }],
    [
      'renames in the items of a list',
      [map('lines', 'Rows[*]'), map('lines[*].label', 'Rows[*].Title')],
      { Rows: [{ Title: 'x' }, { Title: 'y' }] },
      { lines: [{ label: 'x' }, { label: 'y' }] },
    ],
    [
      'renames in lists of lists',
      [map('a[*].b[*].c', 'A[*].B[*].C')],
      { A: [{ B: [{ C: 1 }, { C: 2 }] }, { B: [] }] },
      { a: [{ b: [{ c: 1 }, { c: 2 }] }, { b: [] }] },
    ],
    [
      'lists single values',
      [map('names', 'Users[*].Name')],
      { Users: [{ Name: 'a' }, { Name: 'b' }] },
      { names: ['a', 'b'] },
    ],
    ['takes an item', [map('first', 'P[0].id')], { P: [{ id: 1 }] }, { first: 1 }],
    [
      'finds an item',
      [map('n', 'P[id=4].name')],
      { P: [{ name: 'x', id: '4' }] },
      { n: 'x' },
      { P: [{ id: '4' }] },
    ],
    [
      'finds an item by an expression',
      [map('n', "P[?(@.id=='2')].name")],
      { P: [{ name: 'x', id: '2' }] },
      { n: 'x' },
      { P: [{ id: '2' }] },
    ],
    ['knows names with dots', [map('d', 'Dotted.Name')], { 'Dotted.Name': 1 }, { d: 1 }],
    ['knows other names of a field', [map('o', 'Old')], { New: 1 }, { o: 1 }],
  ]

  it.each(cases)('%s, and back', (_title, fields, vendor, common, left = {}) => {
    const only = plan(fields, [off])
    const before = structuredClone(vendor)
    expect(only.fromVendor(vendor)).toEqual(common)
    expect(only.toVendor(common)).toEqual(vendor)
    const passing = plan(fields)
    expect(passing.fromVendor(vendor)).toEqual({ ...common, ...left })
    expect(passing.toVendor(common)).toEqual(vendor)
    expect(vendor).toEqual(before)
  })

  it('counts the items of a list, which no write sets', () => {
    const { fromVendor, toVendor } = plan([map('count', 'P[*].size()')], [off])
    expect(fromVendor({ P: [1, 2, 3] })).toEqual({ count: 3 })
    expect(toVendor({ count: 3 })).toEqual({})
    expect(plan([map('count', 'P.size()')]).toVendor({ count: 3, x: 1 })).toEqual({ x: 1 })
  })

  it('passes what is not mapped, and what is mapped only under its new name', () => {
    const { fromVendor } = plan([
      map('id', 'ID'),
      map('owner.name', 'Owner.Name'),
      map('lines[*].a', 'Rows[*].A'),
    ])
    expect(fromVendor({ ID: 1, id: '1', X: 2, Owner: { Name: 'n', Id: 3 }, Rows: [{ A: 1, B: 2 }] })).toEqual(
      {
        ...{ id: 1, X: 2, Owner: { Id: 3 }, owner: { name: 'n' } },
        ...{ Rows: [{ B: 2 }], lines: [{ a: 1 }] },
      },
    )
    expect(plan([map('name', 'Absent')]).fromVendor({ name: 'the vendor’s' })).toEqual({})
  })

  it('takes a write in vendor’s names where such pass, and lets the mapped name win', () => {
    const { toVendor } = plan([map('title', 'Name'), map('owner.name', 'Owner.Name')])
    expect(toVendor({ Name: 'a', Owner: { Id: 1 } })).toEqual({ Name: 'a', Owner: { Id: 1 } })
    expect(toVendor({ Name: 'a', title: 'b', Owner: { Id: 1, Name: 'x' }, owner: { name: null } })).toEqual({
      ...{ Name: 'b', Owner: { Id: 1, Name: null } },
    })
    const body = { Owner: { Id: 1 }, owner: { name: 'n' } }
    toVendor(body)
    expect(body).toEqual({ Owner: { Id: 1 }, owner: { name: 'n' } })
  })

  it('mixes no list with another', () => {
    const { fromVendor, toVendor } = plan([map('Rows[*].a', 'Lines[*].A')])
    expect(fromVendor({ Rows: [{ other: 1 }], Lines: [{ A: 1 }] })).toEqual({ Rows: [{ a: 1 }] })
    expect(toVendor({ Rows: [{ a: 2 }], Lines: [{ A: 9, B: 9 }] })).toEqual({ Lines: [{ A: 2 }] })
  })

  it('keeps back what is removed, at any depth, in the direction that is said', () => {
    const remove = (properties: Record<string, unknown>, type = 'remove') => ({
      configuration: [{ type, properties }],
    })
    const { fromVendor, toVendor } = plan([
      { ...map('secret', 'Secret'), ...remove({ fromVendor: true }) },
      { ...map('deep', 'A.B'), ...remove({ fromVendor: 'true', toVendor: false }) },
      { ...map('fixed', 'Fixed'), ...remove({ toVendor: true }) },
      { ...map('off', 'Off'), ...remove({ fromVendor: false, toVendor: false }, 'passThrough') },
    ])
    expect(fromVendor({ Secret: 1, secret: 2, A: { B: 1, C: 2 }, Fixed: 3, Off: 4 })).toEqual({
      ...{ A: { C: 2 }, fixed: 3 },
    })
    expect(toVendor({ secret: 1, deep: 2, fixed: 3, off: 4 })).toEqual({ Secret: 1, A: { B: 2 } })
  })

  it('writes dates by their mask, and back', () => {
    const configuration = [{ type: 'transformDate', properties: { pattern: 'dd.MM.yyyy' } }]
    const { fromVendor, toVendor } = plan([{ ...map('day', 'Day'), configuration }])
    expect(fromVendor({ Day: '2026-03-09T10:00:00' })).toEqual({ day: '09.03.2026' })
    expect(fromVendor({ Day: 'soon' })).toEqual({ day: 'soon' })
    expect(toVendor({ day: '09.03.2026' })).toEqual({ Day: '2026-03-09T00:00:00' })
  })

  it('writes decimal text as a number, and refuses what a number would change', () => {
    const configuration = [{ type: 'decimalString' }]
    const { fromVendor, toVendor, toNew } = plan([{ ...map('sum.total', 'Total'), configuration }])
    expect(fromVendor({ Total: 12.5 })).toEqual({ sum: { total: '12.5' } })
    for (const way of [toVendor, toNew]) {
      expect(way({ sum: { total: ' 0.10 ' } })).toEqual({ Total: 0.1 })
      expect(way({ sum: { total: 'x' } })).toEqual({ Total: 'x' })
      expect(way({ sum: { total: null } })).toEqual({ Total: null })
      for (const total of ['9'.repeat(400), '12345678901234567.89', Number.POSITIVE_INFINITY])
        expect(() => way({ sum: { total } })).toThrow(/^sum\.total: .*Send at most 15/)
    }
  })

  it('6.2/4 sends a default as the vendor has it, and shows it as the common resource does', () => {
    const field = (path: string, vendorPath: string, more: MappingSetting, properties: object) => ({
      ...map(path, vendorPath),
      configuration: [more, { type: 'defaultValue', properties: { ...properties } }],
    })
    const decimal = { type: 'decimalString' }
    const mask = { type: 'transformDate', properties: { pattern: 'dd/MM/yyyy' } }
    const { fromVendor, toVendor, toNew } = plan([
      field('total', 'Total', decimal, { value: '0.00' }),
      field('day', 'Day', mask, { value: '01/02/2020' }),
      field('own.total', 'OwnTotal', decimal, { value: '1.00', toVendor: '2.00', fromVendor: '3.00' }),
      field('own.day', 'OwnDay', mask, { value: '01/02/2020', toVendor: '2021-01-01' }),
    ])
    expect(toNew({})).toEqual({
      ...{ Total: 0, Day: '2020-02-01T00:00:00', OwnTotal: '2.00', OwnDay: '2021-01-01' },
    })
    expect(toNew({ total: null, day: null, own: { total: '4.50' } })).toMatchObject({
      ...{ Total: 0, Day: '2020-02-01T00:00:00', OwnTotal: 4.5 },
    })
    expect(toVendor({})).toEqual({})
    expect(fromVendor({ Total: null })).toEqual({
      ...{ total: '0.00', day: '01/02/2020', own: { total: '3.00', day: '01/02/2020' } },
    })
    expect(() => plan([field('total', 'Total', decimal, { value: '9'.repeat(400) })])).toThrow(
      /^fields\.0\.configuration: defaultValue of total: '9+' has more digits/,
    )
  })

  it('passes parts of lists that are mapped in part, or not, as is said', () => {
    const fields = [map('lines', 'Rows[*]'), map('lines[*].label', 'Rows[*].Title')]
    const vendor = { Rows: [{ Title: 'x', More: 1 }] }
    expect(plan(fields).fromVendor(vendor)).toEqual({ lines: [{ label: 'x', More: 1 }] })
    expect(plan(fields, [off]).fromVendor(vendor)).toEqual({ lines: [{ label: 'x' }] })
  })

  it.each([
    ['', 'ID', /fields\.0\.path/],
    ['a..b', 'ID', /fields\.0\.path/],
    ['a[0]', 'ID', /fields\.0\.path: .*names with dots/],
    ['a', 'X[', /fields\.0\.vendorPath/],
    ['a', 'X.size().b', /fields\.0\.vendorPath/],
    ['a', `X${'.y'.repeat(30)}`, /fields\.0\.vendorPath/],
    ['a[*].b[*].c', 'X[*].c', /fields\.0\.vendorPath: .*\[\*\] in both/],
  ])('refuses %j from %j', (path, vendorPath, message) => {
    expect(() => plan([{ path, vendorPath }])).toThrow(message)
  })

  it('refuses a field that is mapped twice, and options that there are not', () => {
    expect(() => plan([map('a', 'A'), map('a', 'B')])).toThrow(/fields\.1\.path: 'a' is mapped twice/)
    const configuration = [{ type: 'transformDates' }]
    expect(() => plan([{ ...map('a', 'A'), configuration }])).toThrow(/fields\.0\.configuration\.0\.type/)
    const mask = [{ type: 'transformDate', properties: { pattern: 'yyyy-bb' } }]
    expect(() => plan([{ ...map('a', 'A'), configuration: mask }])).toThrow(/'b', which is no part of a date/)
  })

  it('survives names that reach prototypes', () => {
    const { fromVendor } = plan([map('__proto__.polluted', 'A'), map('constructor.prototype.polluted', 'A')])
    fromVendor({ A: 1 })
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    expect(Object.prototype).not.toHaveProperty('polluted')
  })
})

describe('levels', () => {
  const at = (
    level: TransformationRow['level'],
    fields: readonly Given[],
    types: readonly string[] = [],
  ) => ({
    ...row(
      fields,
      types.map((type) => ({ type })),
    ),
    level,
  })
  const paths = (...rows: readonly TransformationRow[]) =>
    transformationOf(rows)?.fields.map(({ path, vendorPath, level }) => `${level} ${path}=${vendorPath}`)

  it('stand alone unless they inherit', () => {
    const organization = at('organization', [map('id', 'ID'), map('a', 'A')])
    const account = at('account', [map('b', 'B'), map('a', 'AA')], ['inherit'])
    const instance = at('instance', [map('c', 'C')], ['inherit'])
    expect(paths(instance, organization, account)).toEqual([
      ...['organization id=ID', 'account b=B', 'account a=AA', 'instance c=C'],
    ])
    expect(paths(organization, at('account', [map('b', 'B')]), instance)).toEqual([
      'account b=B',
      'instance c=C',
    ])
    expect(paths(organization, at('instance', [map('c', 'C')]))).toEqual(['instance c=C'])
    expect(paths()).toBeUndefined()
  })
})
