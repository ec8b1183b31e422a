import { AppError } from '#src/lib/errors.ts'
import type { DefinedField, DefinitionRow, LevelName, Tables, TransformationRow } from '#src/store/index.ts'
import type { Seen } from '../catalogue/index.ts'
import { type SystemDefinition, systemDefinitions } from './system.ts'

/** A field of a common resource with the level that defines it. */
export interface VdrField extends DefinedField {
  readonly level: LevelName | 'system'
  /** The account or instance of that level. */
  readonly associatedId?: number
}

/** A common resource: all levels of an organization that define one name (spec/behaviour.md 6.4). */
export interface Vdr {
  readonly id: number
  readonly objectName: string
  readonly description: string
  readonly fields: readonly VdrField[]
  /** Elements that have a transformation of it. */
  readonly mappedElementIds: readonly number[]
  /** Instances at whose level it is defined or mapped. */
  readonly elementInstanceIds: readonly number[]
}

/** The elements that common resources may be mapped to, as one viewer sees them. */
export type MappedElements = Pick<Seen, 'all'>

const fieldsOf = ({ level, ownerId, fields }: DefinitionRow): readonly VdrField[] =>
  fields.map((field) => ({
    ...field,
    level,
    ...(level === 'organization' ? {} : { associatedId: ownerId }),
  }))

const elementIds = (elements: MappedElements, keys: readonly string[]): readonly number[] =>
  elements
    .all()
    .filter(({ key }) => keys.includes(key))
    .map(({ id }) => id)

/** @param rows of one name, from the top. */
const merged = (
  elements: MappedElements,
  rows: readonly DefinitionRow[],
  mapped: readonly TransformationRow[],
): readonly Vdr[] => {
  const [first] = rows
  if (first === undefined) return []
  const instances = [...rows, ...mapped].filter(({ level }) => level === 'instance')
  return [
    {
      ...{ id: first.vdrId, objectName: first.objectName },
      description: rows.find(({ description }) => description)?.description ?? '',
      fields: rows.flatMap(fieldsOf),
      mappedElementIds: elementIds(
        elements,
        mapped.map(({ elementKey }) => elementKey),
      ),
      elementInstanceIds: [...new Set(instances.map(({ ownerId }) => ownerId))],
    },
  ]
}

const groupedByName = <Row extends { readonly objectName: string }>(
  rows: readonly Row[],
): ReadonlyMap<string, readonly Row[]> => {
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const group = groups.get(row.objectName)
    if (group === undefined) groups.set(row.objectName, [row])
    else group.push(row)
  }
  return groups
}

/** Every common resource of an organization, by name. */
export const everyVdr = async (
  tables: Tables,
  elements: MappedElements,
  organizationId: number,
): Promise<readonly Vdr[]> => {
  const defined = groupedByName(await tables.objectDefinitions.everywhere(organizationId))
  const mapped = groupedByName(await tables.transformations.everywhere(organizationId))
  return [...defined].flatMap(([name, rows]) => merged(elements, rows, mapped.get(name) ?? []))
}

/** How a common resource is named: by its number, or by its name. */
export type VdrNamed = { readonly vdrId: number } | { readonly objectName: string }

export const noVdr = (named: VdrNamed): AppError =>
  new AppError(
    'not-found',
    'vdrId' in named
      ? `No common resource found with id ${named.vdrId}`
      : `No common resource found with name ${named.objectName.slice(0, 100)}`,
  )

/** @throws AppError `not-found`. */
export const readVdr = async (
  tables: Tables,
  elements: MappedElements,
  organizationId: number,
  named: VdrNamed,
): Promise<Vdr> => {
  const rows = await tables.objectDefinitions.everywhere(organizationId, named)
  const [first] = rows
  if (first === undefined) throw noVdr(named)
  const mapped = await tables.transformations.everywhere(organizationId, first.objectName)
  const [vdr] = merged(elements, rows, mapped)
  if (vdr === undefined) throw noVdr(named)
  return vdr
}

const systemVdr = (
  elements: MappedElements,
  { id, objectName, description, fields, transformations }: SystemDefinition,
): Vdr => ({
  ...{ id, objectName, description, elementInstanceIds: [] },
  fields: fields.map((field) => ({ ...field, level: 'system' })),
  mappedElementIds: elementIds(
    elements,
    transformations.map(({ elementKey }) => elementKey),
  ),
})

/** The ready-made ones. */
export const systemVdrs = (elements: MappedElements): readonly Vdr[] =>
  systemDefinitions(elements).map((one) => systemVdr(elements, one))

/** A ready-made one with what an organization defines and maps of its name. */
export const withOwn = (system: Vdr, own: Vdr | undefined): Vdr =>
  own === undefined
    ? system
    : {
        ...system,
        fields: [...system.fields, ...own.fields],
        mappedElementIds: [...new Set([...system.mappedElementIds, ...own.mappedElementIds])],
        elementInstanceIds: own.elementInstanceIds,
      }
