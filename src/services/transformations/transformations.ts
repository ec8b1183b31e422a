import type { Element } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type {
  LevelName,
  LevelOwner,
  MappedField,
  MappingSetting,
  NewTransformation,
  StoredScript,
  Tables,
  TransformationRow,
} from '#src/store/index.ts'
import type { Caller } from '../accounts/index.ts'
import {
  checkTopSettings,
  planFields,
  type Transformation,
  transformationOf,
  transformationsOf,
} from '../mapping/index.ts'
import { createMappedLevels, refuseLegacy } from './mapped-levels.ts'
import {
  absentTransformation,
  checkObjectName,
  type LevelAsked,
  levelsAt,
  nearestOf,
  ownerOf,
  printLevel,
  type TransformationsNeed,
  twice,
  whatOf,
} from './owner.ts'
import { createTryOut } from './try-out.ts'
import { vendorResource } from './vendor-resource.ts'

export interface TransformationInput {
  readonly vendorName: string
  readonly displayName: string | undefined
  readonly isLegacy: boolean | undefined
  readonly fields: readonly (MappedField & { readonly level?: string })[]
  readonly configuration: readonly MappingSetting[]
  readonly script: (StoredScript & { readonly level?: string }) | undefined
}

/** Where a common resource is mapped. */
export interface TransformationUse {
  readonly level: LevelName
  readonly elementKey: string
  readonly ownerId: number
  readonly objectName: string
}

/** Makes the row of one level of what is sent. @throws AppError `bad-request`, `not-found` without a definition. */
export type RowOf = (
  inside: Tables,
  owner: LevelOwner,
  element: Element,
  name: string,
  input: TransformationInput,
) => Promise<NewTransformation>

/** How each element's resources are mapped to common ones, at each level on its own. */
export const createMappings = (need: TransformationsNeed) => {
  const { store, instances } = need

  /** What stands at a level and those above it, lowest last. */
  const rowsAt = async (
    owner: LevelOwner,
    elementKey: string,
    tables: Tables = store,
  ): Promise<readonly TransformationRow[]> => {
    const rows: TransformationRow[] = []
    for (const level of await levelsAt(tables, owner))
      rows.push(...(await tables.transformations.list(level, elementKey)))
    return rows
  }

  const shownOf = (owner: LevelOwner, rows: readonly TransformationRow[]): readonly Transformation[] => {
    const own = rows.filter(({ level, ownerId }) => level === owner.level && ownerId === owner.ownerId)
    return own.flatMap(({ objectName }) => {
      const one = transformationOf(rows.filter((row) => row.objectName === objectName))
      return one === undefined ? [] : [one]
    })
  }

  const shown = async (owner: LevelOwner, elementKey: string, name: string): Promise<Transformation> => {
    const found = shownOf(owner, await rowsAt(owner, elementKey)).find(({ row }) => row.objectName === name)
    if (found === undefined) throw absentTransformation(owner, elementKey, name)
    return found
  }

  /** Fields as they are inherited are not this level's: what was read may be sent back. */
  const ownFields = (
    owner: LevelOwner,
    input: TransformationInput,
    above: Transformation | undefined,
  ): readonly MappedField[] =>
    input.fields.flatMap(({ level, ...field }) => {
      const same = above?.fields.find(({ path }) => path === field.path)
      const isEcho = level !== undefined && level !== owner.level && same !== undefined
      return isEcho && same.level === level && same.vendorPath === field.vendorPath ? [] : [field]
    })

  /** Likewise the script. */
  const ownScript = (
    owner: LevelOwner,
    { script }: TransformationInput,
    above: Transformation | undefined,
  ): StoredScript | null => {
    if (script === undefined) return null
    const { level, ...own } = script
    const isEcho = level !== undefined && level !== owner.level && above?.script?.level === level
    return isEcho && above.script.body === own.body ? null : own
  }

  /** @throws AppError `bad-request` naming the field, `not-found` where nothing defines the name. */
  const rowOf: RowOf = async (inside, owner, element, name, input) => {
    checkObjectName('objectName', name)
    const resource = vendorResource(element, input.vendorName)
    checkTopSettings(input.configuration)
    planFields(
      input.fields.map((field) => ({ ...field, level: owner.level })),
      resource,
    )
    if ((await nearestOf(inside, owner, name)) === undefined)
      throw new AppError(
        'not-found',
        `No object definition found with name ${name} at ${printLevel(owner)} or above. POST it first, to .../objects/${name}/definitions.`,
      )
    const inherits = input.configuration.some(({ type }) => type === 'inherit')
    const above = inherits
      ? transformationOf(
          (await rowsAt(owner, element.key, inside)).filter(
            (row) => row.objectName === name && !(row.level === owner.level && row.ownerId === owner.ownerId),
          ),
        )
      : undefined
    return {
      ...{ elementKey: element.key, objectName: name, vendorName: resource.name },
      ...{ displayName: input.displayName ?? null, isLegacy: input.isLegacy === true },
      ...{ fields: ownFields(owner, input, above), configuration: input.configuration },
      script: ownScript(owner, input, above),
    }
  }

  /** As it would be stored over what is there. @throws AppError `bad-request`, `not-found`. */
  const checkedRow = (
    owner: LevelOwner,
    element: Element,
    name: string,
    input: TransformationInput,
    before: TransformationRow | undefined,
  ): Promise<NewTransformation> => {
    if (before !== undefined) refuseLegacy(before, input)
    const isLegacy = input.isLegacy ?? before?.isLegacy
    return rowOf(store, owner, element, name, { ...input, isLegacy })
  }

  return {
    ...createMappedLevels(need, rowOf),
    /** Of one level and element, with what each inherits. @throws AppError `not-found` where there are none. */
    transformations: async (
      caller: Caller,
      asked: LevelAsked,
      element?: string,
    ): Promise<readonly Transformation[]> => {
      const what = await whatOf(need, caller, asked, element)
      const found = shownOf(what.owner, await rowsAt(what.owner, what.element.key))
      if (found.length === 0) throw absentTransformation(what.owner, what.element.key)
      return found
    },
    /** @throws AppError `not-found`. */
    transformation: async (
      caller: Caller,
      asked: LevelAsked,
      name: string,
      element?: string,
    ): Promise<Transformation> => {
      const what = await whatOf(need, caller, asked, element)
      return shown(what.owner, what.element.key, name)
    },
    /** @throws AppError `conflict` where the level has it already, `bad-request`, `not-found` without a definition. */
    addTransformation: async (
      caller: Caller,
      asked: LevelAsked,
      name: string,
      input: TransformationInput,
      element?: string,
    ): Promise<Transformation> => {
      const what = await whatOf(need, caller, asked, element)
      await instances.changeMappings(what.owner, async (inside) => {
        await inside.objectDefinitions.lock(what.owner.organizationId)
        const row = await rowOf(inside, what.owner, what.element, name, input)
        if ((await inside.transformations.insert(what.owner, row)) === undefined)
          throw twice('transformation', name, what.owner.level)
      })
      return shown(what.owner, what.element.key, name)
    },
    /** @throws AppError `not-found`, `bad-request` also where a new engine would become the legacy one. */
    changeTransformation: async (
      caller: Caller,
      asked: LevelAsked,
      name: string,
      input: TransformationInput,
      element?: string,
    ): Promise<Transformation> => {
      const what = await whatOf(need, caller, asked, element)
      const before = await shown(what.owner, what.element.key, name)
      refuseLegacy(before.row, input)
      await instances.changeMappings(what.owner, async (inside) => {
        await inside.objectDefinitions.lock(what.owner.organizationId)
        const isLegacy = input.isLegacy ?? before.row.isLegacy
        const row = await rowOf(inside, what.owner, what.element, name, { ...input, isLegacy })
        if ((await inside.transformations.update(what.owner, row)) === undefined)
          throw absentTransformation(what.owner, what.element.key, name)
      })
      return shown(what.owner, what.element.key, name)
    },
    /**
     * Without a name all of the level and element.
     * @param everyLevel removes those of the levels above, too.
     * @throws AppError `not-found`.
     */
    removeTransformations: async (
      caller: Caller,
      asked: LevelAsked,
      name: string | undefined,
      element?: string,
      everyLevel = false,
    ): Promise<void> => {
      const what = await whatOf(need, caller, asked, element)
      const levels = everyLevel ? await levelsAt(store, what.owner) : [what.owner]
      const [top = what.owner] = levels
      await instances.changeMappings(top, async (inside) => {
        let removed = 0
        for (const level of levels)
          removed += await inside.transformations.remove(level, what.element.key, name)
        if (removed === 0) throw absentTransformation(what.owner, what.element.key, name)
      })
    },
    tryOut: createTryOut({ need, rowsAt, checkedRow }),
    /** What an instance is seen through, without a connection to its vendor. @throws AppError `not-found`. */
    ofInstance: async (caller: Caller, instanceId: number): Promise<ReadonlyMap<string, Transformation>> => {
      const { element } = await instances.get(caller, instanceId)
      const owner = await ownerOf(need, caller, { level: 'instance', instanceId })
      return transformationsOf(await rowsAt(owner, element.key))
    },
    /** Where a name is mapped within an organization. @throws AppError `not-found` where nowhere. */
    usesOf: async (caller: Caller, name: string): Promise<readonly TransformationUse[]> => {
      const owner = await ownerOf(need, caller, { level: 'organization' })
      const rows = await store.transformations.using(owner, name)
      if (rows.length > 0) return rows
      throw new AppError('not-found', `No transformations found of ${name.slice(0, 100)}`)
    },
  }
}
