import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Json } from '#src/lib/json.ts'
import type { MappedField, TransformationRow } from '#src/store/index.ts'
import { transformationOf } from './levels.ts'
import { compileMapping } from './plan.ts'

const resource = { name: 'things', key: 'V0', fields: {}, filters: [] }

/** Ways to write the same place of a row, by its number; each under a name of its own. */
const flat = ['', '.a', '.a.b'] as const
const lists = ['[*].x', '[*].x.y', '[*]'] as const

const field = fc.oneof(
  fc.record({ common: fc.constantFrom(...flat), vendor: fc.constantFrom(...flat) }),
  fc.record({ common: fc.constantFrom(...lists), vendor: fc.constantFrom(...lists) }).filter(
    // A whole list stays a whole list: its items are whatever they are.
    ({ common, vendor }) => (common === '[*]') === (vendor === '[*]'),
  ),
)

const scalar: fc.Arbitrary<Json> = fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.constant(null))

const nested = (path: readonly string[], value: Json): Json =>
  path.reduceRight<Json>((inner, name) => ({ [name]: inner }), value)

/** What stands under the head of a vendor's path. */
const valueFor = (vendor: string): fc.Arbitrary<Json> => {
  if (vendor === '[*]') return fc.array(scalar, { maxLength: 4 })
  const names = vendor.split('.').filter((name) => name !== '' && name !== '[*]')
  const one = scalar.map((value) => nested(names, value))
  return vendor.startsWith('[*]') ? fc.array(one, { maxLength: 4 }) : one
}

const compiled = (
  fields: readonly { readonly common: string; readonly vendor: string }[],
  passes: boolean,
) => {
  const mapped = fields.map(
    ({ common, vendor }, at): MappedField => ({
      ...{ path: `c${at}${common}`, vendorPath: `V${at}${vendor}`, type: 'string', configuration: [] },
    }),
  )
  const row: TransformationRow = {
    ...{ organizationId: 2, level: 'organization', ownerId: 2, elementKey: 'e', objectName: 'mine' },
    ...{
      vendorName: 'things',
      displayName: null,
      script: null,
      isLegacy: false,
      createdAt: new Date(0),
      fields: mapped,
    },
    configuration: passes
      ? []
      : [{ type: 'passThrough', properties: { fromVendor: false, toVendor: false } }],
  }
  const found = transformationOf([row])
  if (found === undefined) throw new Error('no transformation')
  return compileMapping(found, resource)
}

const mappingWithRow = fc.array(field, { minLength: 1, maxLength: 5 }).chain((fields) =>
  fc.record({
    fields: fc.constant(fields),
    row: fc
      .tuple(...fields.map(({ vendor }) => fc.option(valueFor(vendor), { nil: undefined })))
      .map((values) =>
        Object.fromEntries(
          values.flatMap((value, at): [string, Json][] => (value === undefined ? [] : [[`V${at}`, value]])),
        ),
      ),
    more: fc.dictionary(fc.constantFrom('Extra', 'Other'), scalar),
  }),
)

describe('any mapping by construction', () => {
  it('gives back every mapped field, and all the others where they pass', () => {
    fc.assert(
      fc.property(mappingWithRow, ({ fields, row, more }) => {
        const before = structuredClone(row)
        const only = compiled(fields, false)
        expect(only.toVendor(only.fromVendor(row))).toEqual(row)
        expect(only.toVendor(only.fromVendor({ ...row, ...more }))).toEqual(row)
        const passing = compiled(fields, true)
        expect(passing.toVendor(passing.fromVendor({ ...row, ...more }))).toEqual({ ...row, ...more })
        expect(row).toEqual(before)
      }),
      { numRuns: 500 },
    )
  })
})
