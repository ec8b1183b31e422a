import type { NewTransformation } from '#src/store/index.ts'
import type { Caller } from '../accounts/index.ts'
import type { Transformation } from '../mapping/index.ts'
import { numbered } from './fields.ts'
import { type LevelAsked, type TransformationsNeed, twice, whatOf } from './owner.ts'
import { readyMadeDefinitions, readyMadeNamed, readyMadeOf } from './ready-made.ts'
import type { createMappings } from './transformations.ts'

/** Ready-made common resources: shown, and taken over at a level, where they are the customer's own from then on. */
export const createTakeOver = (
  need: TransformationsNeed,
  { transformations }: Pick<ReturnType<typeof createMappings>, 'transformations'>,
) => ({
  /** What an application may be written for, whichever vendor stands behind it. */
  readyMadeDefinitions: () => readyMadeDefinitions,
  /** The same of an element of the catalogue. @throws AppError `not-found` for an element that there is not. */
  catalogueTransformations: async (caller: Caller, element: string): Promise<readonly NewTransformation[]> =>
    readyMadeOf(await need.catalogue.find(caller, element)),
  /** How an element is mapped to them. @throws AppError `not-found` where it is not. */
  readyMadeTransformations: async (
    caller: Caller,
    asked: LevelAsked,
    element?: string,
  ): Promise<readonly NewTransformation[]> =>
    readyMadeNamed((await whatOf(need, caller, asked, element)).element, undefined),
  /**
   * Takes over definitions and transformations, all that are named or none.
   * @param names absent: everything that the element is mapped to.
   * @throws AppError `conflict` naming one that the level has already, `bad-request`, `not-found`.
   */
  addReadyMade: async (
    caller: Caller,
    asked: LevelAsked,
    names: readonly string[] | undefined,
    element?: string,
  ): Promise<readonly Transformation[]> => {
    const { owner, element: mapped } = await whatOf(need, caller, asked, element)
    const rows = readyMadeNamed(mapped, names)
    await need.instances.changeMappings(owner, async (inside) => {
      await inside.objectDefinitions.lock(owner.organizationId)
      const taken: string[] = []
      for (const row of rows) {
        const definition = readyMadeDefinitions.find(({ objectName }) => objectName === row.objectName)
        if (definition === undefined) throw new Error(`${row.objectName} is mapped, but defined nowhere`)
        const fields = await numbered(inside, definition.fields, [])
        // One that is there stays: definitions outlive their transformations.
        await inside.objectDefinitions.insert(owner, { ...definition, fields })
        if ((await inside.transformations.insert(owner, row)) === undefined) taken.push(row.objectName)
      }
      if (taken.length > 0) throw twice('transformation', taken.join("', '"), owner.level)
    })
    const made = rows.map(({ objectName }) => objectName)
    return (await transformations(caller, asked, element)).filter(({ row }) => made.includes(row.objectName))
  },
})
