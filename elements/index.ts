// One line an element.
import type { Element, ElementEnvironment } from '#src/element/index.ts'
import { concur } from './concur/index.ts'

/** Every element of the catalogue, ready for this machine. */
export const catalogueElements = (environment: ElementEnvironment): readonly Element[] => [
  concur(environment),
]
