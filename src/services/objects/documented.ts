import type { Element, Field, FieldType, Resource } from '#src/element/index.ts'
import {
  compileMapping,
  hasSetting,
  isRemoved,
  type MappingPlan,
  type Transformation,
} from '../mapping/index.ts'

const fieldTypes: Readonly<Record<string, FieldType>> = {
  string: 'text',
  number: 'number',
  boolean: 'boolean',
  date: 'datetime',
}

type FieldPlan = MappingPlan['fields'][number]

const headOf = (path: FieldPlan['common']): string => (path[0]?.kind === 'name' ? path[0].name : '')

/** The vendor's field behind a mapped one; a part of one is read and written as its whole. */
export const vendorField = ({ vendor }: FieldPlan, { fields }: Pick<Resource, 'fields'>): Field => {
  const head = headOf(vendor ?? [])
  const found = Object.hasOwn(fields, head) ? fields[head] : undefined
  return found ?? { type: 'object', access: 'write' }
}

const ofVendor = (plan: FieldPlan, resource: Resource): Field => {
  const { type, access, required, description } = vendorField(plan, resource)
  const { field, common } = plan
  const words = field.displayName ?? description
  return {
    type: common.length > 1 ? 'object' : (fieldTypes[field.type] ?? type),
    access,
    ...(required === undefined ? {} : { required }),
    ...(words === undefined ? {} : { description: words }),
  }
}

/** The fields that are mapped and shown or taken, by the first name of their paths. */
const mappedFields = (plan: MappingPlan, resource: Resource): Readonly<Record<string, Field>> =>
  Object.fromEntries(
    plan.fields
      .filter(({ field, vendor }) => vendor !== undefined && !isRemoved(field, 'fromVendor'))
      .map((one) => [headOf(one.common), ofVendor(one, resource)]),
  )

const passedFields = (plan: MappingPlan, { fields }: Resource): Readonly<Record<string, Field>> => {
  if (!plan.showsUnmapped) return {}
  const taken = new Set(plan.fields.map(({ vendor }) => headOf(vendor ?? [])))
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !taken.has(name)))
}

/** A common resource as documents tell it: what is mapped of it, by its own name. Files and actions are the vendor's. */
const documented = (transformation: Transformation, resource: Resource): Resource => {
  const { row } = transformation
  const plan = compileMapping(transformation, resource)
  const { search, retrieve, create, update, replace, remove } = resource.verbs
  const verbs = { search, retrieve, create, update, replace, remove }
  const { otherNames, actions, contents, upload, generations, aliases, ...rest } = resource
  return {
    ...rest,
    name: row.objectName,
    title: row.displayName ?? `${row.objectName}, made of ${resource.title}`,
    key: plan.fields.find(({ field }) => field.vendorPath === resource.key)?.field.path ?? resource.key,
    fields: { ...mappedFields(plan, resource), ...passedFields(plan, resource) },
    verbs: Object.fromEntries(Object.entries(verbs).filter(([, verb]) => verb !== undefined)),
    filters: [],
  }
}

/** An element whose resources are seen through transformations; of a name that is both, the common one. */
export const documentedElement = (
  element: Element,
  transformations: ReadonlyMap<string, Transformation>,
): Element => {
  const common = [...transformations].flatMap(([name, one]): [string, Resource][] => {
    const { vendorName } = one.row
    const resource = Object.hasOwn(element.resources, vendorName) ? element.resources[vendorName] : undefined
    return resource === undefined ? [] : [[name, documented(one, resource)]]
  })
  return { ...element, resources: { ...element.resources, ...Object.fromEntries(common) } }
}

/** Those that are shown in the documents of an instance (spec/behaviour.md 6.2, `addToDocumentation`). */
export const shownInDocs = (
  transformations: ReadonlyMap<string, Transformation>,
): ReadonlyMap<string, Transformation> =>
  new Map([...transformations].filter(([, one]) => hasSetting(one, 'addToDocumentation')))
