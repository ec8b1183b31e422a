import type { Field, Resource } from '#src/element/index.ts'
import type { OpenInstance } from '../instances/index.ts'
import { isRemoved, type MappingPlan } from '../mapping/index.ts'
import { mappingOf } from './common.ts'
import { vendorField } from './documented.ts'

/**
 * The objects of an instance with their kinds (spec/contract.md 3, `Elements-Version: Helium`).
 * @param defined names that are defined, whether mapped or not.
 */
export const objectSummaries = (
  { element, transformations }: Pick<OpenInstance, 'element' | 'transformations'>,
  defined: readonly string[] = [],
) => {
  const vendors = Object.keys(element.resources).filter((name) => !transformations.has(name))
  const mapped = [...transformations.keys()]
  const rest = defined.filter((name) => !transformations.has(name) && !Object.hasOwn(element.resources, name))
  return [
    ...vendors.map((name) => ({ name, vendorName: name, type: 'vendor' })),
    ...mapped.map((name) => ({ name, vendorName: transformations.get(name)?.row.vendorName, type: 'vdr' })),
    ...rest.map((name) => ({ name, type: 'vdr' })),
  ]
}

const wireTypes: Readonly<Record<Field['type'], string>> = {
  text: 'string',
  number: 'number',
  boolean: 'boolean',
  datetime: 'date',
  object: 'object',
}

const isRead = ({ access }: Field): boolean => access !== 'write-only' && access !== 'change-only'

const methodsOf = (resource: Resource, field: Field) => {
  const { search, retrieve, create, update } = resource.verbs
  const readable = isRead(field)
  const writable = field.access !== 'read'
  const verbs = [
    { name: 'GET', is: search ?? retrieve, request: false, response: readable },
    { name: 'POST', is: create, request: writable && field.access !== 'change-only', response: readable },
    { name: 'PATCH', is: update, request: writable && field.access !== 'once', response: readable },
  ]
  return verbs.flatMap(({ name, is, request, response }) =>
    is === undefined ? [] : [{ name, request, response }],
  )
}

const fieldMetadata = (resource: Resource, name: string, field: Field) => {
  const writable = field.access !== 'read'
  const { filterStyle } = resource
  const filters =
    resource.filters.some((filter) => filter.field === name) ||
    (filterStyle.kind === 'groups' && Object.hasOwn(filterStyle.names, name))
  return {
    type: wireTypes[field.type],
    path: name,
    vendorPath:
      field.from === undefined ? name : field.from.filter((step) => typeof step === 'string').join('.'),
    vendorDisplayName: name,
    ...(field.description === undefined ? {} : { description: field.description }),
    source: resource.source,
    vendorNativeType: wireTypes[field.type],
    vendorRequired: field.required === true,
    vendorReadOnly: !writable,
    hidden: false,
    filterable: isRead(field),
    vendorFilterable: filters,
    primaryKey: name === resource.key,
    createable: writable && field.access !== 'change-only' && resource.verbs.create !== undefined,
    updateable: writable && field.access !== 'once' && resource.verbs.update !== undefined,
    method: methodsOf(resource, field),
  }
}

/** Mapped fields alone, each by its own path and the vendor's (spec/behaviour.md 5). */
const commonMetadata = (resource: Resource, { fields }: MappingPlan) => ({
  fields: fields.flatMap((plan) => {
    const { field, vendor } = plan
    if (vendor === undefined || (isRemoved(field, 'fromVendor') && isRemoved(field, 'toVendor'))) return []
    const of = fieldMetadata(resource, field.vendorPath ?? '', vendorField(plan, resource))
    return [
      {
        ...of,
        ...{ type: field.type, path: field.path, vendorPath: field.vendorPath },
        ...(field.displayName === undefined ? {} : { displayName: field.displayName }),
        vendorNativeType: field.vendorType ?? of.vendorNativeType,
        filterable: of.filterable && !isRemoved(field, 'fromVendor'),
      },
    ]
  }),
})

/** What is known of each field of a resource (spec/behaviour.md 5). */
export const objectMetadata = (resource: Resource) => {
  const plan = mappingOf(resource)
  if (plan !== undefined) return commonMetadata(resource, plan)
  return {
    fields: Object.entries(resource.fields).map(([name, field]) => fieldMetadata(resource, name, field)),
  }
}
