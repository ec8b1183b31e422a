import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '#src/lib/json.ts'
import { createMatcher, type Expression, type FieldType, type Operator, type Value } from './index.ts'

const types: Readonly<Record<string, FieldType>> = { n: 'number', b: 'boolean', t: 'text', d: 'datetime' }
const typeOf = (field: string): FieldType => types[field] ?? 'unknown'

/** Dates with the nanoseconds since 1970 that each stands for, worked out by hand. */
const dates: ReadonlyMap<string, bigint> = new Map([
  ['1970-01-01', 0n],
  ['1970-01-01T00:00:00Z', 0n],
  ['1970-01-01T02:00:00+02:00', 0n],
  ['1969-12-31T19:00:00.0-0500', 0n],
  ['1970-01-01T00:00:00.000000001', 1n],
  ['1970-01-01T00:00:00.5', 500_000_000n],
  ['1970-01-01T00:00:00.500000000Z', 500_000_000n],
  ['1970-01-01T00:00:00.500000001Z', 500_000_001n],
  ['1970-01-01T00:01', 60_000_000_000n],
  ['1969-12-31', -86_400_000_000_000n],
])

const texts = ['', 'a', 'b', 'ab', 'B', '1', '10', 'true', 'é']
const text = fc.constantFrom(...texts)
const small = fc.integer({ min: -2, max: 12 })
const nothing = fc.constantFrom<Json | undefined>(null, undefined)
const dateText = fc.constantFrom(...dates.keys())
const lines = fc.array(fc.record({ v: fc.oneof(small, text, fc.constant(null)) }), { maxLength: 3 })
const rows: fc.Arbitrary<JsonObject> = fc
  .record({
    n: fc.oneof(small, small.map(String), nothing),
    b: fc.oneof(fc.boolean(), fc.constantFrom('true', 'FALSE'), nothing),
    t: fc.oneof(text, small, fc.boolean(), nothing),
    d: fc.oneof(dateText, nothing),
    u: fc.oneof(text, small, fc.boolean(), nothing, fc.constant({ x: 1 })),
    l: lines,
  })
  .map(
    (row) => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)) as JsonObject,
  )

const asNumber = small.map((value): Value => ({ kind: 'number', value, text: String(value) }))
const asString = (from: fc.Arbitrary<string>) => from.map((value): Value => ({ kind: 'string', value }))
const asBoolean = fc.boolean().map((value): Value => ({ kind: 'boolean', value }))
const asDate = dateText.map((written): Value => ({ kind: 'date', text: written }))
const anyValue = fc.oneof(asNumber, asString(text), asBoolean)
const valueFor: Readonly<Record<string, fc.Arbitrary<Value>>> = {
  n: fc.oneof(asNumber, asString(small.map(String))),
  b: fc.oneof(asBoolean, asString(fc.constantFrom('true', 'False'))),
  t: anyValue,
  d: fc.oneof(asDate, asString(dateText)),
  u: anyValue,
  'l[*].v': anyValue,
}
const fields = fc.constantFrom('n', 'b', 't', 'd', 'u', 'l[*].v')
const operators = fc.constantFrom<Operator>('=', '!=', '<', '>', '<=', '>=')
const position = 0
const leaves: fc.Arbitrary<Expression> = fields.chain((field) => {
  const value = valueFor[field] ?? anyValue
  return fc.oneof(
    fc.record({
      kind: fc.constant('comparison' as const),
      field: fc.constant(field),
      operator: operators,
      value,
      position: fc.constant(0),
    }),
    fc
      .array(value, { minLength: 1, maxLength: 3 })
      .map((values): Expression => ({ kind: 'in', field, values, position })),
    fc
      .constantFrom('%', 'a%', '%b', '1%', 't%e')
      .map((pattern): Expression => ({ kind: 'like', field, pattern, position })),
    fc.boolean().map((negated): Expression => ({ kind: 'null', field, negated, position })),
  )
})
const trees = fc.letrec<{ tree: Expression }>((tie) => {
  const terms = fc.array(tie('tree'), { minLength: 2, maxLength: 3 })
  return {
    tree: fc.oneof(
      { maxDepth: 3 },
      leaves,
      terms.map((list): Expression => ({ kind: 'and', terms: list })),
      terms.map((list): Expression => ({ kind: 'or', terms: list })),
      tie('tree').map((term): Expression => ({ kind: 'not', term })),
    ),
  }
}).tree

// The second evaluator: brings both sides to one JavaScript primitive and lets the language compare.
type Primitive = string | number | boolean | bigint | null

const written = (value: Value): string => ('text' in value ? value.text : String(value.value))

const primitive = (type: string, content: string): Primitive => {
  if (type === 'datetime') return dates.get(content) ?? null
  if (type === 'number')
    return content.trim() === '' || Number.isNaN(Number(content)) ? null : Number(content)
  if (type === 'text' || type === 'string') return content
  const known: Readonly<Record<string, boolean>> = { true: true, false: false }
  return known[content.toLowerCase()] ?? null
}

const sides = (field: string, found: Json | undefined, value: Value): readonly [Primitive, Primitive] => {
  if (found === null || found === undefined || typeof found === 'object') return [null, null]
  const declared = typeOf(field)
  const type = declared === 'unknown' ? typeof found : declared
  const mixed = type === 'number' && declared === 'unknown' && value.kind === 'boolean'
  return [primitive(type, String(found)), mixed ? null : primitive(type, written(value))]
}

const compares = (field: string, found: Json | undefined, operator: Operator, value: Value): boolean => {
  const [left, right] = sides(field, found, value)
  if (left === null || right === null) return operator === '!='
  switch (operator) {
    case '=':
      return left === right
    case '!=':
      return left !== right
    case '<':
      return left < right
    case '>':
      return left > right
    case '<=':
      return left <= right
    case '>=':
      return left >= right
  }
}

const found = (row: JsonObject, field: string): readonly (Json | undefined)[] => {
  if (field !== 'l[*].v') return [row[field]]
  const items = (row['l'] as readonly { readonly v: Json }[]).map(({ v }) => v)
  return items.length === 0 ? [undefined] : items
}

const naive = (expression: Expression, row: JsonObject): boolean => {
  switch (expression.kind) {
    case 'and':
      return !expression.terms.some((term) => !naive(term, row))
    case 'or':
      return expression.terms.filter((term) => naive(term, row)).length > 0
    case 'not':
      return naive(expression.term, row) === false
    case 'comparison':
      return found(row, expression.field).some((each) =>
        compares(expression.field, each, expression.operator, expression.value),
      )
    case 'in':
      return found(row, expression.field).some((each) =>
        expression.values.some((value) => compares(expression.field, each, '=', value)),
      )
    case 'like': {
      const pattern = new RegExp(`^${expression.pattern.replaceAll('%', '.*')}$`)
      return found(row, expression.field).some(
        (each) =>
          each !== undefined && each !== null && typeof each !== 'object' && pattern.test(String(each)),
      )
    }
    case 'null':
      return found(row, expression.field).some((each) => ((each ?? null) === null) !== expression.negated)
  }
}

describe('createMatcher against a second evaluator', () => {
  it('selects the same rows of generated tables', () => {
    let selected = 0
    let seen = 0
    fc.assert(
      fc.property(trees, fc.array(rows, { minLength: 1, maxLength: 8 }), (tree, table) => {
        const matches = createMatcher(tree, typeOf)
        seen += table.length
        selected += table.filter(matches).length
        expect(table.filter(matches)).toEqual(table.filter((row) => naive(tree, row)))
      }),
      { numRuns: 5_000 },
    )
    expect(selected).toBeGreaterThan(seen / 10)
    expect(selected).toBeLessThan((seen * 9) / 10)
  })
})
