import type {
  LevelName,
  MappedField,
  MappingSetting,
  StoredScript,
  TransformationRow,
} from '#src/store/index.ts'

export type LeveledField = MappedField & { readonly level: LevelName }
export type LeveledSetting = MappingSetting & { readonly level: LevelName }

/** A script with the level that has it, whose transformation says how it answers. */
export interface LeveledScript extends StoredScript {
  readonly level: LevelName
  /** Whether it returns its answer, and calls no `done`. */
  readonly isLegacy: boolean
}

/** A transformation as it holds at a level: its own parts, and what it inherits. */
export interface Transformation {
  readonly row: TransformationRow
  readonly fields: readonly LeveledField[]
  readonly configuration: readonly LeveledSetting[]
  readonly script: LeveledScript | undefined
}

const order: readonly LevelName[] = ['organization', 'account', 'instance']

/** What stands at levels, the organization first. */
export const fromTheTop = <Row extends { readonly level: LevelName }>(rows: readonly Row[]): readonly Row[] =>
  [...rows].sort((one, two) => order.indexOf(one.level) - order.indexOf(two.level))

export const hasSetting = (
  { configuration }: Pick<TransformationRow, 'configuration'>,
  type: string,
): boolean => configuration.some((setting) => setting.type === type)

const alone = (row: TransformationRow): Transformation => ({
  row,
  fields: row.fields.map((field) => ({ ...field, level: row.level })),
  configuration: row.configuration.map((setting) => ({ ...setting, level: row.level })),
  script: row.script === null ? undefined : { ...row.script, level: row.level, isLegacy: row.isLegacy },
})

/** The parts of the levels above stay where the lower one says nothing of the same field or option. */
const merged = (above: Transformation, row: TransformationRow): Transformation => {
  const own = alone(row)
  const paths = new Set(row.fields.map(({ path }) => path))
  const types = new Set(['inherit', ...row.configuration.map(({ type }) => type)])
  return {
    row,
    fields: [...above.fields.filter(({ path }) => !paths.has(path)), ...own.fields],
    configuration: [...above.configuration.filter(({ type }) => !types.has(type)), ...own.configuration],
    script: own.script ?? above.script,
  }
}

/**
 * What holds at the lowest of some levels (spec/behaviour.md 6.2, `inherit`): its own transformation, merged into that of
 * the levels above where it says `inherit`; without it the lowest stands alone.
 * @param rows transformations of one element and name, one a level at most.
 */
export const transformationOf = (rows: readonly TransformationRow[]): Transformation | undefined => {
  return fromTheTop(rows).reduce<Transformation | undefined>(
    (above, row) => (above === undefined || !hasSetting(row, 'inherit') ? alone(row) : merged(above, row)),
    undefined,
  )
}

/**
 * The parts of every level, whether or not a lower one inherits them: what a body of all levels at once reads and writes.
 * @param rows transformations of one element and name, one a level at most.
 */
export const everyLevelOf = (rows: readonly TransformationRow[]): Transformation | undefined => {
  const byLevel = fromTheTop(rows)
  const row = byLevel.at(-1)
  if (row === undefined) return undefined
  const parts = byLevel.map(alone)
  return {
    row,
    fields: parts.flatMap(({ fields }) => fields),
    configuration: parts.flatMap(({ configuration }) => configuration),
    script: parts.findLast(({ script }) => script !== undefined)?.script,
  }
}

/** Every transformation that an instance answers by, by the name of its common resource. */
export const transformationsOf = (
  rows: readonly TransformationRow[],
): ReadonlyMap<string, Transformation> => {
  const byName = new Map<string, TransformationRow[]>()
  for (const row of rows) byName.set(row.objectName, [...(byName.get(row.objectName) ?? []), row])
  const found = new Map<string, Transformation>()
  for (const [name, levels] of byName) {
    const one = transformationOf(levels)
    if (one !== undefined) found.set(name, one)
  }
  return found
}
