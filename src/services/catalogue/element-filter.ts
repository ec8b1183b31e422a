import { createMatcher, type Expression, type FieldType, fieldsOf, parseWhere } from '#src/ceql/index.ts'
import type { Element } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { JsonObject } from '#src/lib/json.ts'
import { nearestNames } from '#src/lib/nearest.ts'
import { abridgedElement } from './element-json.ts'

/** The fields of an element that `where` looks at. */
const fieldTypes: Readonly<Record<string, FieldType>> = {
  id: 'number',
  key: 'text',
  name: 'text',
  description: 'text',
  hub: 'text',
  protocolType: 'text',
  active: 'boolean',
  deleted: 'boolean',
  private: 'boolean',
  extended: 'boolean',
  extendable: 'boolean',
  cloneable: 'boolean',
  beta: 'boolean',
  typeOauth: 'boolean',
  trialAccount: 'boolean',
  transformationsEnabled: 'boolean',
  bulkDownloadEnabled: 'boolean',
  bulkUploadEnabled: 'boolean',
}

const switchName = 'abridged'

const switchValue = (term: Expression): boolean | undefined => {
  if (term.kind !== 'comparison' || term.field !== switchName || term.operator !== '=') return undefined
  const text = String('value' in term.value ? term.value.value : term.value.text).toLowerCase()
  return text === 'true' || text === 'false' ? text === 'true' : undefined
}

const checkFields = (expression: Expression): void => {
  for (const { field, position } of fieldsOf(expression)) {
    if (Object.hasOwn(fieldTypes, field)) continue
    if (field === switchName) {
      throw new AppError(
        'bad-query',
        `where: abridged at position ${position}: only abridged='true' or abridged='false', joined by AND.`,
      )
    }
    const near = nearestNames(field, [...Object.keys(fieldTypes), switchName]).join(', ')
    throw new AppError(
      'bad-query',
      `where: elements have no field '${field.slice(0, 64)}' (position ${position}). Did you mean ${near}?`,
    )
  }
}

export interface ElementFilter {
  /** Undefined: `where` does not say. */
  readonly abridged: boolean | undefined
  readonly matches: (element: Element) => boolean
}

/**
 * Reads the `where` of GET /elements: `private='true' AND abridged='true' AND key in ('a','b')` (spec/contract.md
 * 2.1). `abridged` selects nothing; it asks for the short form.
 * @throws AppError `bad-query` with the position, or naming the nearest fields.
 */
export const readElementFilter = (where: string): ElementFilter => {
  const expression = parseWhere(where)
  if (expression === null) return { abridged: undefined, matches: () => true }
  const terms = expression.kind === 'and' ? expression.terms : [expression]
  const told = terms.map(switchValue)
  const tests = terms
    .filter((_, at) => told[at] === undefined)
    .map((term) => {
      checkFields(term)
      return createMatcher(term, (field) => fieldTypes[field] ?? 'unknown')
    })
  return {
    abridged: told.find((value) => value !== undefined),
    matches: (element) => {
      const row = abridgedElement(element) as unknown as JsonObject
      return tests.every((test) => test(row))
    },
  }
}
