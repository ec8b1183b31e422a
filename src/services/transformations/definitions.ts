import { AppError } from '#src/lib/errors.ts'
import type { DefinitionRow, LevelOwner, Tables } from '#src/store/index.ts'
import type { Caller } from '../accounts/index.ts'
import type { OpenInstance } from '../instances/index.ts'
import { checkedFields, type FieldInput, numbered } from './fields.ts'
import {
  checkObjectName,
  inUse,
  isSame,
  type LevelAsked,
  nearestOf,
  ownerOf,
  printLevel,
  type TransformationsNeed,
  twice,
} from './owner.ts'

export interface DefinitionInput {
  readonly description: string | undefined
  readonly fields: readonly FieldInput[]
}

const absent = (owner: LevelOwner, name?: string): AppError =>
  new AppError(
    'not-found',
    name === undefined
      ? `No object definitions found at ${printLevel(owner)}`
      : `No object definition found with name ${name.slice(0, 100)} at ${printLevel(owner)}`,
  )

/** @throws AppError `conflict` while transformations at this level or below are mapped to what shall go. */
const refuseUsed = async (inside: Tables, owner: LevelOwner, name?: string): Promise<void> => {
  const [used] = await inside.transformations.using(owner, name)
  if (used !== undefined) throw inUse(used)
}

/** What common resources consist of, at each level on its own. */
export const createDefinitions = (need: TransformationsNeed) => {
  const { store } = need

  /** A change of an organization's definitions, after the one before it. */
  const change = <T>({ organizationId }: LevelOwner, run: (inside: Tables) => Promise<T>): Promise<T> =>
    store.transaction(async (inside) => {
      await inside.objectDefinitions.lock(organizationId)
      return run(inside)
    })

  /** The levels whose transformations of a name are mapped to the definition of an owner. */
  const holdersOf = async (
    inside: Tables,
    owner: LevelOwner,
    name: string,
  ): Promise<readonly LevelOwner[]> => {
    const holders: LevelOwner[] = [owner]
    for (const row of await inside.transformations.using(owner, name)) {
      if (holders.some((holder) => isSame(holder, row))) continue
      const nearest = await nearestOf(inside, row, name)
      if (nearest !== undefined && isSame(nearest, owner)) holders.push(row)
    }
    return holders
  }

  /** @throws AppError `conflict` where a level that is renamed has the new name. */
  const refuseTaken = async (
    inside: Tables,
    owner: LevelOwner,
    newName: string,
    holders: readonly LevelOwner[],
  ): Promise<void> => {
    if ((await inside.objectDefinitions.find(owner, newName)) !== undefined)
      throw twice('definition', newName, owner.level)
    const taken = await inside.transformations.using(owner, newName)
    const clash = taken.find((one) => holders.some((holder) => isSame(holder, one)))
    if (clash !== undefined) throw twice('transformation', newName, clash.level)
  }

  return {
    /** Of one level. @throws AppError `not-found` where there are none. */
    definitions: async (caller: Caller, asked: LevelAsked): Promise<readonly DefinitionRow[]> => {
      const owner = await ownerOf(need, caller, asked)
      const rows = await store.objectDefinitions.list(owner)
      if (rows.length === 0) throw absent(owner)
      return rows
    },
    /** The names that are defined for an instance, at any level. */
    definedNames: ({
      organizationId,
      instanceId,
      owner,
    }: Pick<OpenInstance, 'organizationId' | 'instanceId' | 'owner'>): Promise<readonly string[]> =>
      store.objectDefinitions.namesFor(organizationId, { accountId: owner.accountId, instanceId }),
    /** @throws AppError `not-found`. */
    definition: async (caller: Caller, asked: LevelAsked, name: string): Promise<DefinitionRow> => {
      const owner = await ownerOf(need, caller, asked)
      const row = await store.objectDefinitions.find(owner, name)
      if (row === undefined) throw absent(owner, name)
      return row
    },
    /** Adds several, or none. @throws AppError `conflict` naming one that is there already, `bad-request`. */
    addDefinitions: async (
      caller: Caller,
      asked: LevelAsked,
      inputs: Readonly<Record<string, DefinitionInput>>,
    ): Promise<readonly DefinitionRow[]> => {
      const owner = await ownerOf(need, caller, asked)
      const rows = Object.entries(inputs).map(([name, input]) => ({
        ...{ objectName: checkObjectName('objectName', name), description: input.description ?? null },
        fields: checkedFields(input.fields),
      }))
      if (rows.length === 0)
        throw new AppError(
          'bad-request',
          'body: send a map of names to definitions, {"name": {"fields": []}}.',
        )
      return change(owner, async (inside) => {
        const made: DefinitionRow[] = []
        for (const row of rows) {
          const fields = await numbered(inside, row.fields, [])
          const one = await inside.objectDefinitions.insert(owner, { ...row, fields })
          if (one === undefined) throw twice('definition', row.objectName, owner.level)
          made.push(one)
        }
        return made
      })
    },
    /** @throws AppError `not-found`, `bad-request`. */
    changeDefinition: async (
      caller: Caller,
      asked: LevelAsked,
      name: string,
      input: DefinitionInput,
    ): Promise<DefinitionRow> => {
      const owner = await ownerOf(need, caller, asked)
      const sent = checkedFields(input.fields)
      return change(owner, async (inside) => {
        const before = await inside.objectDefinitions.find(owner, name)
        if (before === undefined) throw absent(owner, name)
        const fields = await numbered(inside, sent, before.fields)
        const description = input.description ?? null
        const row = await inside.objectDefinitions.update(owner, { objectName: name, description, fields })
        return row ?? before
      })
    },
    /** Without a name all of the level. @throws AppError `not-found`, `conflict` while transformations use one. */
    removeDefinitions: async (caller: Caller, asked: LevelAsked, name?: string): Promise<void> => {
      const owner = await ownerOf(need, caller, asked)
      await change(owner, async (inside) => {
        await refuseUsed(inside, owner, name)
        const removed = await inside.objectDefinitions.remove(owner, name)
        if (removed.length === 0) throw absent(owner, name)
      })
    },
    /**
     * Renames a definition and the transformations that are mapped to it: those of its level, and those below that have
     * no nearer definition of the name.
     * @throws AppError `not-found`, `conflict` where the new name is taken, `bad-request`.
     */
    rename: async (
      caller: Caller,
      asked: LevelAsked,
      name: string,
      newName: string,
    ): Promise<DefinitionRow> => {
      const owner = await ownerOf(need, caller, asked)
      checkObjectName('objectName', newName)
      return need.instances.changeMappings(owner, async (inside) => {
        await inside.objectDefinitions.lock(owner.organizationId)
        const row = await inside.objectDefinitions.find(owner, name)
        if (row === undefined) throw absent(owner, name)
        if (name === newName) return row
        const holders = await holdersOf(inside, owner, name)
        await refuseTaken(inside, owner, newName, holders)
        for (const holder of holders) await inside.transformations.rename(holder, name, newName)
        return (await inside.objectDefinitions.rename(owner, name, newName)) ?? row
      })
    },
  }
}
