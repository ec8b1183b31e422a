import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createMatcher, type Expression, parseWhere, printWhere, type Value } from '#src/ceql/index.ts'
import type { Json, JsonObject } from '#src/lib/json.ts'
import type { MappedField, TransformationRow } from '#src/store/index.ts'
import { transformationOf } from './levels.ts'
import { vendorWhere } from './names.ts'
import { compileMapping } from './plan.ts'

const resource = { name: 'things', key: 'V0', fields: {}, filters: [] }

/** Where in a row a field stands, behind a head of its own; a query reaches every item of a list. */
const single = ['', '.a', '.a.b'] as const
const listed = ['[*].x', '[*].x.y'] as const
const path = (heads: readonly string[], tails: readonly string[]) =>
  fc.record({
    ...{ head: fc.constantFrom(...heads), common: fc.constantFrom(...tails) },
    vendor: fc.constantFrom(...tails),
  })

/** @param heads how common paths begin. */
const mappedTo = (heads: readonly string[]) =>
  fc.array(fc.oneof(path(heads, single), path(heads, listed)), { minLength: 1, maxLength: 4 }).map((all) =>
    all.map(({ head, common, vendor }, at) => ({
      path: `${head}${at}${common}`,
      vendorPath: `V${at}${vendor}`,
    })),
  )

type Mapped = readonly { readonly path: string; readonly vendorPath: string }[]

const compiled = (fields: Mapped, passes: boolean) => {
  const row: TransformationRow = {
    ...{ organizationId: 2, level: 'organization', ownerId: 2, elementKey: 'e', objectName: 'mine' },
    ...{ vendorName: 'things', displayName: null, isLegacy: false, script: null, createdAt: new Date(0) },
    fields: fields.map((one): MappedField => ({ ...one, type: 'string', configuration: [] })),
    configuration: [{ type: 'passThrough', properties: { fromVendor: passes, toVendor: passes } }],
  }
  const found = transformationOf([row])
  if (found === undefined) throw new Error('no transformation')
  return compileMapping(found, resource)
}

const small: fc.Arbitrary<Json> = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom('a', 'b', "it's"),
  fc.boolean(),
)
const literal: fc.Arbitrary<Value> = fc.oneof(
  fc.integer({ min: -3, max: 3 }).map((one): Value => ({ kind: 'number', value: one, text: String(one) })),
  fc.constantFrom('a', 'b', "it's").map((value): Value => ({ kind: 'string', value })),
  fc.boolean().map((value): Value => ({ kind: 'boolean', value })),
)

const leaf = (field: string): fc.Arbitrary<Expression> =>
  fc.oneof(
    fc.record({
      kind: fc.constant('comparison' as const),
      ...{ field: fc.constant(field), position: fc.constant(0), value: literal },
      operator: fc.constantFrom(...(['=', '!=', '<', '>', '<=', '>='] as const)),
    }),
    fc
      .array(literal, { minLength: 1, maxLength: 3 })
      .map((values): Expression => ({ kind: 'in', field, values, position: 0 })),
    fc
      .constantFrom('a%', '%t%', '%')
      .map((pattern): Expression => ({ kind: 'like', field, pattern, position: 0 })),
    fc.boolean().map((negated): Expression => ({ kind: 'null', field, negated, position: 0 })),
  )

const clause = (names: readonly string[]): fc.Arbitrary<Expression> =>
  fc.letrec<{ tree: Expression }>((tie) => {
    const terms = fc.array(tie('tree'), { minLength: 2, maxLength: 3 })
    return {
      tree: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom(...names).chain(leaf),
        terms.map((list): Expression => ({ kind: 'and', terms: list })),
        terms.map((list): Expression => ({ kind: 'or', terms: list })),
        tie('tree').map((term): Expression => ({ kind: 'not', term })),
      ),
    }
  }).tree

const nested = (names: readonly string[], value: Json): Json =>
  names.reduceRight<Json>((inner, name) => ({ [name]: inner }), value)

/** What stands under the head of a vendor's path. */
const valueFor = (vendorPath: string): fc.Arbitrary<Json> => {
  const names = vendorPath.split('.').slice(1)
  const one = fc.oneof(small, fc.constant(null)).map((value) => nested(names, value))
  return vendorPath.includes('[*]') ? fc.array(one, { maxLength: 3 }) : one
}

const rowOf = (fields: Mapped): fc.Arbitrary<JsonObject> =>
  fc
    .tuple(...fields.map(({ vendorPath }) => fc.option(valueFor(vendorPath), { nil: undefined })))
    .map((values) =>
      Object.fromEntries(
        values.flatMap((value, at): [string, Json][] => (value === undefined ? [] : [[`V${at}`, value]])),
      ),
    )

/** The same clause with other names, told apart from what is tested. */
const named = (expression: Expression, name: (field: string) => string): Expression => {
  if ('terms' in expression)
    return { ...expression, terms: expression.terms.map((term) => named(term, name)) }
  if ('term' in expression) return { ...expression, term: named(expression.term, name) }
  return { ...expression, field: name(expression.field) }
}

const selected = (where: Expression, rows: readonly JsonObject[]): readonly number[] => {
  const matches = createMatcher(where, () => 'unknown')
  return rows.flatMap((row, at) => (matches(row) ? [at] : []))
}

describe('any clause in the names of a mapping', () => {
  const casesOf = (heads: readonly string[]) =>
    mappedTo(heads).chain((fields) =>
      fc.record({
        ...{ fields: fc.constant(fields), passes: fc.boolean() },
        where: clause(fields.map((one) => one.path)),
        rows: fc.array(rowOf(fields), { minLength: 1, maxLength: 8 }),
      }),
    )
  type Case = ReturnType<typeof casesOf> extends fc.Arbitrary<infer One> ? One : never

  /** The clause as the vendor is asked; it is the same with its names. */
  const askedOf = ({ fields, passes, where }: Case): Expression => {
    const asked = parseWhere(vendorWhere(compiled(fields, passes), resource, printWhere(where)))
    if (asked === null) throw new Error('no query')
    const byVendor = named(where, (field) => fields.find((one) => one.path === field)?.vendorPath ?? '')
    expect(printWhere(asked)).toBe(printWhere(byVendor))
    return asked
  }

  it('selects the rows that the same clause in the vendor’s names selects', () => {
    let some = 0
    fc.assert(
      fc.property(casesOf(['c', 'größe', 'and']), (one) => {
        const { fields, passes, where, rows } = one
        const found = selected(askedOf(one), rows)
        expect(found).toEqual(selected(where, rows.map(compiled(fields, passes).fromVendor)))
        if (found.length > 0 && found.length < rows.length) some += 1
      }),
      { numRuns: 600 },
    )
    expect(some).toBeGreaterThan(100)
  })
  it('is asked with its names in back-ticks, where they need them', () => {
    fc.assert(
      fc.property(casesOf(['my-', 'sum ', 'a"b']), (one) => {
        askedOf(one)
      }),
      { numRuns: 300 },
    )
  })
})
