import type { Expression } from '#src/ceql/index.ts'

/** The terms that must all hold, whatever brackets stand around some of them. */
export const spineTerms = (expression: Expression): readonly Expression[] =>
  expression.kind === 'and' ? expression.terms.flatMap(spineTerms) : [expression]
