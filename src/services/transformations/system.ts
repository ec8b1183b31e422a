import type { NewTransformation } from '#src/store/index.ts'
import type { FieldInput } from './fields.ts'

/** A common resource that comes ready-made: nobody's, and to be cloned. */
export interface SystemDefinition {
  /** Its number, which no definition of an organization has. */
  readonly id: number
  readonly objectName: string
  readonly description: string
  readonly fields: readonly (FieldInput & { readonly id: number })[]
  /** How elements are mapped to it. */
  readonly transformations: readonly NewTransformation[]
}

/** Every ready-made common resource. Elements bring none yet. */
export const systemDefinitions = (): readonly SystemDefinition[] => []
