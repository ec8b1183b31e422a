import { type Expression, parseWhere, printWhere, type Value } from '#src/ceql/index.ts'
import { isJsonObject, type Json } from '#src/lib/json.ts'

/** One clause of a query as a script sees it. */
export interface WhereClause {
  readonly attribute: string
  readonly operator: string
  readonly value: Json
}

const jsonOf = (value: Value): Json => (value.kind === 'date' ? value.text : value.value)

type Clause = Exclude<Expression, { kind: 'and' | 'or' | 'not' }>

const clauseOf = (expression: Clause): WhereClause => {
  const { field: attribute } = expression
  switch (expression.kind) {
    case 'comparison':
      return { attribute, operator: expression.operator, value: jsonOf(expression.value) }
    case 'in':
      return { attribute, operator: 'in', value: expression.values.map(jsonOf) }
    case 'like':
      return { attribute, operator: 'like', value: expression.pattern }
    default:
      return { attribute, operator: expression.negated ? 'is not null' : 'is null', value: null }
  }
}

const isClause = (expression: Expression): expression is Clause =>
  !('terms' in expression || 'term' in expression)

const clausesIn = (expression: Expression): readonly Clause[] => {
  if (isClause(expression)) return [expression]
  return 'terms' in expression ? expression.terms.flatMap(clausesIn) : clausesIn(expression.term)
}

/** A value as it was, or as a script has made it. @throws Error in words for who wrote the script. */
const asValue = (before: Value, given: Json | undefined): Value => {
  if (given === jsonOf(before)) return before
  if (typeof given === 'string') return { kind: 'string', value: given }
  if (typeof given === 'number') return { kind: 'number', value: given, text: String(given) }
  if (typeof given === 'boolean') return { kind: 'boolean', value: given }
  throw new Error('a value of where is to be a text, a number, true or false')
}

const rewritten = (clause: Clause, given: Json | undefined): Clause => {
  switch (clause.kind) {
    case 'comparison':
      return { ...clause, value: asValue(clause.value, given) }
    case 'in': {
      const list = Array.isArray(given) ? (given as readonly Json[]) : [given]
      if (list.length === 0) throw new Error('a list of where is not to be empty')
      const same = { kind: 'string', value: '' } as const
      return { ...clause, values: list.map((one, at) => asValue(clause.values[at] ?? same, one)) }
    }
    case 'like':
      return { ...clause, pattern: typeof given === 'string' ? given : clause.pattern }
    default:
      return clause
  }
}

/** The clauses of a query, in the order written. @throws AppError `bad-query`, with position. */
export const clausesOf = (where: string): readonly WhereClause[] => {
  const expression = parseWhere(where)
  return expression === null ? [] : clausesIn(expression).map(clauseOf)
}

/**
 * A query with the values that a script gave its clauses: `{where: [{value}]}`, or the list alone. Attributes and
 * operators stay as they were.
 * @throws Error in words for who wrote the script.
 */
export const withValues = (where: string, answer: Json): string => {
  const expression = parseWhere(where)
  const given = isJsonObject(answer) ? answer['where'] : answer
  const clauses = expression === null ? [] : clausesIn(expression)
  if (expression === null) return where
  if (!Array.isArray(given) || given.length !== clauses.length)
    throw new Error(`it answered no list 'where' of ${clauses.length} clauses`)
  const values = (given as readonly Json[]).map((one) => (isJsonObject(one) ? one['value'] : one))
  let at = 0
  const walk = (one: Expression): Expression => {
    if (isClause(one)) {
      const value = values[at]
      at += 1
      return rewritten(one, value)
    }
    return 'terms' in one ? { ...one, terms: one.terms.map(walk) } : { ...one, term: walk(one.term) }
  }
  return printWhere(walk(expression))
}
