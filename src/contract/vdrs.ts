import { z } from 'zod'
import {
  AskedLevel,
  FieldPath,
  mostFields,
  TransformationReply,
  text,
  VdrTransformationBody,
} from './transformations.ts'

/** Which generation an organization's replies are of. */
export const VdrVersionReply = z.object({ vdrVersion: z.enum(['v1', 'v2']) })

const number = z.number().int().nonnegative()

const fieldShape = {
  path: FieldPath,
  type: text(200),
  displayName: text(500),
  description: text(2_000),
  unit: text(200),
  associatedId: number.nullish(),
}

/** A common resource over all levels (spec/behaviour.md 6.4). A field without a level is the organization's. */
export const VdrBody = z.looseObject({
  objectName: z.string().max(200).nullish(),
  description: text(5_000),
  fields: z
    .array(z.looseObject({ ...fieldShape, id: number.nullish(), level: AskedLevel.nullish() }))
    .max(mostFields)
    .nullish(),
})

const fieldReply = {
  path: z.string(),
  type: z.string(),
  displayName: z.string().optional(),
  description: z.string().optional(),
  unit: z.string().optional(),
  /** The account or instance of the level. */
  associatedId: z.number().optional(),
}

export const VdrReply = z.object({
  id: z.number(),
  objectName: z.string(),
  description: z.string(),
  fields: z.array(z.object({ id: z.number(), ...fieldReply, level: AskedLevel })),
  mappedElementIds: z.array(z.number()),
})

/** The same in the generation before: by name, and without numbers (spec/behaviour.md 6.3). */
export const CommonResourceBody = z.looseObject({
  name: z.string().max(200),
  description: text(5_000),
  fields: z
    .array(z.looseObject({ ...fieldShape, associatedLevel: AskedLevel.nullish() }))
    .max(mostFields)
    .nullish(),
  elementInstanceIds: z.array(number).max(mostFields).nullish(),
  changedFields: z
    .array(
      z.looseObject({
        path: FieldPath,
        oldPath: FieldPath,
        associatedLevel: AskedLevel.nullish(),
        associatedId: number.nullish(),
      }),
    )
    .max(mostFields)
    .nullish(),
})

export const CommonResourceNameBody = z.looseObject({ name: z.string().max(200) })

export const CommonResourceReply = z.object({
  name: z.string(),
  description: z.string(),
  fields: z.array(z.object({ ...fieldReply, associatedLevel: AskedLevel })),
  elementInstanceIds: z.array(z.number()),
  mappedElementIds: z.array(z.number()),
})

/** Formulas that use a common resource; there are no formulas here. */
export const UsagesReply = z.object({
  formulaUsages: z.array(
    z.object({ formulaId: z.number(), formulaName: z.string(), usageCount: z.number() }),
  ),
})

/** Body of POST /vdrs/{id}/clone. */
export const CloneBody = z.looseObject({ objectName: z.string().max(200).nullish() }).nullish()

/** A common resource as a file holds it (spec/contract.md 8); its name is `vdrName`. */
export const ImportBody = z.looseObject({
  vdrName: z.string().max(200),
  vdrVersion: text(10),
  definition: VdrBody,
  transformation: z.record(z.string(), VdrTransformationBody).nullish(),
})

export const ExportReply = z.object({
  vdrName: z.string(),
  vdrVersion: z.literal('v2'),
  definition: z.object({
    objectName: z.string(),
    description: z.string(),
    fields: z.array(
      z.object({
        path: z.string(),
        type: z.string(),
        displayName: z.string().optional(),
        description: z.string().optional(),
        unit: z.string().optional(),
        level: AskedLevel,
      }),
    ),
  }),
  /** By the key of the element. */
  transformation: z.record(z.string(), TransformationReply.omit({ level: true, startDate: true })),
})

const SnippetLevel = z.enum(['organization', 'account'])

/** A text to start the script of a transformation from (spec/behaviour.md 6.4). */
export const SnippetBody = z.looseObject({
  name: z.string().trim().min(1).max(200),
  body: z.string().max(100_000),
  description: text(5_000),
  snippetType: z.literal('transformation').nullish(),
  level: SnippetLevel.nullish(),
})

export const SnippetReply = z.object({
  id: z.number(),
  name: z.string(),
  body: z.string(),
  description: z.string(),
  snippetType: z.literal('transformation'),
  level: SnippetLevel,
})
