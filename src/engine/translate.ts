import type { Expression } from '#src/ceql/index.ts'
import type { Given, Resource, Translate } from '#src/element/index.ts'
import type { JsonObject } from '#src/lib/json.ts'
import type { Later } from '#src/lib/later.ts'
import { equalTerms } from './address.ts'
import type { Connection, EngineNeed } from './connection.ts'
import { idName } from './names.ts'
import { createPort } from './port.ts'
import type { RowAddress } from './records.ts'
import { valueText } from './value-text.ts'
import { spineOf } from './where.ts'

/** Values that callers may give in another form (`Resource.translate`), as the vendor takes them. */

const translateOf = ({ translate = {}, key }: Resource, name: string): Translate | undefined => {
  const known = name === key && !Object.hasOwn(translate, name) ? idName : name
  return Object.hasOwn(translate, known) ? translate[known] : undefined
}

const changed = async (
  need: EngineNeed,
  connection: Connection,
  resource: Resource,
  values: Given,
  given: Given,
): Promise<Given> => {
  const into: Record<string, string> = { ...values }
  for (const [name, value] of Object.entries(values)) {
    const translate = translateOf(resource, name)
    if (translate !== undefined) into[name] = await translate(createPort(need, connection), value, given)
  }
  return into
}

const textsIn = (body: JsonObject): Given =>
  Object.fromEntries(
    Object.entries(body).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  )

/**
 * Which row, in the vendor's own words.
 * @param body what is written to the row: it may tell what a translation needs.
 * @throws what a translation throws.
 */
export const translateAddress = (
  need: EngineNeed,
  connection: Connection,
  resource: Resource,
  address: RowAddress,
  body: JsonObject = {},
): Later<RowAddress> => {
  if (resource.translate === undefined) return address
  const { id, owner, given = {} } = address
  const owned: Given =
    owner === undefined || resource.owner === undefined ? {} : { [resource.owner.param]: owner }
  const said = { ...textsIn(body), ...given, ...owned }
  return changed(need, connection, resource, { ...given, [idName]: id }, said).then(
    ({ [idName]: found = id, ...rest }) => ({
      ...address,
      id: found,
      ...(address.given === undefined ? {} : { given: rest }),
    }),
  )
}

/** What is said of a whole collection, in the vendor's own words. @throws what a translation throws. */
export const translateGiven = (
  need: EngineNeed,
  connection: Connection,
  resource: Resource,
  given: Given,
): Later<Given> =>
  resource.translate === undefined ? given : changed(need, connection, resource, given, given)

/** What the caller says outside the body, and a body, in the vendor's own words. */
export const translateInput = async (
  need: EngineNeed,
  connection: Connection,
  resource: Resource,
  given: Given,
  body: JsonObject,
): Promise<{ readonly given: Given; readonly body: JsonObject }> => {
  if (resource.translate === undefined) return { given, body }
  const texts = textsIn(body)
  const said = { ...texts, ...given }
  const written = Object.fromEntries(
    Object.entries(texts).filter(([name]) => name !== idName && name !== resource.key),
  )
  return {
    given: await changed(need, connection, resource, given, said),
    body: { ...body, ...(await changed(need, connection, resource, written, said)) },
  }
}

type Comparison = Extract<Expression, { kind: 'comparison' }>

const isEqual = (term: Expression): term is Comparison => term.kind === 'comparison' && term.operator === '='

/** The expression with other values in some of its terms. */
const withValues = (expression: Expression, values: ReadonlyMap<Expression, string>): Expression => {
  if (expression.kind === 'and')
    return { ...expression, terms: expression.terms.map((term) => withValues(term, values)) }
  const value = values.get(expression)
  if (value === undefined || expression.kind !== 'comparison') return expression
  return { ...expression, value: { kind: 'string', value } }
}

/** A query in the vendor's own words: terms by `=` that must all hold. @throws what a translation throws. */
export const translateWhere = async (
  need: EngineNeed,
  connection: Connection,
  resource: Resource,
  where: Expression | null,
): Promise<Expression | null> => {
  if (where === null || resource.translate === undefined) return where
  const said = equalTerms(where)
  const values = new Map<Expression, string>()
  for (const term of spineOf(where).filter(isEqual)) {
    const translate = translateOf(resource, term.field)
    if (translate === undefined) continue
    values.set(term, await translate(createPort(need, connection), valueText(term.value), said))
  }
  return withValues(where, values)
}
