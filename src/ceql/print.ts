import type { Expression, Value } from './expression.ts'
import { printName } from './names.ts'

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`

const printValue = (value: Value): string => {
  switch (value.kind) {
    case 'string':
      return quoted(value.value)
    case 'number':
      return value.text
    case 'boolean':
      return String(value.value)
    case 'date':
      return value.text.includes(' ') ? `\`${value.text}\`` : value.text
  }
}

const inner = (expression: Expression): string => {
  const text = printWhere(expression)
  return expression.kind === 'and' || expression.kind === 'or' ? `(${text})` : text
}

/** AND inside OR needs no parentheses; inside another AND it keeps them, so that the same tree reads back. */
const orTerm = (expression: Expression): string =>
  expression.kind === 'and' ? printWhere(expression) : inner(expression)

/**
 * Writes a tree as CEQL. What parseWhere makes of the result equals the tree apart from positions, for every
 * tree whose `and` and `or` have two or more terms, whose fields have a name and whose values parseWhere could
 * have made.
 */
export const printWhere = (expression: Expression): string => {
  switch (expression.kind) {
    case 'and':
      return expression.terms.map(inner).join(' and ')
    case 'or':
      return expression.terms.map(orTerm).join(' or ')
    case 'not':
      return `not ${inner(expression.term)}`
    case 'comparison':
      return `${printName(expression.field)} ${expression.operator} ${printValue(expression.value)}`
    case 'in':
      return `${printName(expression.field)} in (${expression.values.map(printValue).join(', ')})`
    case 'like':
      return `${printName(expression.field)} like ${quoted(expression.pattern)}`
    case 'null':
      return `${printName(expression.field)} is ${expression.negated ? 'not null' : 'null'}`
  }
}
