import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createMatcher, parseWhere } from '#src/ceql/index.ts'
import type { FilterGroups } from '#src/element/index.ts'
import type { JsonObject } from '#src/lib/json.ts'
import { groupedApples as resource, groupStyle as style } from '../../test/support/grouped-apples.ts'
import { filterGroupsOf, type GroupFilter, type Groups } from './filter-groups.ts'
import { typeOfField } from './where.ts'

const groupsOf = (where: string, more: Partial<FilterGroups> = {}): Groups =>
  filterGroupsOf({ ...resource, filterStyle: { ...style, ...more } }, parseWhere(where))

const words = (groups: Groups): readonly string[] =>
  groups.map((group) =>
    group
      .map(({ propertyName, operator, value, values }) =>
        [propertyName, operator, ...(value === undefined ? [] : [value]), ...(values ?? [])].join(' '),
      )
      .join(', '),
  )

describe('a query as groups of filters', () => {
  it.each<[string, readonly string[]]>([
    ["parts.color = 'Red'", ['color EQ Red']],
    ["parts.color in ('Red', 'green')", ['color IN red green']],
    ["parts.kind in ('A', 'b')", ['kind IN A b']],
    ["not parts.kind in ('A', 'b')", ['kind NOT_IN A b', 'kind NOT_HAS_PROPERTY']],
    ['parts.weight != 3', ['weight NEQ 3', 'weight NOT_HAS_PROPERTY']],
    ['not parts.weight > 3', ['weight LTE 3', 'weight NOT_HAS_PROPERTY']],
    ["parts.ripe = 'TRUE'", ['ripe EQ true']],
    ['parts.color is null', ['color NOT_HAS_PROPERTY']],
    ["parts.color like 'yell%'", ['color CONTAINS_TOKEN *yell*']],
    ["pickedAt > '1970-01-01T00:00:05Z'", ['picked GTE 4000']],
    ["pickedAt = '1970-01-01T00:00:05Z'", ['picked GTE 4000, picked LTE 6000']],
    ['parts.weight > 1 and parts.weight <= 2.5', ['weight GT 1, weight LTE 2.5']],
    ["parts.weight > 1 or parts.color = 'a'", ['weight GT 1', 'color EQ a']],
    [
      "(parts.weight > 1 or parts.color = 'a') and parts.kind = 'K'",
      ['kind EQ K, weight GT 1', 'kind EQ K, color EQ a'],
    ],
  ])('%s', (where, wanted) => {
    expect(words(groupsOf(where))).toEqual(wanted)
  })

  it.each([
    "parts.color != 'red'",
    "not parts.color in ('red')",
    "parts.color > 'm'",
    "parts.color = ''",
    "parts.color like 'a b%'",
    "not parts.color like 'yell%'",
    'parts.color is not null',
    "parts.own = 'x'",
    "id = '7'",
    "parts.weight > 1 or parts.own = 'x'",
    "parts.color in ('a', 'b', 'c', 'd')",
  ])('is left to us where the vendor could select less: %s', (where) => {
    expect(groupsOf(where)).toEqual([])
  })

  it('says no more than the vendor takes, and leaves a filter free in each group for the pages after', () => {
    const six = Array.from({ length: 6 }, (_, at) => `parts.weight > ${at}`)
    expect(groupsOf(six.join(' and '))[0]).toHaveLength(5)
    expect(groupsOf(six.slice(0, 5).join(' or '), { mostInAll: 20 })).toHaveLength(5)
    expect(groupsOf(six.join(' or '))).toEqual([])
    expect(groupsOf(`parts.kind = '${'x'.repeat(900)}' and parts.weight > 1`)).toHaveLength(1)
    expect(words(groupsOf(`parts.weight > 1 and parts.kind = '${'x'.repeat(990)}'`))).toEqual(['weight GT 1'])
  })

  /** The vendor as it is documented: texts without case, rows without a value only by NOT_HAS_PROPERTY. */
  const accepts = (
    row: JsonObject,
    { propertyName, operator, value = '', values = [] }: GroupFilter,
  ): boolean => {
    const parts = row['parts'] as JsonObject
    const found = propertyName === 'picked' ? Date.parse(String(row['pickedAt'])) : parts[propertyName]
    if (operator === 'NOT_HAS_PROPERTY') return found === undefined
    if (found === undefined) return false
    const isText = propertyName === 'color'
    const isNumber = propertyName === 'weight' || propertyName === 'picked'
    const key = (text: string) => (isNumber ? Number(text) : isText ? text.toLowerCase() : text)
    const own = key(String(found))
    const among = values.some((one) => (isText ? one : key(one)) === own)
    const holds: Readonly<Record<string, boolean>> = {
      EQ: own === key(value),
      NEQ: own !== key(value),
      LT: own < key(value),
      LTE: own <= key(value),
      GT: own > key(value),
      GTE: own >= key(value),
      IN: among,
      NOT_IN: !among,
      CONTAINS_TOKEN: String(own).includes(value.replaceAll('*', '').toLowerCase()),
    }
    return holds[operator] ?? false
  }

  it('never selects less than the query', () => {
    const colors = ['red', 'Red', 'yellow', 'Yellowish']
    const term = fc.oneof(
      fc.constantFrom(...colors).map((one) => `parts.color = '${one}'`),
      fc.constantFrom(...colors).map((one) => `parts.color != '${one}'`),
      fc.constantFrom('red%', '%ell%', '%ow').map((one) => `parts.color like '${one}'`),
      fc.constantFrom("'red'", "'Red', 'yellow'").map((one) => `parts.color in (${one})`),
      fc.constantFrom('A', 'a').map((one) => `parts.kind != '${one}'`),
      fc
        .tuple(fc.constantFrom('=', '!=', '<', '<=', '>', '>='), fc.integer({ min: 0, max: 4 }))
        .map(([operator, number]) => `parts.weight ${operator} ${number}`),
      fc
        .tuple(fc.constantFrom('=', '<', '<=', '>', '>='), fc.integer({ min: 0, max: 4 }))
        .map(([operator, number]) => `pickedAt ${operator} '1970-01-01T00:00:0${number}Z'`),
      fc.constantFrom('parts.color is null', 'parts.weight is not null', 'parts.kind is null'),
    )
    const { where } = fc.letrec<{ where: string }>((tie) => ({
      where: fc.oneof(
        { maxDepth: 3, withCrossShrink: true },
        term,
        tie('where').map((one) => `not (${one})`),
        fc.tuple(tie('where'), tie('where')).map(([one, other]) => `(${one}) and (${other})`),
        fc.tuple(tie('where'), tie('where')).map(([one, other]) => `(${one}) or (${other})`),
      ),
    }))
    const row = fc.record({
      pickedAt: fc.integer({ min: 0, max: 4_000 }).map((ms) => new Date(ms).toISOString()),
      parts: fc.record(
        {
          color: fc.constantFrom(...colors),
          kind: fc.constantFrom('A', 'a'),
          weight: fc.integer({ min: 0, max: 4 }).map(String),
        },
        { requiredKeys: [] },
      ),
    })
    fc.assert(
      fc.property(where, fc.array(row, { minLength: 1, maxLength: 5 }), (text, rows) => {
        const expression = parseWhere(text)
        if (expression === null) return
        const groups = filterGroupsOf(resource, expression)
        const wants = createMatcher(expression, typeOfField(resource))
        for (const one of rows.filter((each) => wants(each as JsonObject))) {
          const selected =
            groups.length === 0 ||
            groups.some((group) => group.every((filter) => accepts(one as JsonObject, filter)))
          expect(selected, `${text} on ${JSON.stringify(one)}`).toBe(true)
        }
      }),
      { numRuns: 500 },
    )
  })
})
