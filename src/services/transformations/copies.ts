import { AppError } from '#src/lib/errors.ts'
import type { LevelName, NewTransformation, StoredScript, TransformationRow } from '#src/store/index.ts'
import type { Caller } from '../accounts/index.ts'
import { everyLevelOf, type Transformation, transformationOf } from '../mapping/index.ts'
import { checkedFields, numbered } from './fields.ts'
import type { MappedInput, MappedPart, MappedPlan } from './mapped-levels.ts'
import { checkObjectName, ownerOf, type TransformationsNeed, twice } from './owner.ts'
import { systemDefinitions } from './system.ts'
import type { createMappings, TransformationInput } from './transformations.ts'
import { readVdr, systemVdrs, type Vdr } from './vdr.ts'
import { askedOf, type VdrInput } from './vdr-asked.ts'
import { storeVdr } from './vdr-store.ts'
import { changeVdrs, findVdr, type StoredVdr } from './vdrs.ts'

type Mappings = ReturnType<typeof createMappings>

/** What a clone is made of. */
export interface CloneAsked {
  readonly level: Exclude<LevelName, 'instance'>
  /** The name that it had unless said. */
  readonly objectName: string | undefined
  /** Elements, by key or id, whose transformations are cloned; `all` of them. */
  readonly elements: readonly string[] | 'all'
}

/** A common resource as a file holds it: what its organization and the caller's account say of it. */
export interface Exported {
  readonly vdr: Vdr
  readonly transformations: readonly Transformation[]
}

type Parts = Pick<NewTransformation, 'fields' | 'configuration'> & {
  readonly script: (StoredScript & { readonly isLegacy?: boolean }) | null | undefined
  readonly row: Pick<NewTransformation, 'elementKey' | 'vendorName' | 'displayName' | 'isLegacy'>
}

const inputOf = ({ row, fields, configuration, script }: Parts): TransformationInput => ({
  vendorName: row.vendorName,
  displayName: row.displayName ?? undefined,
  isLegacy: script?.isLegacy ?? row.isLegacy,
  fields: fields.map((field) => ({ ...field })),
  configuration: configuration.filter(({ type }) => type !== 'inherit'),
  script: script ?? undefined,
})

const uniquePaths = ({ fields }: Vdr) =>
  fields.filter(({ path }, at) => fields.findIndex((field) => field.path === path) === at)

const byElement = (rows: readonly TransformationRow[]): readonly (readonly TransformationRow[])[] => {
  const keys = [...new Set(rows.map(({ elementKey }) => elementKey))]
  return keys.map((key) => rows.filter(({ elementKey }) => elementKey === key))
}

/** Common resources that are copied: from one level or name to another, to a file, and out of one. */
export const createCopies = (need: TransformationsNeed, mappings: Mappings) => {
  const { store, catalogue } = need

  /** Of the organization and the caller's account; what an instance adds is its own. */
  const sharedRows = async ({ organizationId, accountId }: Caller, objectName: string) =>
    (await store.transformations.everywhere(organizationId, objectName)).filter(
      ({ level, ownerId }) => level === 'organization' || (level === 'account' && ownerId === accountId),
    )

  const sourceOf = async (
    caller: Caller,
    vdrId: number,
  ): Promise<{ vdr: Vdr; transformations: readonly Parts[] }> => {
    const ready = systemDefinitions(catalogue.system).find(({ id }) => id === vdrId)
    const vdr =
      systemVdrs(catalogue.system).find(({ id }) => id === vdrId) ??
      (await readVdr(store, await catalogue.seenBy(caller), caller.organizationId, { vdrId }))
    const own = ready === undefined ? byElement(await sharedRows(caller, vdr.objectName)) : []
    const merged = own.flatMap((rows) => transformationOf(rows) ?? [])
    return {
      vdr,
      transformations: [...merged, ...(ready?.transformations ?? []).map((row) => ({ ...row, row }))],
    }
  }

  /** @throws AppError `not-found` for an element that is not mapped. */
  const chosen = async (
    caller: Caller,
    all: readonly Parts[],
    elements: CloneAsked['elements'],
  ): Promise<readonly Parts[]> => {
    if (elements === 'all') return all
    const named = await Promise.all(elements.map(async (name) => catalogue.find(caller, name)))
    const found = named.map(({ key }) => {
      const one = all.find(({ row }) => row.elementKey === key)
      if (one !== undefined) return one
      throw new AppError(
        'not-found',
        `elementKeys: there is no transformation of ${key} to clone, at the level of the organization or your account.`,
      )
    })
    return [...new Set(found)]
  }

  return {
    /**
     * Makes a definition at one level of a whole common resource, and of the transformations that are asked for.
     * @throws AppError `not-found`, `conflict` where the level has the name, `bad-request`.
     */
    cloneVdr: async (caller: Caller, vdrId: number, asked: CloneAsked): Promise<Vdr> => {
      const { vdr, transformations } = await sourceOf(caller, vdrId)
      const objectName = checkObjectName('objectName', asked.objectName ?? vdr.objectName)
      const { level } = asked
      const owner = await ownerOf(need, caller, { level, accountId: caller.accountId })
      const fields = checkedFields(uniquePaths(vdr))
      const keeps = { fields: false, configuration: false, script: false }
      const plans: MappedPlan[] = []
      for (const one of await chosen(caller, transformations, asked.elements)) {
        const parts: readonly MappedPart[] = [{ level, input: inputOf(one), keeps }]
        const element = one.row.elementKey
        plans.push(await mappings.planMapped(caller, { objectName, element, instanceId: undefined, parts }))
      }
      return changeVdrs(need, caller, async (inside, organizationId, elements) => {
        const { description } = vdr
        const stored = await numbered(inside, fields, [])
        const made = await inside.objectDefinitions.insert(owner, { objectName, description, fields: stored })
        if (made === undefined) throw twice('definition', objectName, level)
        for (const plan of plans) await mappings.storeMappedPlan(inside, plan, true)
        return readVdr(inside, elements, organizationId, { objectName })
      })
    },
    /** @throws AppError `not-found`. */
    exportVdr: async (caller: Caller, objectName: string): Promise<Exported> => {
      const vdr = await readVdr(store, await catalogue.seenBy(caller), caller.organizationId, { objectName })
      const rows = await sharedRows(caller, objectName)
      const isShared = ({ level, associatedId }: Vdr['fields'][number]): boolean =>
        level === 'organization' || (level === 'account' && associatedId === caller.accountId)
      return {
        vdr: { ...vdr, fields: vdr.fields.filter(isShared) },
        transformations: byElement(rows).flatMap((levels) => everyLevelOf(levels) ?? []),
      }
    },
    /**
     * Stores a common resource with its transformations, all or nothing; what is there is changed at the levels that are
     * named.
     * @throws AppError `conflict`, `not-found` for an element that is not here, `bad-request`, `not-allowed`.
     */
    importVdr: async (
      caller: Caller,
      objectName: string,
      input: VdrInput,
      mapped: readonly MappedInput[],
    ): Promise<StoredVdr> => {
      checkObjectName('vdrName', objectName)
      const stored = await findVdr(need, caller, { objectName })
      const asked = await askedOf(need, caller, input, stored)
      const plans: MappedPlan[] = []
      for (const one of mapped) plans.push(await mappings.planMapped(caller, one))
      const vdr = await changeVdrs(need, caller, async (inside, organizationId, elements) => {
        await storeVdr(inside, organizationId, { objectName, description: input.description, ...asked })
        for (const plan of plans) await mappings.storeMappedPlan(inside, plan, false)
        return readVdr(inside, elements, organizationId, { objectName })
      })
      return { vdr, ignored: [...asked.ignored, ...plans.flatMap(({ ignored }) => ignored)] }
    },
  }
}
