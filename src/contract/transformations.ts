import { z } from 'zod'

/** The path of a field. */
export const FieldPath = z.string().trim().min(1).max(500)
/** How many fields a body may have. */
export const mostFields = 1_000

/** A text that may be missing. */
export const text = (most: number) => z.string().max(most).nullish()

/** Where something stands; `system` is nobody's to write. */
export const AskedLevel = z.enum(['organization', 'account', 'instance', 'system'])

const SettingBody = z.looseObject({
  type: z.string().max(64),
  properties: z.record(z.string(), z.unknown()).nullish(),
})

/** A definition of a common resource (spec/behaviour.md 6.1). A field without a type is a string. */
export const DefinitionBody = z.looseObject({
  description: text(5_000),
  fields: z
    .array(
      z.looseObject({
        path: FieldPath,
        type: text(200),
        displayName: text(500),
        description: text(2_000),
        unit: text(200),
      }),
    )
    .max(mostFields)
    .nullish(),
})

export const DefinitionsBody = z.record(z.string(), DefinitionBody)

export const RenameBody = z.looseObject({ objectName: z.string().max(200) })

/** Characters of a script. */
const longestScript = 200_000

/** `level` as it was read: an inherited script comes back with the level above. */
const ScriptBody = z.looseObject({
  body: text(longestScript),
  mimeType: text(100),
  filterEmptyResponse: z.boolean().nullish(),
  level: AskedLevel.nullish(),
})

const mappedFieldShape = {
  type: text(200),
  vendorPath: text(500),
  vendorType: text(200),
  displayName: text(500),
  level: AskedLevel.nullish(),
  configuration: z.array(SettingBody).max(50).nullish(),
}

const transformationShape = {
  vendorName: z.string().trim().min(1).max(200),
  displayName: text(500),
  isLegacy: z.boolean().nullish(),
}

/** A transformation (spec/behaviour.md 6.2). */
export const TransformationBody = z.looseObject({
  ...transformationShape,
  fields: z
    .array(
      z.looseObject({
        ...mappedFieldShape,
        path: FieldPath,
      }),
    )
    .max(mostFields)
    .nullish(),
  configuration: z.array(SettingBody).max(50).nullish(),
  script: ScriptBody.nullish(),
})

const leveledSettings = z
  .array(SettingBody.extend({ level: AskedLevel.nullish() }))
  .max(50)
  .nullish()

/** A transformation at all levels at once (spec/behaviour.md 6.3); parts without a level are of that of the body. */
export const AllLevelsBody = z.looseObject({
  ...transformationShape,
  objectName: z.string().max(200),
  level: AskedLevel.nullish(),
  elementInstanceId: z.number().int().nonnegative().nullish(),
  elementKey: text(100),
  fields: z
    .array(z.looseObject({ ...mappedFieldShape, path: FieldPath, associatedLevel: AskedLevel.nullish() }))
    .max(mostFields)
    .nullish(),
  configuration: leveledSettings,
  script: ScriptBody.nullish(),
})

/** The same of a common resource by its number (spec/behaviour.md 6.4). */
export const VdrTransformationBody = z.looseObject({
  ...transformationShape,
  elementKey: text(100),
  instanceId: z.number().int().nonnegative().nullish(),
  fields: z
    .array(
      z.looseObject({
        ...mappedFieldShape,
        path: FieldPath.nullish(),
        vdrFieldId: z.number().int().nonnegative().nullish(),
      }),
    )
    .max(mostFields)
    .nullish(),
  configuration: leveledSettings,
  script: ScriptBody.nullish(),
})

const Level = z.enum(['organization', 'account', 'instance'])

/** What is ready-made stands above all levels. */
const ShownLevel = z.enum(['organization', 'account', 'instance', 'system'])

const SettingReply = z.object({
  type: z.string(),
  properties: z.record(z.string(), z.unknown()).optional(),
  /** Absent on a field, whose own level it is. */
  level: ShownLevel.optional(),
})

export const DefinitionReply = z.object({
  /** Of the common resource; like those of fields told where the organization is of `vdrVersion` v2. */
  id: z.number().optional(),
  objectName: z.string(),
  level: ShownLevel,
  /** Absent of what is ready-made. */
  createdDate: z.string().optional(),
  description: z.string(),
  fields: z.array(
    z.object({
      id: z.number().optional(),
      path: z.string(),
      type: z.string(),
      displayName: z.string().optional(),
      description: z.string().optional(),
      unit: z.string().optional(),
      level: ShownLevel,
    }),
  ),
})

const MappedFieldReply = z.object({
  path: z.string(),
  type: z.string(),
  displayName: z.string().optional(),
  vendorPath: z.string().optional(),
  vendorType: z.string().optional(),
  level: ShownLevel,
  configuration: z.array(SettingReply),
})

export const TransformationReply = z.object({
  objectName: z.string(),
  vendorName: z.string(),
  displayName: z.string().optional(),
  level: ShownLevel,
  elementKey: z.string(),
  /** Absent of what is ready-made. */
  startDate: z.string().optional(),
  isLegacy: z.boolean(),
  fields: z.array(MappedFieldReply),
  configuration: z.array(SettingReply),
  script: z
    .object({ body: z.string(), mimeType: z.string(), filterEmptyResponse: z.boolean(), level: Level })
    .optional(),
})

export const AllLevelsReply = TransformationReply.extend({
  elementInstanceId: z.number().optional(),
  fields: z.array(MappedFieldReply.extend({ associatedLevel: ShownLevel })),
})

export const VdrTransformationReply = TransformationReply.omit({ level: true }).extend({
  /** That of the element: a common resource has one transformation an element. */
  id: z.number(),
  vdrId: z.number(),
  instanceId: z.number().optional(),
  /** Without `vdrFieldId` nothing defines the path any more. */
  fields: z.array(MappedFieldReply.extend({ vdrFieldId: z.number().optional() })),
})

export const DefinitionsReply = z.record(z.string(), DefinitionReply)
export const TransformationsReply = z.record(z.string(), TransformationReply)

/** Names of ready-made common resources; without a body, which is an empty object: all. */
export const ReadyMadeBody = z.union([z.array(z.string().max(200)).max(100), z.strictObject({})])

/** Where a common resource is mapped, within an organization. */
export const TransformationUseReply = z.object({
  level: Level,
  element: z.object({ key: z.string() }),
  account: z.object({ id: z.number() }).optional(),
  instance: z.object({ id: z.number() }).optional(),
  name: z.string(),
})

/**
 * Body of POST /transformations/{name}/execute: a row of the vendor's, or with `method` what a write would send.
 * `transformation` is tried in place of what its level has.
 */
export const TryOutBody = z.looseObject({
  payload: z.record(z.string(), z.unknown()),
  elementId: z.union([z.string().max(100), z.number()]).nullish(),
  instanceId: z.number().int().nonnegative().nullish(),
  method: z.string().max(10).nullish(),
  transformation: TransformationBody.extend({ level: Level.nullish() }).nullish(),
})

export const TryOutReply = z.record(z.string(), z.unknown())
