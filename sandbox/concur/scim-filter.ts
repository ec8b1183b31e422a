import { Refused } from './errors.ts'

/**
 * The filter of Identity's search: `attribute eq value`, joined by `and` and `or` (`and` binds closer).
 * Follows: developer.concur.com, Identity v4.1 `/Users/.search`; RFC 7644 section 3.4.2.2
 *. Verified: 2026-08
 */
type Value = string | boolean | number | null
export type UserTest = (user: unknown) => boolean

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const core = 'urn:ietf:params:scim:schemas:core:2.0:User:'

/** Attributes that may be asked for, lower case, with the way to them. Names compare without case. */
const attributes = new Map<string, readonly string[]>(
  [
    ...['id', 'userName', 'active', 'externalId', 'displayName', 'title', 'preferredLanguage', 'timezone'],
    ...['emails.value', 'emails.type', 'name.familyName', 'name.givenName', 'name.middleName'],
    ...['phoneNumbers.value', 'addresses.country', 'meta.lastModified', 'meta.created'],
    ...['employeeNumber', 'companyId', 'costCenter', 'department'].map((name) => `${enterprise}:${name}`),
    `${enterprise}:manager.value`,
  ].map((name) => [
    name.toLowerCase(),
    name.startsWith(`${enterprise}:`)
      ? [enterprise, ...name.slice(enterprise.length + 1).split('.')]
      : name.split('.'),
  ]),
)
/** RFC 7643: ids compare exactly, other text without case. */
const exact = new Set(['id', 'externalid'])

const wrong = (message: string): Refused => new Refused(400, message, 'invalidFilter')

const tokenPattern = /\s*("(?:[^"\\]|\\.)*"|[()]|[^\s()"]+)/y

const tokensOf = (text: string): string[] => {
  const tokens: string[] = []
  tokenPattern.lastIndex = 0
  while (tokenPattern.lastIndex < text.length && text.slice(tokenPattern.lastIndex).trim() !== '') {
    const found = tokenPattern.exec(text)
    if (found === null) throw wrong('The filter has a quote that does not end')
    tokens.push(found[1] ?? '')
  }
  return tokens
}

const readValue = (token: string | undefined): Value => {
  try {
    const value: unknown = JSON.parse(token ?? '')
    if (value === null || ['string', 'boolean', 'number'].includes(typeof value)) return value as Value
  } catch {
    // Falls through to the refusal.
  }
  throw wrong('A value of the filter must be a quoted text, true, false, null or a number')
}

const valuesAt = (value: unknown, way: readonly string[]): unknown[] => {
  if (Array.isArray(value)) return value.flatMap((item) => valuesAt(item, way))
  const [first, ...rest] = way
  if (first === undefined) return [value]
  if (typeof value !== 'object' || value === null) return []
  return valuesAt((value as Record<string, unknown>)[first], rest)
}

const sameValue = (found: unknown, wanted: Value, withCase: boolean): boolean =>
  typeof found === 'string' && typeof wanted === 'string' && !withCase
    ? found.toLowerCase() === wanted.toLowerCase()
    : (found ?? null) === wanted

const comparison = (tokens: string[]): UserTest => {
  const name = tokens.shift() ?? ''
  const key = (
    name.toLowerCase().startsWith(core.toLowerCase()) ? name.slice(core.length) : name
  ).toLowerCase()
  const way = attributes.get(key)
  if (way === undefined) throw wrong(`The filter names an unknown attribute: '${name}'`)
  const operator = tokens.shift()
  if (operator?.toLowerCase() !== 'eq')
    throw wrong(`The operator '${operator ?? ''}' is not supported; use eq`)
  const wanted = readValue(tokens.shift())
  return (user) => {
    const found = valuesAt(user, way)
    return found.length === 0
      ? wanted === null
      : found.some((value) => sameValue(value, wanted, exact.has(key)))
  }
}

const group = (tokens: string[], depth: number): UserTest => {
  if (tokens[0] !== '(') return comparison(tokens)
  if (depth > 20) throw wrong('The filter has too many brackets inside each other')
  tokens.shift()
  const inner = either(tokens, depth + 1)
  if (tokens.shift() !== ')') throw wrong('The filter has a bracket that does not close')
  return inner
}

const joined = (tokens: string[], word: string, read: () => UserTest): UserTest[] => {
  const tests = [read()]
  while (tokens[0]?.toLowerCase() === word) {
    tokens.shift()
    tests.push(read())
  }
  return tests
}

const both = (tokens: string[], depth: number): UserTest => {
  const tests = joined(tokens, 'and', () => group(tokens, depth))
  return (user) => tests.every((test) => test(user))
}

const either = (tokens: string[], depth: number): UserTest => {
  const tests = joined(tokens, 'or', () => both(tokens, depth))
  return (user) => tests.some((test) => test(user))
}

/** Throws `Refused` 400 `invalidFilter`. */
export const readScimFilter = (text: string): UserTest => {
  const tokens = tokensOf(text)
  if (tokens.length === 0) throw wrong('The filter is empty')
  const test = either(tokens, 0)
  if (tokens.length > 0) throw wrong(`The filter goes on after its end: '${tokens.join(' ')}'`)
  return test
}
