import type { z } from 'zod'
import type {
  AllLevelsBody,
  AllLevelsReply,
  TransformationBody,
  VdrTransformationBody,
  VdrTransformationReply,
} from '#src/contract/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { MappedLevels, MappedPart, Vdr } from '#src/services/index.ts'
import { transformationInput, transformationView } from './views.ts'

type LevelName = MappedPart['level']
type OneLevelBody = z.output<typeof TransformationBody>
type Leveled<Parts> = NonNullable<Parts> extends readonly (infer Part)[] ? Part & { level: LevelName } : never

/** A body whose every part says of which level it is. */
interface LeveledBody extends Pick<OneLevelBody, 'vendorName' | 'displayName' | 'isLegacy'> {
  readonly fields: readonly Leveled<OneLevelBody['fields']>[]
  readonly configuration: readonly Leveled<OneLevelBody['configuration']>[]
  readonly script: (NonNullable<OneLevelBody['script']> & { level: LevelName }) | undefined
}

/**
 * Parts a body by level. Of the level that is meant unless said it is all that there is; of another one what the body is
 * silent about stays as it is.
 * @throws AppError as `transformationInput`.
 */
const partsOf = (body: LeveledBody, unlessSaid: LevelName): readonly MappedPart[] => {
  const { fields, configuration, script } = body
  const levels = new Set([...fields, ...configuration].map(({ level }) => level))
  if (script?.body?.trim()) levels.add(script.level)
  if (levels.size === 0) levels.add(unlessSaid)
  return [...levels].map((level) => {
    const own = {
      fields: fields.filter((field) => field.level === level),
      configuration: configuration.filter((setting) => setting.level === level),
    }
    return {
      level,
      input: transformationInput({ ...body, ...own, script: script?.level === level ? script : null }),
      keeps: {
        fields: level !== unlessSaid && own.fields.length === 0,
        configuration: level !== unlessSaid && own.configuration.length === 0,
      },
    }
  })
}

type SharedBody = Pick<z.output<typeof AllLevelsBody>, 'configuration' | 'script'>

const leveledRest = ({ configuration, script }: SharedBody, unlessSaid: LevelName) => ({
  configuration: (configuration ?? []).map((setting) => ({ ...setting, level: setting.level ?? unlessSaid })),
  script:
    script === null || script === undefined ? undefined : { ...script, level: script.level ?? unlessSaid },
})

export const allLevelsInput = (body: z.output<typeof AllLevelsBody>) => {
  const instanceId = body.elementInstanceId ?? undefined
  const unlessSaid = body.level ?? (instanceId === undefined ? 'organization' : 'instance')
  const fields = (body.fields ?? []).map((field) => ({
    ...field,
    level: field.associatedLevel ?? field.level ?? unlessSaid,
  }))
  return {
    ...{ objectName: body.objectName, element: body.elementKey?.trim() || undefined, instanceId },
    parts: partsOf({ ...body, fields, ...leveledRest(body, unlessSaid) }, unlessSaid),
  }
}

type Named = Pick<Vdr, 'objectName' | 'fields'>
type VdrFieldBody = NonNullable<z.output<typeof VdrTransformationBody>['fields']>[number]

/** The path of a field that is named by its number, or by path. @throws AppError `bad-request`. */
const definedBy = (vdr: Named, { path, vdrFieldId, type }: VdrFieldBody, at: number) => {
  const isNumbered = vdrFieldId !== null && vdrFieldId !== undefined
  const known = vdr.fields.find((field) => (isNumbered ? field.id === vdrFieldId : field.path === path))
  if (isNumbered && known === undefined)
    throw new AppError(
      'bad-request',
      `fields.${at}.vdrFieldId: '${vdr.objectName}' has no field ${vdrFieldId}.`,
    )
  const found = known?.path ?? path
  if (found === null || found === undefined)
    throw new AppError('bad-request', `fields.${at}: send vdrFieldId, or path.`)
  return { path: found, type: type ?? known?.type }
}

/** @param element of the path; a body may name it. */
export const vdrTransformationInput = (
  vdr: Named,
  body: z.output<typeof VdrTransformationBody>,
  element?: string,
) => {
  const instanceId = body.instanceId ?? undefined
  const unlessSaid = instanceId === undefined ? 'organization' : 'instance'
  const fields = (body.fields ?? []).map((field, at) => ({
    ...field,
    ...definedBy(vdr, field, at),
    level: field.level ?? unlessSaid,
  }))
  return {
    ...{ objectName: vdr.objectName, element: element ?? (body.elementKey?.trim() || undefined), instanceId },
    parts: partsOf({ ...body, fields, ...leveledRest(body, unlessSaid) }, unlessSaid),
  }
}

export const allLevelsView = (
  { transformation }: MappedLevels,
  instanceId: number | undefined,
): z.input<typeof AllLevelsReply> => {
  const view = transformationView(transformation)
  return {
    ...view,
    ...(instanceId === undefined ? {} : { elementInstanceId: instanceId }),
    fields: view.fields.map((field) => ({ ...field, associatedLevel: field.level })),
  }
}

/** The number of what defines a path: of the same level, else of any. */
const fieldIdOf = (vdr: Vdr, path: string, level: LevelName) => {
  const all = vdr.fields.filter((field) => field.path === path)
  return all.find((field) => field.level === level) ?? all[0]
}

export const vdrTransformationView = (
  vdr: Vdr,
  { element, transformation }: Pick<MappedLevels, 'element' | 'transformation'>,
  instanceId: number | undefined,
): z.input<typeof VdrTransformationReply> => {
  const { level: _, ...view } = transformationView(transformation)
  return {
    ...{ id: element.id, vdrId: vdr.id, ...view },
    ...(instanceId === undefined ? {} : { instanceId }),
    fields: view.fields.map((field) => {
      const defined = fieldIdOf(vdr, field.path, field.level)
      return defined === undefined ? field : { vdrFieldId: defined.id, ...field, type: defined.type }
    }),
  }
}
