import { enterpriseSchema } from './user-row.ts'

/**
 * `attributes` and `excludedAttributes` of SCIM: a name, a name with a part (`name.familyName`), or a
 * schema with or without a name (`urn:...:User:employeeNumber`). `id` always stays.
 * Follows: RFC 7644 section 3.9; developer.concur.com, Identity search guide. Verified: 2026-08
 */
type Row = Readonly<Record<string, unknown>>

const splitName = (name: string): readonly string[] => {
  if (name === enterpriseSchema) return [name]
  if (name.startsWith(`${enterpriseSchema}:`)) {
    return [enterpriseSchema, ...name.slice(enterpriseSchema.length + 1).split('.')]
  }
  return name.startsWith('urn:') ? [name] : name.split('.')
}

const isRow = (value: unknown): value is Row =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const keep = (value: unknown, ways: readonly (readonly string[])[]): unknown => {
  if (ways.some((way) => way.length === 0)) return value
  if (Array.isArray(value)) return value.map((item) => keep(item, ways))
  if (!isRow(value)) return value
  const kept: Record<string, unknown> = {}
  for (const [key, inner] of Object.entries(value)) {
    const deeper = ways
      .filter((way) => way[0]?.toLowerCase() === key.toLowerCase())
      .map((way) => way.slice(1))
    if (deeper.length > 0) kept[key] = keep(inner, deeper)
  }
  return kept
}

const drop = (value: unknown, ways: readonly (readonly string[])[]): unknown => {
  if (Array.isArray(value)) return value.map((item) => drop(item, ways))
  if (!isRow(value)) return value
  const left: Record<string, unknown> = {}
  for (const [key, inner] of Object.entries(value)) {
    const deeper = ways
      .filter((way) => way[0]?.toLowerCase() === key.toLowerCase())
      .map((way) => way.slice(1))
    if (!deeper.some((way) => way.length === 0)) left[key] = deeper.length === 0 ? inner : drop(inner, deeper)
  }
  return left
}

/** The parts of a user that a question asks for. */
export const shapeUser = (user: Row, attributes: readonly string[], excluded: readonly string[]): unknown => {
  if (attributes.length > 0) return keep(user, [['id'], ...attributes.map(splitName)])
  return excluded.length === 0 ? user : drop(user, excluded.filter((name) => name !== 'id').map(splitName))
}
