import type { LevelOwner, Tables } from '#src/store/index.ts'
import type { Caller } from '../accounts/index.ts'
import { checkObjectName, inUse, isSame, type TransformationsNeed, twice } from './owner.ts'
import { everyVdr, noVdr, readVdr, systemVdrs, type Vdr, type VdrNamed } from './vdr.ts'
import { askedOf, type VdrInput } from './vdr-asked.ts'
import { readVdrFilter } from './vdr-filter.ts'
import { renameVdr, storeVdr } from './vdr-store.ts'

/** A common resource as it was stored, and the paths of what was not, since the caller may not write there. */
export interface StoredVdr {
  readonly vdr: Vdr
  readonly ignored: readonly string[]
}

/** The common resource of a number or name, if there is one. */
export const findVdr = async (
  { store, catalogue }: TransformationsNeed,
  { organizationId }: Caller,
  named: VdrNamed,
): Promise<Vdr | undefined> => {
  const [row] = await store.objectDefinitions.everywhere(organizationId, named)
  return row === undefined ? undefined : readVdr(store, catalogue, organizationId, named)
}

/** A change, after the one before it, that may touch what any instance of the organization is seen through. */
export const changeVdrs = <T>(
  { instances }: TransformationsNeed,
  { organizationId }: Caller,
  run: (inside: Tables, organizationId: number) => Promise<T>,
): Promise<T> => {
  const owner: LevelOwner = { organizationId, level: 'organization', ownerId: organizationId }
  return instances.changeMappings(owner, async (inside) => {
    await inside.objectDefinitions.lock(organizationId)
    return run(inside, organizationId)
  })
}

/** Common resources over all levels of an organization: the generations `vdrs` and `common-resources`. */
export const createVdrs = (need: TransformationsNeed) => {
  const { store, catalogue } = need

  const change = <T>(caller: Caller, run: (inside: Tables, organizationId: number) => Promise<T>) =>
    changeVdrs(need, caller, run)

  return {
    /** @throws AppError `bad-query`. */
    vdrs: async (
      { organizationId }: Caller,
      { systemOnly, where }: { readonly systemOnly: boolean; readonly where: string },
    ): Promise<readonly Vdr[]> => {
      const matches = readVdrFilter(where)
      const all = systemOnly ? systemVdrs(catalogue) : await everyVdr(store, catalogue, organizationId)
      return all.filter(matches)
    },
    /** @throws AppError `not-found`. */
    vdr: async ({ organizationId }: Caller, named: VdrNamed): Promise<Vdr> => {
      const ready = 'vdrId' in named ? systemVdrs(catalogue).find(({ id }) => id === named.vdrId) : undefined
      return ready ?? readVdr(store, catalogue, organizationId, named)
    },
    /** @throws AppError `conflict` where a level that it names has one already, `bad-request`. */
    addVdr: async (caller: Caller, objectName: string, input: VdrInput): Promise<StoredVdr> => {
      checkObjectName('objectName', objectName)
      const asked = await askedOf(need, caller, input, undefined)
      const vdr = await change(caller, async (inside, organizationId) => {
        const rows = await inside.objectDefinitions.everywhere(organizationId, { objectName })
        const isTaken = (row: LevelOwner): boolean =>
          asked.levels.length === 0 || asked.levels.some(({ owner }) => isSame(owner, row))
        const taken = rows.find(isTaken)
        if (taken !== undefined) throw twice('definition', objectName, taken.level)
        await storeVdr(inside, organizationId, { objectName, description: input.description, ...asked })
        return readVdr(inside, catalogue, organizationId, { objectName })
      })
      return { vdr, ignored: asked.ignored }
    },
    /**
     * Makes the fields of each level that the body names what it says; other levels stay as they are. A field that
     * has another path takes its transformations along.
     * @throws AppError `not-found`, `conflict`, `bad-request`.
     */
    changeVdr: async (
      caller: Caller,
      vdrId: number,
      newName: string | undefined,
      input: VdrInput,
    ): Promise<StoredVdr> => {
      if (newName !== undefined) checkObjectName('objectName', newName)
      const stored = await readVdr(store, catalogue, caller.organizationId, { vdrId })
      const asked = await askedOf(need, caller, input, stored)
      const vdr = await change(caller, async (inside, organizationId) => {
        const { objectName } = await readVdr(inside, catalogue, organizationId, { vdrId })
        await storeVdr(inside, organizationId, { objectName, description: input.description, ...asked })
        await renameVdr(inside, organizationId, objectName, newName ?? objectName)
        return readVdr(inside, catalogue, organizationId, { vdrId })
      })
      return { vdr, ignored: asked.ignored }
    },
    /** Changes a common resource as `changeVdr`, or makes it. @throws AppError `conflict`, `bad-request`. */
    putVdr: async (caller: Caller, objectName: string, input: VdrInput): Promise<StoredVdr> => {
      checkObjectName('name', objectName)
      const stored = await findVdr(need, caller, { objectName })
      const asked = await askedOf(need, caller, input, stored)
      const vdr = await change(caller, async (inside, organizationId) => {
        await storeVdr(inside, organizationId, { objectName, description: input.description, ...asked })
        return readVdr(inside, catalogue, organizationId, { objectName })
      })
      return { vdr, ignored: asked.ignored }
    },
    /** At every level, with its transformations. @throws AppError `not-found`, `conflict`, `bad-request`. */
    renameVdr: (caller: Caller, objectName: string, newName: string): Promise<Vdr> => {
      checkObjectName('name', newName)
      return change(caller, async (inside, organizationId) => {
        await readVdr(inside, catalogue, organizationId, { objectName })
        await renameVdr(inside, organizationId, objectName, newName)
        return readVdr(inside, catalogue, organizationId, { objectName: newName })
      })
    },
    /**
     * At every level.
     * @param force removes the transformations that are mapped to it, too.
     * @throws AppError `not-found`, `conflict` while there are transformations, unless they go along.
     */
    removeVdr: (caller: Caller, named: VdrNamed, force: boolean): Promise<void> =>
      change(caller, async (inside, organizationId) => {
        const [row] = await inside.objectDefinitions.everywhere(organizationId, named)
        if (row === undefined) throw noVdr(named)
        const [used] = await inside.transformations.everywhere(organizationId, row.objectName)
        if (used !== undefined && !force) throw inUse(used)
        await inside.transformations.removeEverywhere(organizationId, row.objectName)
        await inside.objectDefinitions.removeEverywhere(organizationId, row.objectName)
      }),
  }
}
