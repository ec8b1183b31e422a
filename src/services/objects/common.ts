import type { Resource } from '#src/element/index.ts'
import type { SearchInput, SearchText } from '#src/engine/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '#src/lib/json.ts'
import type { OpenInstance } from '../instances/index.ts'
import {
  applyWay,
  compileMapping,
  fieldsAsked,
  type MappingPlan,
  type Transformation,
  vendorOrder,
  vendorWhere,
} from '../mapping/index.ts'

/** A vendor's resource that is seen through a transformation: calls are the vendor's, names and rows the customer's. */
export interface CommonResource extends Resource {
  readonly mapping: MappingPlan
}

export const mappingOf = (resource: Resource): MappingPlan | undefined =>
  'mapping' in resource ? (resource as CommonResource).mapping : undefined

/** Compiled once an opened instance; a change of a mapping opens its instances again. */
const compiled = new WeakMap<Transformation, CommonResource>()

/**
 * The common resource of that name, or undefined.
 * @param vendorNamed finds a vendor's resource, in the generation that the instance reaches.
 */
export const commonResourceNamed = (
  { transformations }: OpenInstance,
  name: string,
  vendorNamed: (name: string) => Resource | undefined,
): CommonResource | undefined => {
  const transformation = transformations.get(name)
  if (transformation === undefined) return undefined
  const known = compiled.get(transformation)
  if (known !== undefined) return known
  const resource = vendorNamed(transformation.row.vendorName)
  if (resource === undefined) return undefined
  const made: CommonResource = { ...resource, mapping: compileMapping(transformation, resource) }
  compiled.set(transformation, made)
  return made
}

/** Stands between the engine's token and the fields that a listing was asked for, which the engine knows as the vendor's. */
const tokenMark = '~'

const fieldsOfToken = (token: string | undefined): readonly [token: string | undefined, fields: string] => {
  const at = token?.indexOf(tokenMark) ?? -1
  if (token === undefined || at < 0) return [token, '']
  return [token.slice(0, at), Buffer.from(token.slice(at + 1), 'base64url').toString('utf8')]
}

const withFields = (token: string, fields: string): string =>
  fields === '' ? token : `${token}${tokenMark}${Buffer.from(fields).toString('base64url')}`

/** A listing in common names, as the engine is asked for it, and what is made of its answer. */
export interface CommonListing {
  readonly input: SearchInput
  readonly answer: (found: SearchText) => SearchText
}

/** @throws AppError `bad-query` naming what cannot be asked for. */
export const commonListing = (resource: Resource, plan: MappingPlan, input: SearchInput): CommonListing => {
  const [nextPage, carried] = fieldsOfToken(input.nextPage)
  const fields = input.fields?.trim() || carried
  const asked = fieldsAsked(plan, resource, fields)
  const { where, orderBy } = input
  return {
    input: {
      ...input,
      nextPage,
      where: where === undefined ? undefined : vendorWhere(plan, resource, where),
      orderBy: orderBy === undefined ? undefined : vendorOrder(plan, resource, orderBy),
      // A page that goes on carries its fields itself.
      fields: input.fields === undefined ? undefined : asked.vendor,
    },
    answer: (found) => {
      const rows = JSON.parse(found.json.toString('utf8')) as JsonObject[]
      const shown = rows.map((row) => asked.project(plan.fromVendor(row)))
      return {
        ...found,
        json: Buffer.from(JSON.stringify(shown)),
        ...(found.nextPage === undefined ? {} : { nextPage: withFields(found.nextPage, fields) }),
      }
    },
  }
}

/** One row in common names. `vendor`: the fields to read. @throws AppError `bad-query` naming a field. */
export const commonRow = (resource: Resource, plan: MappingPlan, fields: string) => {
  const asked = fieldsAsked(plan, resource, fields)
  return {
    vendor: asked.vendor,
    answer: (text: Buffer | string): string => {
      const row: unknown = JSON.parse(text.toString())
      return isJsonObject(row) ? JSON.stringify(asked.project(plan.fromVendor(row))) : String(text)
    },
  }
}

/** A row that a write answered, in common names. */
export const seenRow = (resource: Resource, row: Json): Json => {
  const plan = mappingOf(resource)
  return plan === undefined ? row : applyWay(plan.fromVendor, row)
}

/** What a write sends, in the vendor's names. */
export const sentBody = (resource: Resource, body: JsonObject): JsonObject =>
  mappingOf(resource)?.toVendor(body) ?? body

/** Names of the vendor's fields as the caller knows them. */
export const seenNames = (resource: Resource, names: readonly string[]): readonly string[] => {
  const plan = mappingOf(resource)
  if (plan === undefined) return names
  return names.map((name) => plan.fields.find(({ field }) => field.vendorPath === name)?.field.path ?? name)
}

/** @throws AppError `bad-request`: what reads rows in the background reads the vendor's own. */
export const refuseCommon = ({ transformations }: OpenInstance, name: string): void => {
  const transformation = transformations.get(name)
  if (transformation === undefined) return
  const { vendorName } = transformation.row
  throw new AppError(
    'bad-request',
    `${name.slice(0, 64)}: bulk jobs and polling take the vendor's resources, and no common ones. Name ${vendorName}.`,
  )
}
