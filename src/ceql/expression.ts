/** A literal as it was written. A bare ISO date or date-time keeps its text, so nothing of its zone or decimals is lost. */
export type Value =
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number; readonly text: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'date'; readonly text: string }

export type Operator = '=' | '!=' | '<' | '>' | '<=' | '>='

/**
 * A query as a small immutable tree. `and` and `or` have two or more terms, in the order written; parentheses
 * stay visible as nesting. `field` is the name without back-ticks; `position` is where it starts in the text,
 * from 1, in UTF-16 units. Source: spec, contract section 4.
 */
export type Expression =
  | { readonly kind: 'and' | 'or'; readonly terms: readonly Expression[] }
  | { readonly kind: 'not'; readonly term: Expression }
  | {
      readonly kind: 'comparison'
      readonly field: string
      readonly operator: Operator
      readonly value: Value
      readonly position: number
    }
  | {
      readonly kind: 'in'
      readonly field: string
      readonly values: readonly Value[]
      readonly position: number
    }
  | { readonly kind: 'like'; readonly field: string; readonly pattern: string; readonly position: number }
  | { readonly kind: 'null'; readonly field: string; readonly negated: boolean; readonly position: number }

/** One use of a field in a query. */
export interface FieldUse {
  readonly field: string
  readonly position: number
}

const collect = (expression: Expression, into: FieldUse[]): void => {
  switch (expression.kind) {
    case 'and':
    case 'or':
      for (const term of expression.terms) collect(term, into)
      return
    case 'not':
      collect(expression.term, into)
      return
    default:
      into.push({ field: expression.field, position: expression.position })
  }
}

/** Every use of a field, in the order written; a field used twice stands there twice. */
export const fieldsOf = (expression: Expression): readonly FieldUse[] => {
  const uses: FieldUse[] = []
  collect(expression, uses)
  return uses
}
