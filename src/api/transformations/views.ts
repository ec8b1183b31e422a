import type { z } from 'zod'
import type {
  DefinitionBody,
  DefinitionReply,
  DefinitionsReply,
  TransformationBody,
  TransformationReply,
  TransformationsReply,
} from '#src/contract/index.ts'
import type {
  DefinitionInput,
  Transformation,
  TransformationInput,
  Transformations,
} from '#src/services/index.ts'

type ReadyMadeDefinition = ReturnType<Transformations['readyMadeDefinitions']>[number]
type ReadyMadeTransformation = Awaited<ReturnType<Transformations['readyMadeTransformations']>>[number]
export type DefinitionRow = Awaited<ReturnType<Transformations['definition']>>
type Setting = TransformationInput['configuration'][number]

/** `2020-10-13 17:48:40.92`: as the old platform wrote it, in UTC (spec/contract.md 8). */
const dateText = (at: Date): string => at.toISOString().replace('T', ' ').slice(0, -1)

/** A member that is left out where it has no value. */
const optional = <Name extends string>(name: Name, value: string | null | undefined) =>
  (value === null || value === undefined ? {} : { [name]: value }) as { [K in Name]?: string }

/** @param numbered tells the numbers of the common resource and of its fields, too. */
export const definitionView = (row: DefinitionRow, numbered: boolean): z.input<typeof DefinitionReply> => ({
  ...(numbered ? { id: row.vdrId } : {}),
  objectName: row.objectName,
  level: row.level,
  createdDate: dateText(row.createdAt),
  description: row.description ?? '',
  fields: row.fields.map(({ id, ...field }) => ({
    ...(numbered ? { id } : {}),
    ...field,
    level: row.level,
  })),
})

type FieldBody = NonNullable<z.output<typeof DefinitionBody>['fields']>[number]

/** A field of a definition, in whichever generation it is sent. */
export const fieldInput = ({ path, type, displayName, description, unit }: FieldBody) => ({
  path,
  ...optional('type', type),
  ...optional('displayName', displayName),
  ...optional('description', description),
  ...optional('unit', unit),
})

export const definitionInput = (body: z.output<typeof DefinitionBody>): DefinitionInput => ({
  description: body.description ?? undefined,
  fields: (body.fields ?? []).map(fieldInput),
})

const scriptView = ({
  body,
  mimeType,
  filterEmptyResponse,
  level,
}: NonNullable<Transformation['script']>) => ({
  body,
  mimeType,
  filterEmptyResponse,
  level,
})

export const transformationView = ({
  row,
  fields,
  configuration,
  script,
}: Transformation): z.input<typeof TransformationReply> => ({
  objectName: row.objectName,
  vendorName: row.vendorName,
  ...optional('displayName', row.displayName),
  level: row.level,
  elementKey: row.elementKey,
  startDate: dateText(row.createdAt),
  isLegacy: row.isLegacy,
  fields: fields.map((field) => ({ ...field, configuration: [...field.configuration] })),
  configuration: [...configuration],
  ...(script === undefined ? {} : { script: scriptView(script) }),
})

const system = 'system' as const

/** Definitions of what is ready-made, by name. */
export const readyMadeDefinitions = (
  found: readonly ReadyMadeDefinition[],
): z.input<typeof DefinitionsReply> =>
  byName(
    found.map(({ objectName, description, fields }) => ({
      ...{ objectName, level: system, description: description ?? '' },
      fields: fields.map((field) => ({ ...field, level: system })),
    })),
  )

/** How an element is mapped to what is ready-made, by name. */
export const readyMadeTransformations = (
  found: readonly ReadyMadeTransformation[],
): z.input<typeof TransformationsReply> =>
  byName(
    found.map(({ objectName, vendorName, elementKey, fields, configuration, isLegacy }) => ({
      ...{ objectName, vendorName, level: system, elementKey, isLegacy },
      fields: fields.map((field) => ({
        ...field,
        level: system,
        configuration: [...field.configuration],
      })),
      configuration: configuration.map((setting) => ({ ...setting, level: system })),
    })),
  )

type SettingBody = NonNullable<z.output<typeof TransformationBody>['configuration']>[number]

const settings = (given: readonly SettingBody[] | null | undefined): readonly Setting[] =>
  (given ?? []).map(({ type, properties }) => ({
    type,
    ...(properties === null || properties === undefined ? {} : { properties }),
  }))

const scriptInput = (given: z.output<typeof TransformationBody>['script']): TransformationInput['script'] =>
  given?.body?.trim()
    ? {
        body: given.body,
        mimeType: given.mimeType?.trim() || 'application/javascript',
        filterEmptyResponse: given.filterEmptyResponse === true,
        ...optional('level', given.level),
      }
    : undefined

export const transformationInput = (body: z.output<typeof TransformationBody>): TransformationInput => ({
  vendorName: body.vendorName,
  displayName: body.displayName ?? undefined,
  isLegacy: body.isLegacy ?? undefined,
  fields: (body.fields ?? []).map((field) => ({
    path: field.path,
    type: field.type?.trim() || 'string',
    ...optional('vendorPath', field.vendorPath?.trim() || undefined),
    ...optional('vendorType', field.vendorType),
    ...optional('displayName', field.displayName),
    ...optional('level', field.level),
    configuration: settings(field.configuration),
  })),
  configuration: settings(body.configuration),
  script: scriptInput(body.script),
})

/** Rows as a map by name. */
export const byName = <Row extends { readonly objectName: string }>(
  rows: readonly Row[],
): Readonly<Record<string, Row>> => Object.fromEntries(rows.map((row) => [row.objectName, row]))
