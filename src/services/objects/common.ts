import type { Resource } from '#src/element/index.ts'
import type { SearchInput, SearchText } from '#src/engine/index.ts'
import { isJsonObject, type JsonObject } from '#src/lib/json.ts'
import { andThen, type Later } from '#src/lib/later.ts'
import type { OpenInstance } from '../instances/index.ts'
import {
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
  /** The vendor's own. */
  readonly vendor: Resource
}

export const mappingOf = (resource: Resource): MappingPlan | undefined =>
  'mapping' in resource ? (resource as CommonResource).mapping : undefined

/** The vendor's resource, without what it is seen through. */
export const vendorOf = (resource: Resource): Resource =>
  'mapping' in resource ? (resource as CommonResource).vendor : resource

/** The name by which callers know it. */
export const nameOf = (resource: Resource): string => mappingOf(resource)?.objectName ?? resource.name

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
  const made: CommonResource = {
    ...resource,
    mapping: compileMapping(transformation, resource),
    vendor: resource,
  }
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
  readonly answer: (found: SearchText) => Later<SearchText>
}

/** A page of the vendor's rows in common names: mapped, and scripted where the transformation has a script. */
export type MapRows = (rows: readonly JsonObject[]) => Later<readonly JsonObject[]>

/** @throws AppError `bad-query` naming what cannot be asked for. */
export const commonListing = (
  resource: Resource,
  plan: MappingPlan,
  input: SearchInput,
  map: MapRows,
): CommonListing => {
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
      return andThen(map(rows), (shown) => ({
        ...found,
        count: shown.length,
        json: Buffer.from(JSON.stringify(shown.map(asked.project))),
        ...(found.nextPage === undefined ? {} : { nextPage: withFields(found.nextPage, fields) }),
      }))
    },
  }
}

/** One row in common names. `vendor`: the fields to read. @throws AppError `bad-query` naming a field. */
export const commonRow = (resource: Resource, plan: MappingPlan, fields: string, map: MapRows) => {
  const asked = fieldsAsked(plan, resource, fields)
  return {
    vendor: asked.vendor,
    answer: (text: Buffer | string): Later<string> => {
      const row: unknown = JSON.parse(text.toString())
      if (!isJsonObject(row)) return String(text)
      return andThen(map([row]), ([shown = {}]) => JSON.stringify(asked.project(shown)))
    },
  }
}

/** Names of the vendor's fields as the caller knows them. */
export const seenNames = (resource: Resource, names: readonly string[]): readonly string[] => {
  const plan = mappingOf(resource)
  if (plan === undefined) return names
  return names.map((name) => plan.fields.find(({ field }) => field.vendorPath === name)?.field.path ?? name)
}
