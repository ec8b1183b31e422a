// The query language CEQL: tokens, parser, tree, printer, and the test of rows held in memory.
// Pure: no input or output, no element's or resource's name, nothing that keeps state.
export type { FieldType } from './compare.ts'
export { type Expression, type FieldUse, fieldsOf, type Operator, type Value } from './expression.ts'
export { createMatcher } from './matcher.ts'
export { printName } from './names.ts'
export { readNumber } from './numbers.ts'
export { parseWhere } from './parse.ts'
export { printWhere } from './print.ts'
export { type OrderTerm, parseOrderBy, parseSelect, type Select } from './select.ts'
