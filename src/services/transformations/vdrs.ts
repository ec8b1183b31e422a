import type { LevelOwner, Tables } from '#src/store/index.ts'
import type { Caller } from '../accounts/index.ts'
import { checkObjectName, inUse, isSame, type TransformationsNeed, twice } from './owner.ts'
import {
  everyVdr,
  type MappedElements,
  noVdr,
  readVdr,
  systemVdrs,
  type Vdr,
  type VdrNamed,
  withOwn,
} from './vdr.ts'
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
  caller: Caller,
  named: VdrNamed,
): Promise<Vdr | undefined> => {
  const { organizationId } = caller
  const [row] = await store.objectDefinitions.everywhere(organizationId, named)
  return row === undefined ? undefined : readVdr(store, await catalogue.seenBy(caller), organizationId, named)
}

/** A change, after the one before it, that may touch what any instance of the organization is seen through. */
export const changeVdrs = async <T>(
  { instances, catalogue }: TransformationsNeed,
  caller: Caller,
  run: (inside: Tables, organizationId: number, elements: MappedElements) => Promise<T>,
): Promise<T> => {
  const { organizationId } = caller
  const elements = await catalogue.seenBy(caller)
  const owner: LevelOwner = { organizationId, level: 'organization', ownerId: organizationId }
  return instances.changeMappings(owner, async (inside) => {
    await inside.objectDefinitions.lock(organizationId)
    return run(inside, organizationId, elements)
  })
}

/** Common resources over all levels of an organization: the generations `vdrs` and `common-resources`. */
export const createVdrs = (need: TransformationsNeed) => {
  const { store, catalogue } = need

  const change = <T>(
    caller: Caller,
    run: (inside: Tables, organizationId: number, elements: MappedElements) => Promise<T>,
  ) => changeVdrs(need, caller, run)

  const systemNamed = (named: VdrNamed): Vdr | undefined =>
    'vdrId' in named ? systemVdrs(catalogue.system).find(({ id }) => id === named.vdrId) : undefined

  /** A ready-made one takes fields of lower levels beside its own, which stay as they are, like its name. */
  const changeSystem = async (
    caller: Caller,
    ready: Vdr,
    newName: string | undefined,
    input: VdrInput,
  ): Promise<StoredVdr> => {
    const { objectName } = ready
    const asked = await askedOf(need, caller, input, withOwn(ready, await findVdr(need, caller, ready)))
    const isSaid = asked.levels.length > 0 || asked.changes.length > 0
    if (isSaid)
      await change(caller, (inside, organizationId) =>
        storeVdr(inside, organizationId, { objectName, description: undefined, ...asked }),
      )
    const isNamed = newName === undefined || newName === objectName
    const vdr = withOwn(ready, await findVdr(need, caller, ready))
    return { vdr, ignored: [...(isNamed ? [] : ['objectName']), ...asked.ignored] }
  }

  const removeOwn = async (
    inside: Tables,
    organizationId: number,
    objectName: string,
    force: boolean,
  ): Promise<void> => {
    const [used] = await inside.transformations.everywhere(organizationId, objectName)
    if (used !== undefined && !force) throw inUse(used)
    await inside.transformations.removeEverywhere(organizationId, objectName)
    await inside.objectDefinitions.removeEverywhere(organizationId, objectName)
  }

  return {
    /** @throws AppError `bad-query`. */
    vdrs: async (
      caller: Caller,
      { systemOnly, where }: { readonly systemOnly: boolean; readonly where: string },
    ): Promise<readonly Vdr[]> => {
      const matches = readVdrFilter(where)
      const all = systemOnly
        ? systemVdrs(catalogue.system)
        : await everyVdr(store, await catalogue.seenNow(caller), caller.organizationId)
      return all.filter(matches)
    },
    /** @throws AppError `not-found`. */
    vdr: async (caller: Caller, named: VdrNamed): Promise<Vdr> => {
      const ready = systemNamed(named)
      if (ready === undefined)
        return readVdr(store, await catalogue.seenBy(caller), caller.organizationId, named)
      return withOwn(ready, await findVdr(need, caller, ready))
    },
    /** @throws AppError `conflict` where a level that it names has one already, `bad-request`. */
    addVdr: async (caller: Caller, objectName: string, input: VdrInput): Promise<StoredVdr> => {
      checkObjectName('objectName', objectName)
      const asked = await askedOf(need, caller, input, undefined)
      const vdr = await change(caller, async (inside, organizationId, elements) => {
        const rows = await inside.objectDefinitions.everywhere(organizationId, { objectName })
        const isTaken = (row: LevelOwner): boolean =>
          asked.levels.length === 0 || asked.levels.some(({ owner }) => isSame(owner, row))
        const taken = rows.find(isTaken)
        if (taken !== undefined) throw twice('definition', objectName, taken.level)
        await storeVdr(inside, organizationId, { objectName, description: input.description, ...asked })
        return readVdr(inside, elements, organizationId, { objectName })
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
      const ready = systemNamed({ vdrId })
      if (ready !== undefined) return changeSystem(caller, ready, newName, input)
      if (newName !== undefined) checkObjectName('objectName', newName)
      const stored = await readVdr(store, await catalogue.seenBy(caller), caller.organizationId, { vdrId })
      const asked = await askedOf(need, caller, input, stored)
      const vdr = await change(caller, async (inside, organizationId, elements) => {
        const { objectName } = await readVdr(inside, elements, organizationId, { vdrId })
        await storeVdr(inside, organizationId, { objectName, description: input.description, ...asked })
        await renameVdr(inside, organizationId, objectName, newName ?? objectName)
        return readVdr(inside, elements, organizationId, { vdrId })
      })
      return { vdr, ignored: asked.ignored }
    },
    /** Changes a common resource as `changeVdr`, or makes it. @throws AppError `conflict`, `bad-request`. */
    putVdr: async (caller: Caller, objectName: string, input: VdrInput): Promise<StoredVdr> => {
      checkObjectName('name', objectName)
      const stored = await findVdr(need, caller, { objectName })
      const asked = await askedOf(need, caller, input, stored)
      const vdr = await change(caller, async (inside, organizationId, elements) => {
        await storeVdr(inside, organizationId, { objectName, description: input.description, ...asked })
        return readVdr(inside, elements, organizationId, { objectName })
      })
      return { vdr, ignored: asked.ignored }
    },
    /** At every level, with its transformations. @throws AppError `not-found`, `conflict`, `bad-request`. */
    renameVdr: (caller: Caller, objectName: string, newName: string): Promise<Vdr> => {
      checkObjectName('name', newName)
      return change(caller, async (inside, organizationId, elements) => {
        await readVdr(inside, elements, organizationId, { objectName })
        await renameVdr(inside, organizationId, objectName, newName)
        return readVdr(inside, elements, organizationId, { objectName: newName })
      })
    },
    /**
     * At every level; of a ready-made one what the organization added.
     * @param force removes the transformations that are mapped to it, too.
     * @returns the paths of what stays, since nobody may remove it.
     * @throws AppError `not-found`, `conflict` while there are transformations, unless they go along.
     */
    removeVdr: (caller: Caller, named: VdrNamed, force: boolean): Promise<readonly string[]> => {
      const ready = systemNamed(named)
      return change(caller, async (inside, organizationId) => {
        const [row] = await inside.objectDefinitions.everywhere(organizationId, ready ?? named)
        if (row !== undefined) await removeOwn(inside, organizationId, row.objectName, force)
        else if (ready === undefined) throw noVdr(named)
        return ready?.fields.map(({ path }) => path) ?? []
      })
    },
  }
}
