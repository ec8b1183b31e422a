import { invalid } from './errors.ts'
import { isObject } from './operation.ts'
import { type ObjectName, type Property, properties } from './properties.ts'
import { type CrmRecord, textOf } from './records.ts'

/** How the filters of a search choose records. Follows: developers.hubspot.com, CRM search. Not compared with the page. */

export type Matches = (record: CrmRecord) => boolean

/** Texts are compared without case, numbers and times by their size, the texts of a list as they are. */
const keyOf = ({ kind }: Property, text: string): number | string => {
  if (kind === 'number') return Number(text)
  if (kind === 'datetime') return /^-?\d+$/.test(text) ? Number(text) : Date.parse(text)
  return kind === 'string' ? text.toLowerCase() : text
}

/** The words of a text. */
const tokensOf = (text: string): readonly string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []

const hasToken = (text: string, wanted: string): boolean => {
  const pattern = wanted
    .toLowerCase()
    .split('*')
    .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*')
  const whole = new RegExp(`^${pattern}$`, 'u')
  return tokensOf(text).some((token) => whole.test(token))
}

interface Filter {
  readonly property: Property
  readonly operator: string
  readonly value: string
  readonly highValue: string
  readonly values: readonly string[]
}

type Test = (filter: Filter, text: string) => boolean

const ordered =
  (holds: (found: number | string, wanted: number | string) => boolean): Test =>
  ({ property, value }, text) =>
    holds(keyOf(property, text), keyOf(property, value))

/** Given values of texts must be in lower case to be found. */
const among: Test = ({ property, values }, text) => {
  const found = keyOf(property, text)
  return values.some((value) => (property.kind === 'string' ? value : keyOf(property, value)) === found)
}

const not =
  (test: Test): Test =>
  (filter, text) =>
    !test(filter, text)

const equal = ordered((found, wanted) => found === wanted)
const token: Test = ({ value }, text) => hasToken(text, value)

/** Of records that have a value; those without are none of these. */
const tests: Readonly<Record<string, Test>> = {
  EQ: equal,
  NEQ: not(equal),
  LT: ordered((found, wanted) => found < wanted),
  LTE: ordered((found, wanted) => found <= wanted),
  GT: ordered((found, wanted) => found > wanted),
  GTE: ordered((found, wanted) => found >= wanted),
  BETWEEN: ({ property, value, highValue }, text) => {
    const found = keyOf(property, text)
    return found >= keyOf(property, value) && found <= keyOf(property, highValue)
  },
  IN: among,
  NOT_IN: not(among),
  HAS_PROPERTY: () => true,
  CONTAINS_TOKEN: token,
  NOT_CONTAINS_TOKEN: not(token),
}

const listIn = (values: unknown): readonly string[] => (Array.isArray(values) ? values.map(String) : [])

const checkValues = (filter: Filter, name: string): void => {
  const { operator, property, value, values } = filter
  const isList = operator === 'IN' || operator === 'NOT_IN'
  if (isList && (values.length === 0 || values.length > 100))
    throw invalid(`values: 1 to 100 are needed for ${operator} on ${name}`)
  if (isList || operator.endsWith('HAS_PROPERTY')) return
  if (value === '') throw invalid(`value: it is needed for ${operator} on ${name}`)
  if (property.kind !== 'string' && property.kind !== 'enumeration' && Number.isNaN(keyOf(property, value)))
    throw invalid(`${value} is no ${property.kind}`)
  if (operator.endsWith('CONTAINS_TOKEN') && property.kind !== 'string')
    throw invalid(`${operator} is not for ${name}`)
}

/** One filter of a body as a test. Throws `Refused` 400. */
export const matchesOf = (object: ObjectName, given: unknown): Matches => {
  if (!isObject(given)) throw invalid('filters: objects are expected')
  const name = String(given['propertyName'])
  const property = Object.hasOwn(properties[object], name) ? properties[object][name] : undefined
  if (property === undefined) throw invalid(`There was a problem with the request: unknown property ${name}`)
  const operator = String(given['operator'])
  const filter: Filter = {
    ...{ property, operator, values: listIn(given['values']) },
    ...{ value: String(given['value'] ?? ''), highValue: String(given['highValue'] ?? '') },
  }
  if (operator === 'NOT_HAS_PROPERTY') return (record) => textOf(object, record, name) === null
  const test = Object.hasOwn(tests, operator) ? tests[operator] : undefined
  if (test === undefined) throw invalid(`Invalid input JSON: ${operator} is no operator`)
  checkValues(filter, name)
  return (record) => {
    const text = textOf(object, record, name)
    return text !== null && test(filter, text)
  }
}
