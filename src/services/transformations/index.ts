// Definitions of common resources and transformations of vendors' resources, kept at the levels of organization,
// account and instance. What a transformation does to rows stands in mapping; here it is checked and stored.
import { createCopies } from './copies.ts'
import { createDefinitions } from './definitions.ts'
import type { TransformationsNeed } from './owner.ts'
import { createSnippets } from './snippets.ts'
import { createTakeOver } from './take-over.ts'
import { createMappings } from './transformations.ts'
import { createVdrs } from './vdrs.ts'

export type { Transformation } from '../mapping/index.ts'
export type { DefinitionInput } from './definitions.ts'
export type { MappedLevels, MappedPart } from './mapped-levels.ts'
export type { LevelAsked } from './owner.ts'
export type { TransformationInput } from './transformations.ts'
export type { TransformationDraft } from './try-out.ts'
export type { Vdr } from './vdr.ts'
export type { PathChangeInput, VdrFieldInput, VdrInput } from './vdr-asked.ts'

export type Transformations = ReturnType<typeof createTransformations>

export const createTransformations = (need: TransformationsNeed) => {
  const mappings = createMappings(need)
  return {
    ...createDefinitions(need),
    ...mappings,
    ...createVdrs(need),
    ...createCopies(need, mappings),
    ...createSnippets(need),
    ...createTakeOver(need, mappings),
  }
}
