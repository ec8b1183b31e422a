import { type Expression, parseWhere } from '#src/ceql/index.ts'
import type { Given, Resource, Verbs } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { PagePosition } from './page-token.ts'
import { valueText } from './value-text.ts'
import { spineOf } from './where.ts'

/** What callers say besides the id (`Resource.address`). */

/** How a missing part of the address is told. */
export const addressMissing = ({ name, address = [] }: Resource, part: string): AppError => {
  const about = address.find((param) => param.name === part)?.description
  return new AppError(
    'bad-request',
    `${part}: ${name} needs it, as query parameter or in where.${about === undefined ? '' : ` ${about}`}`,
  )
}

/** @throws AppError `bad-request` naming what the verb cannot do without. */
export const checkAddress = (resource: Resource, verb: keyof Verbs, given: Given): void => {
  if (resource.address === undefined) return
  for (const { name, neededBy } of resource.address) {
    if (neededBy?.includes(verb) && (given[name] ?? '') === '') throw addressMissing(resource, name)
  }
}

/** A query with what is given beside it as its first terms. */
export const withAddress = (where: Expression | null, given: Given): Expression | null => {
  const terms = Object.entries(given).map(
    ([field, value]): Expression => ({
      kind: 'comparison',
      field,
      operator: '=',
      value: { kind: 'string', value },
      position: 0,
    }),
  )
  if (terms.length === 0) return where
  return { kind: 'and', terms: where === null ? terms : [...terms, where] }
}

/** The values that the terms of a query by `=` give to names, where all must hold. */
export const equalTerms = (where: Expression | null): Given =>
  where === null
    ? {}
    : Object.fromEntries(
        spineOf(where).flatMap((term): [string, string][] =>
          term.kind === 'comparison' && term.operator === '=' ? [[term.field, valueText(term.value)]] : [],
        ),
      )

/**
 * A listing that goes on: what is given again must be what it began with, as parameter or in `where`.
 * @throws AppError `bad-request` naming what differs.
 */
export const checkResumed = ({ where, given: before }: PagePosition, given: Given): void => {
  if (Object.keys(given).length === 0) return
  const begun = { ...equalTerms(parseWhere(where)), ...before }
  for (const [name, value] of Object.entries(given)) {
    if (begun[name] !== value) {
      throw new AppError(
        'bad-request',
        `${name}: it differs from the one that nextPage carries. Leave it out.`,
      )
    }
  }
}
