import type { Element } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { LevelName, LevelOwner, Tables, TransformationRow } from '#src/store/index.ts'
import type { Caller } from '../accounts/index.ts'
import { everyLevelOf, fromTheTop, hasSetting, type Transformation } from '../mapping/index.ts'
import { type TransformationsNeed, twice } from './owner.ts'
import { createPlaces } from './places.ts'
import type { RowOf, TransformationInput } from './transformations.ts'
import type { Vdr } from './vdr.ts'

/** What one body says of one level. */
export interface MappedPart {
  readonly level: LevelName | 'system'
  readonly input: TransformationInput
  /** What the body says nothing of at this level stays as it is. */
  readonly keeps: { readonly fields: boolean; readonly configuration: boolean; readonly script: boolean }
}

/** A transformation at several levels at once. */
export interface MappedInput {
  readonly objectName: string
  /** By key or id; an instance's unless said. */
  readonly element: string | undefined
  readonly instanceId: number | undefined
  readonly parts: readonly MappedPart[]
}

/** All levels of a transformation, as they stand side by side. */
export interface MappedLevels {
  readonly element: Element
  readonly transformation: Transformation
  /** The paths and options of what was not stored, since the caller may not write there. */
  readonly ignored: readonly string[]
}

interface Placed extends MappedPart {
  readonly owner: LevelOwner
}

/** What a body asks for, by level from the top. */
export interface MappedPlan {
  readonly objectName: string
  readonly element: Element
  readonly placed: readonly Placed[]
  readonly ignored: readonly string[]
}

/** @throws AppError `bad-request` where a transformation of the new engine would become one of the legacy one. */
export const refuseLegacy = (
  { isLegacy }: Pick<TransformationRow, 'isLegacy'>,
  input: TransformationInput,
): void => {
  if (input.isLegacy !== true || isLegacy) return
  throw new AppError(
    'bad-request',
    'isLegacy: a transformation does not go back to the legacy engine. Send false.',
  )
}

type Whose = Pick<MappedInput, 'objectName' | 'element' | 'instanceId'>

const inherit = { type: 'inherit' } as const

/**
 * What one body maps at several levels holds together: a lower level inherits those above it, unless it is there and
 * stands alone.
 */
const inputOf = (
  { input, keeps }: Placed,
  before: TransformationRow | undefined,
  isBelow: boolean,
): TransformationInput => {
  const configuration = keeps.configuration ? (before?.configuration ?? []) : input.configuration
  const isSaid = configuration.some(({ type }) => type === inherit.type)
  const inherits = isBelow && (before === undefined || hasSetting(before, inherit.type))
  return {
    ...input,
    displayName: input.displayName ?? before?.displayName ?? undefined,
    isLegacy: input.isLegacy ?? before?.isLegacy,
    fields: keeps.fields ? (before?.fields ?? []) : input.fields,
    script: keeps.script ? (before?.script ?? undefined) : input.script,
    configuration: isSaid || !inherits ? configuration : [...configuration, inherit],
  }
}

const absent = ({ objectName }: Whose, element: Element): AppError =>
  new AppError('not-found', `No transformation of ${element.key} found with name ${objectName.slice(0, 100)}`)

/** Transformations at all levels that concern a caller: the organization, the account and one instance. */
export const createMappedLevels = (need: TransformationsNeed, rowOf: RowOf) => {
  const { store, catalogue, instances } = need

  /** @throws AppError `not-found`, `bad-request` without an element, and where the instance is of another. */
  const elementOf = async (caller: Caller, { element, instanceId }: Whose): Promise<Element> => {
    if (element !== undefined) {
      const found = await catalogue.find(caller, element)
      const row =
        instanceId === undefined ? undefined : await store.instances.find(caller.organizationId, instanceId)
      if (row === undefined || row.elementKey === found.key) return found
      throw new AppError(
        'bad-request',
        `elementKey: instance ${instanceId} is of ${row.elementKey}. Leave one of them out.`,
      )
    }
    if (instanceId !== undefined)
      return catalogue.find(caller, (await instances.get(caller, instanceId)).element.key)
    throw new AppError('bad-request', 'elementKey: send the key of an element, or the id of an instance.')
  }

  /** With the instance only where it is the caller's to see: the parts of another are not shown. */
  const seenBy = async (caller: Caller, whose: Whose): Promise<Whose> => {
    const { instanceId } = whose
    if (instanceId === undefined) return whose
    const place = createPlaces(need, caller, [])
    const owner = await place('instanceId', { level: 'instance', associatedId: instanceId })
    return owner === undefined ? { ...whose, instanceId: undefined } : whose
  }

  const isOf = ({ level, ownerId }: LevelOwner, caller: Caller, instanceId: number | undefined): boolean =>
    level === 'organization' || ownerId === (level === 'account' ? caller.accountId : instanceId)

  const read = async (
    tables: Tables,
    caller: Caller,
    whose: Whose,
    element: Element,
  ): Promise<Transformation> => {
    const rows = (await tables.transformations.everywhere(caller.organizationId, whose.objectName)).filter(
      ({ elementKey }) => elementKey === element.key,
    )
    const [first] = rows
    if (first === undefined) throw absent(whose, element)
    const own = rows.filter((row) => isOf(row, caller, whose.instanceId))
    return everyLevelOf(own) ?? { row: first, fields: [], configuration: [], script: undefined }
  }

  /** @throws AppError `not-found`, `bad-request`, `not-allowed` where no level is the caller's to write. */
  const plan = async (caller: Caller, input: MappedInput): Promise<MappedPlan> => {
    const { objectName, instanceId } = input
    const element = await elementOf(caller, input)
    const place = createPlaces(need, caller, instanceId === undefined ? [] : [instanceId])
    const placed: Placed[] = []
    const ignored: string[] = []
    for (const part of input.parts) {
      const owner = await place('instanceId', { level: part.level, associatedId: undefined })
      if (owner !== undefined) placed.push({ ...part, owner })
      else
        ignored.push(
          ...part.input.fields.map(({ path }) => path),
          ...part.input.configuration.map(({ type }) => type),
        )
    }
    if (placed.length === 0)
      throw new AppError('not-allowed', 'level: none of the levels that the body names is yours to write.')
    const levels = fromTheTop(placed.map((one) => ({ level: one.owner.level, one }))).map(({ one }) => one)
    return { objectName, element, placed: levels, ignored }
  }

  /** @throws AppError `conflict` for a new one that is there already, and as `RowOf`. */
  const storePlan = async (inside: Tables, { objectName, element, placed }: MappedPlan, isNew: boolean) => {
    for (const [at, part] of placed.entries()) {
      const { owner } = part
      const rows = await inside.transformations.list(owner, element.key)
      const before = rows.find((row) => row.objectName === objectName)
      if (isNew && before !== undefined) throw twice('transformation', objectName, owner.level)
      if (before !== undefined) refuseLegacy(before, part.input)
      const row = await rowOf(inside, owner, element, objectName, inputOf(part, before, at > 0))
      if (before === undefined) await inside.transformations.insert(owner, row)
      else await inside.transformations.update(owner, row)
    }
  }

  return {
    /** The parts of every level side by side. @throws AppError `not-found`. */
    mapped: async (caller: Caller, whose: Whose): Promise<Omit<MappedLevels, 'ignored'>> => {
      const element = await elementOf(caller, whose)
      return { element, transformation: await read(store, caller, await seenBy(caller, whose), element) }
    },
    /** Of each element that is mapped here; of a ready-made one others are its own. */
    mappedElements: async (
      caller: Caller,
      { objectName, mappedElementIds }: Pick<Vdr, 'objectName' | 'mappedElementIds'>,
      instanceId: number | undefined,
    ): Promise<readonly Omit<MappedLevels, 'ignored'>[]> => {
      const stored = await store.transformations.everywhere(caller.organizationId, objectName)
      const known = await catalogue.seenBy(caller)
      const elements = mappedElementIds
        .flatMap((id) => known.get(id) ?? [])
        .filter(({ key }) => stored.some(({ elementKey }) => elementKey === key))
      const reads = elements.map(async (element) => {
        const whose = await seenBy(caller, { objectName, element: element.key, instanceId })
        return { element, transformation: await read(store, caller, whose, element) }
      })
      return Promise.all(reads)
    },
    /** What a body would store at which level. @throws AppError `not-found`, `bad-request`, `not-allowed`. */
    planMapped: plan,
    /** Stores it, in a transaction that holds the lock. @throws AppError `conflict`, `not-found`, `bad-request`. */
    storeMappedPlan: storePlan,
    /**
     * Stores a transformation at each level that the body names, in one transaction; other levels stay as they are.
     * @param isNew refuses what is there already.
     * @throws AppError `conflict`, `not-found` without a definition, `bad-request`, `not-allowed`.
     */
    storeMapped: async (caller: Caller, input: MappedInput, isNew: boolean): Promise<MappedLevels> => {
      const planned = await plan(caller, input)
      const { element, placed, ignored } = planned
      const seen = await seenBy(caller, input)
      const [top] = placed
      if (top === undefined) throw new Error('a plan has no level')
      return instances.changeMappings(top.owner, async (inside) => {
        await inside.objectDefinitions.lock(caller.organizationId)
        await storePlan(inside, planned, isNew)
        return { element, transformation: await read(inside, caller, seen, element), ignored }
      })
    },
    /** The part of an instance, or without one those of every level. @throws AppError `not-found`. */
    removeMapped: async (caller: Caller, whose: Whose): Promise<void> => {
      const element = await elementOf(caller, whose)
      const { organizationId } = caller
      const place = createPlaces(need, caller, [])
      const owner =
        whose.instanceId === undefined
          ? ({ organizationId, level: 'organization', ownerId: organizationId } as const)
          : await place('instanceId', { level: 'instance', associatedId: whose.instanceId })
      if (owner === undefined) throw absent(whose, element)
      await instances.changeMappings(owner, async (inside) => {
        await inside.objectDefinitions.lock(organizationId)
        const rows = await inside.transformations.using(owner, whose.objectName)
        const own = rows.filter(({ elementKey }) => elementKey === element.key)
        if (own.length === 0) throw absent(whose, element)
        for (const row of own) await inside.transformations.remove(row, element.key, whose.objectName)
      })
    },
  }
}
