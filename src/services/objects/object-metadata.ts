import type { Element, Field, Resource } from '#src/element/index.ts'

/** The objects of an element with their kinds (spec/contract.md 3, `Elements-Version: Helium`). */
export const objectSummaries = (element: Element) => {
  const names = Object.keys(element.resources)
  return names.map((name) => ({ name, vendorName: name, type: 'vendor' }))
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
  const filters = resource.filters.some((filter) => filter.field === name)
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

/** What is known of each field of a resource (spec/behaviour.md 5). */
export const objectMetadata = (resource: Resource) => ({
  fields: Object.entries(resource.fields).map(([name, field]) => fieldMetadata(resource, name, field)),
})
