import type { Resource } from '#src/element/index.ts'
import type { JsonObject } from '#src/lib/json.ts'
import {
  type ColumnType,
  commonTypes,
  fieldsAsked,
  takingBoth,
  vendorField,
  vendorOrder,
  vendorWhere,
} from '../mapping/index.ts'
import { mappingOf } from './common.ts'

/** What of a request in a caller's names the vendor's resource is asked by; of the vendor's own nothing changes. */
export interface VendorNames {
  /** @throws AppError `bad-query`. */
  readonly where: (where: string) => string
  /** @throws AppError `bad-query`. */
  readonly orderBy: (orderBy: string) => string
  /** @param parameter what names the field, for errors. @throws AppError `bad-query`. */
  readonly field: (parameter: string, name: string) => string
}

const same = (text: string): string => text
const itself: VendorNames = { where: same, orderBy: same, field: (_parameter, name) => name }

/**
 * How what is asked of a resource is told to the vendor's, for what goes on reading without the caller.
 * @param both whether names that a common resource does not have are the vendor's.
 */
export const vendorNames = (resource: Resource, both = false): VendorNames => {
  const mapping = mappingOf(resource)
  if (mapping === undefined) return itself
  const plan = both ? takingBoth(mapping) : mapping
  return {
    where: (where) => vendorWhere(plan, resource, where),
    orderBy: (orderBy) => vendorOrder(plan, resource, orderBy),
    field: (parameter, name) => vendorField(plan, resource, parameter, name),
  }
}

/** What is asked of a common resource by the fields that are to be shown. */
export interface CommonView {
  /** What is read: a comma list in the vendor's names; empty: whole rows. */
  readonly vendor: string
  /** Takes the fields out of a row in common names. */
  readonly project: (row: JsonObject) => JsonObject
}

/**
 * @param fields a comma list in common names; empty: all.
 * @returns undefined for a resource of the vendor's own.
 * @throws AppError `bad-query` naming a field.
 */
export const commonView = (resource: Resource, fields: string): CommonView | undefined => {
  const plan = mappingOf(resource)
  return plan === undefined ? undefined : fieldsAsked(plan, resource, fields)
}

/** What texts of a file become, by the names of columns. */
export interface ColumnTypes {
  readonly fields: Readonly<Record<string, { readonly type: ColumnType }>>
}

/** The types of a resource's fields under the names that its callers write. */
export const columnTypes = (resource: Resource): ColumnTypes => {
  const plan = mappingOf(resource)
  return plan === undefined ? resource : { fields: { ...resource.fields, ...commonTypes(plan, resource) } }
}
