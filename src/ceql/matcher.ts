import type { Json, JsonObject } from '#src/lib/json.ts'
import { type Compare, createCompare, type FieldType, likeText } from './compare.ts'
import type { Expression, Operator } from './expression.ts'
import { createLike } from './like.ts'
import { createLookup } from './lookup.ts'

type Matcher = (row: JsonObject) => boolean
type Test = (value: Json | undefined) => boolean
type Predicate = Exclude<Expression, { kind: 'and' | 'or' | 'not' }>

const holds: Readonly<Record<Operator, (order: number | undefined) => boolean>> = {
  '=': (order) => order === 0,
  '!=': (order) => order !== 0,
  '<': (order) => order !== undefined && order < 0,
  '>': (order) => order !== undefined && order > 0,
  '<=': (order) => order !== undefined && order <= 0,
  '>=': (order) => order !== undefined && order >= 0,
}

const isNull: Test = (value) => value === undefined || value === null

const createTest = (predicate: Predicate, type: FieldType): Test => {
  switch (predicate.kind) {
    case 'comparison': {
      const { field, operator, value } = predicate
      const compare = createCompare(field, value, type, operator !== '=' && operator !== '!=')
      const accepts = holds[operator]
      return (found) => accepts(compare(found))
    }
    case 'in': {
      const compares: readonly Compare[] = predicate.values.map((value) =>
        createCompare(predicate.field, value, type, false),
      )
      return (found) => compares.some((compare) => compare(found) === 0)
    }
    case 'like': {
      const matches = createLike(predicate.pattern)
      return (found) => {
        const text = likeText(found)
        return text !== null && matches(text)
      }
    }
    case 'null':
      return predicate.negated ? (found) => !isNull(found) : isNull
  }
}

/**
 * Compiles a query into a test of rows. `typeOf` is asked once for each comparison.
 *
 * - number: compared as numbers; a quoted number is one. boolean: `'false'` in any case is false; false comes
 *   before true. datetime: compared as instants with up to nine decimals; no zone is UTC, a date alone is its
 *   midnight in UTC; numbers are no dates. text: by UTF-16 code unit; numbers and booleans by their text.
 * - A row's text that spells a number, boolean or date counts as one where the field is of that type.
 * - unknown, object: by the JSON type of the row's own value (a text by text, a number by number); against a bare
 *   date, by instant. What the query's value cannot be turned into is incomparable.
 * - null, absent, incomparable, objects and arrays: every comparison, IN and LIKE is false, only `!=` is true,
 *   as clients expect of "not equal". IS NULL is true of null and absent. NOT turns true and false around.
 * - `''` equals an empty text only, whatever the field's type.
 * - A key of exactly the field's name wins; else dots enter objects, `[0]` an array, and `[*]` is true when the
 *   comparison is true of any item. An array without items counts as absent.
 * - LIKE: `%` is any run, `_` is itself, case counts; numbers and booleans by their text.
 *
 * @throws AppError `bad-query` naming the field, now and never per row, when a value cannot be of its type.
 */
export const createMatcher = (expression: Expression, typeOf: (field: string) => FieldType): Matcher => {
  switch (expression.kind) {
    case 'and': {
      const terms = expression.terms.map((term) => createMatcher(term, typeOf))
      return (row) => terms.every((term) => term(row))
    }
    case 'or': {
      const terms = expression.terms.map((term) => createMatcher(term, typeOf))
      return (row) => terms.some((term) => term(row))
    }
    case 'not': {
      const term = createMatcher(expression.term, typeOf)
      return (row) => !term(row)
    }
    default: {
      const test = createTest(expression, typeOf(expression.field))
      const lookup = createLookup(expression.field)
      return (row) => lookup(row).some(test)
    }
  }
}
