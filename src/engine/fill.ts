import type { Call, Given, Resource } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { andThen, type Later } from '#src/lib/later.ts'
import { addressMissing } from './address.ts'
import type { VendorRequest } from './call.ts'
import { type Connection, type EngineNeed, eitherPrincipal } from './connection.ts'
import { createPort } from './port.ts'
import { isRepeatable } from './repeatable.ts'
import { filled, namesInBraces } from './template.ts'

/**
 * A value in a path. `.` and `..` would lead to another address, and nothing is called so.
 * @throws AppError `provider-not-found`.
 */
const inPath = (resource: Resource, value: string): string => {
  if (value !== '.' && value !== '..') return encodeURIComponent(value)
  throw new AppError('provider-not-found', `No ${resource.name} found with id ${value}`, { hop: 'amalgam' })
}

/** A call with every name in its braces replaced. */
export interface Filled {
  readonly path: string
  readonly query: readonly (readonly [name: string, value: string])[]
}

/** The path of a call for whoever's grant signs it. */
export const pathOf = (connection: Connection, call: Call): string =>
  call.pathFor === undefined
    ? call.path
    : (call.pathFor[connection.principalOf(call.principals ?? eitherPrincipal)] ?? call.path)

const missingIn = (template: string, values: Given): readonly string[] =>
  namesInBraces(template).filter((name) => !Object.hasOwn(values, name))

/** Names in the query that the caller must say for this verb; others are left out with their parameter. */
const neededIn = (resource: Resource, call: Call, values: Given): readonly string[] =>
  call.query === undefined
    ? []
    : Object.values(call.query)
        .flatMap((template) => missingIn(template, values))
        .filter((name) =>
          resource.address
            ?.find((param) => param.name === name)
            ?.neededBy?.some((verb) => resource.verbs[verb] === call),
        )

/**
 * Finds what the caller did not say.
 * @throws AppError `bad-request` naming what is missing.
 */
const withPlaces = async (
  need: EngineNeed,
  connection: Connection,
  resource: Resource,
  call: Call,
  missing: readonly string[],
  values: Given,
): Promise<Given> => {
  const found: Record<string, string> = { ...values }
  const port = createPort(need, connection)
  const principal = connection.principalOf(call.principals ?? eitherPrincipal)
  for (const name of missing) {
    if (connection.element.places?.[name] === undefined) throw addressMissing(resource, name)
    found[name] = await port.place(name, found, principal)
  }
  return found
}

const put = (resource: Resource, call: Call, path: string, values: Given): Filled => ({
  path: filled(path, (name) => inPath(resource, values[name] ?? '')),
  query:
    call.query === undefined
      ? []
      : Object.entries(call.query).flatMap(([name, template]): [string, string][] =>
          missingIn(template, values).length > 0
            ? []
            : [[name, filled(template, (from) => values[from] ?? '')]],
        ),
})

/**
 * The address of a call.
 * @param values what is known by name: the id, what the caller said, fields of the row.
 * @throws AppError `bad-request` naming what is missing, or what finding it throws.
 */
export const fillCall = (
  need: EngineNeed,
  connection: Connection,
  resource: Resource,
  call: Call,
  values: Given,
): Later<Filled> => {
  const path = pathOf(connection, call)
  const missing = missingIn(path, values).concat(neededIn(resource, call, values))
  if (missing.length === 0) return put(resource, call, path, values)
  return withPlaces(need, connection, resource, call, missing, values).then((found) =>
    put(resource, call, path, found),
  )
}

/** A call with its address filled in, ready to be sent but for its body. */
export type FilledRequest = VendorRequest & Pick<Filled, 'query'>

/** A call as a request. @throws as `fillCall`. */
export const requestOf = (
  need: EngineNeed,
  connection: Connection,
  resource: Resource,
  call: Call,
  values: Given,
): Later<FilledRequest> =>
  andThen(fillCall(need, connection, resource, call, values), ({ path, query }) => {
    const { method, headers, principals, scopes } = call
    return { method, path, query, headers, principals, scopes, repeatable: isRepeatable(call) }
  })
