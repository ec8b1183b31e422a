import type { NewTransformation } from '#src/store/index.ts'
import type { Seen } from '../catalogue/index.ts'
import type { FieldWithoutId } from './fields.ts'
import { readyMadeDefinitions, readyMadeOf } from './ready-made.ts'

/** A common resource that comes ready-made: nobody's, and to be cloned. */
export interface SystemDefinition {
  /** Its number, which no definition of an organization has: theirs begin above all of these. */
  readonly id: number
  readonly objectName: string
  readonly description: string
  readonly fields: readonly (FieldWithoutId & { readonly id: number })[]
  /** How elements are mapped to it. */
  readonly transformations: readonly NewTransformation[]
}

/** Room for the fields of one, whose numbers follow from its own. */
const fieldsAtMost = 100

/** Every ready-made common resource, with how the catalogue's elements are mapped to it. */
export const systemDefinitions = (elements: Pick<Seen, 'all'>): readonly SystemDefinition[] => {
  const mapped = elements.all().flatMap(readyMadeOf)
  return readyMadeDefinitions.map(({ objectName, description, fields }, at) => ({
    ...{ id: at + 1, objectName, description: description ?? '' },
    fields: fields.map((field, place) => ({ ...field, id: (at + 1) * fieldsAtMost + place + 1 })),
    transformations: mapped.filter((one) => one.objectName === objectName),
  }))
}
