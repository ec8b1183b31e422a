import type { FieldType, Resource } from '#src/element/index.ts'
import { type MapPath, printPath } from './path.ts'
import type { FieldPlan, MappingPlan } from './plan.ts'
import { dateMask, isDecimal } from './settings.ts'

/** The type of what a text in a file tells; `decimal`: a number none of whose digits may be lost. */
export type ColumnType = FieldType | 'decimal'

const told: Readonly<Record<string, FieldType>> = { number: 'number', boolean: 'boolean', date: 'datetime' }

const vendorType = (
  { fields }: Pick<Resource, 'fields'>,
  path: MapPath | undefined,
): FieldType | undefined => {
  const [first, ...more] = path ?? []
  if (first?.kind !== 'name' || more.length > 0 || !Object.hasOwn(fields, first.name)) return undefined
  return fields[first.name]?.type
}

/** A type that is not said is kept as string, so that of the vendor's field counts then. */
const typeOf = ({ field, vendor }: FieldPlan, resource: Pick<Resource, 'fields'>): ColumnType => {
  if (dateMask(field) !== undefined) return 'text'
  const type = field.type.toLowerCase()
  const own = type === 'string' ? (vendorType(resource, vendor) ?? 'text') : (told[type] ?? 'object')
  return own === 'number' && isDecimal(field) ? 'decimal' : own
}

/** What texts under the names of a common resource become, as an element says it of its fields. Lists are JSON. */
export const commonTypes = (
  { fields }: MappingPlan,
  resource: Pick<Resource, 'fields'>,
): Readonly<Record<string, { readonly type: ColumnType }>> =>
  Object.fromEntries(
    fields.map((plan): [string, { readonly type: ColumnType }] => {
      const listAt = plan.common.findIndex(({ kind }) => kind === 'each')
      return listAt < 0
        ? [printPath(plan.common), { type: typeOf(plan, resource) }]
        : [printPath(plan.common.slice(0, listAt)), { type: 'object' }]
    }),
  )
