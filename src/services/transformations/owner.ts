import type { Element } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { LevelName, LevelOwner, Store, Tables, TransformationRow } from '#src/store/index.ts'
import type { Caller } from '../accounts/index.ts'
import type { Catalogue } from '../catalogue/index.ts'
import type { Instances } from '../instances/index.ts'
import type { TransformScripts } from '../scripts/index.ts'

export interface TransformationsNeed {
  readonly store: Store
  readonly catalogue: Catalogue
  readonly instances: Instances
  readonly scripts: TransformScripts
}

/** At which level something stands, as a caller names it. */
export type LevelAsked =
  | { readonly level: 'organization' }
  /** Without an id: the organization's default account. */
  | { readonly level: 'account'; readonly accountId: number | undefined }
  | { readonly level: 'instance'; readonly instanceId: number }

/** The account of a call. @throws AppError `not-allowed` for another organization's, and one that there is not. */
const accountOf = async ({ store }: TransformationsNeed, caller: Caller, id: number | undefined) => {
  const { organizationId, accountId } = caller
  if (id === undefined) return (await store.accounts.defaultAccount(organizationId))?.accountId ?? accountId
  if (id === accountId || (await store.accounts.isAccount(organizationId, id))) return id
  throw new AppError('not-allowed', `account ${id}: only accounts of your own organization are yours to see.`)
}

/**
 * Whose definitions and transformations a call is about.
 * @throws AppError `not-allowed` for a foreign account, `not-found` for an instance that is not the caller's.
 */
export const ownerOf = async (
  need: TransformationsNeed,
  caller: Caller,
  asked: LevelAsked,
): Promise<LevelOwner> => {
  const { organizationId } = caller
  if (asked.level === 'organization')
    return { organizationId, level: 'organization', ownerId: organizationId }
  if (asked.level === 'account')
    return { organizationId, level: 'account', ownerId: await accountOf(need, caller, asked.accountId) }
  const { id } = await need.instances.get(caller, asked.instanceId)
  return { organizationId, level: 'instance', ownerId: id }
}

/**
 * The same together with the element that a call names, or that of its instance.
 * @throws AppError as `ownerOf`, `not-found` for an element that there is not.
 */
export const whatOf = async (
  need: TransformationsNeed,
  caller: Caller,
  asked: LevelAsked,
  keyOrId: string | undefined,
): Promise<{ readonly owner: LevelOwner; readonly element: Element }> => {
  const owner = await ownerOf(need, caller, asked)
  const named =
    asked.level === 'instance'
      ? (await need.instances.get(caller, asked.instanceId)).element.key
      : (keyOrId ?? '')
  return { owner, element: await need.catalogue.find(caller, named) }
}

/** The levels whose definitions hold at one: its own, and those above it. */
export const levelsAt = async (
  tables: Pick<Tables, 'instances'>,
  { organizationId, level, ownerId }: LevelOwner,
): Promise<readonly LevelOwner[]> => {
  const owner: LevelOwner = { organizationId, level, ownerId }
  const organization: LevelOwner = { organizationId, level: 'organization', ownerId: organizationId }
  if (level === 'organization') return [organization]
  if (level === 'account') return [organization, owner]
  const row = await tables.instances.find(organizationId, ownerId)
  const account: LevelOwner = { organizationId, level: 'account', ownerId: row?.accountId ?? 0 }
  return [organization, account, owner]
}

/** The level of the definition that holds at one; one after the other, since a transaction is one connection. */
export const nearestOf = async (
  inside: Pick<Tables, 'instances' | 'objectDefinitions'>,
  at: LevelOwner,
  name: string,
): Promise<LevelOwner | undefined> => {
  let nearest: LevelOwner | undefined
  for (const level of await levelsAt(inside, at))
    if ((await inside.objectDefinitions.find(level, name)) !== undefined) nearest = level
  return nearest
}

export const isSame = (one: LevelOwner, other: LevelOwner): boolean =>
  one.level === other.level && one.ownerId === other.ownerId

/** Parts of a body by the level they are of, in the order in which levels come first. */
export const byOwner = <Part extends { readonly owner: LevelOwner }>(
  parts: readonly Part[],
): readonly { readonly owner: LevelOwner; readonly parts: readonly Part[] }[] => {
  const groups = new Map<string, { owner: LevelOwner; parts: Part[] }>()
  for (const part of parts) {
    const key = `${part.owner.level} ${part.owner.ownerId}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { owner: part.owner, parts: [part] })
    else group.parts.push(part)
  }
  return [...groups.values()]
}

/** A level in words, for messages. */
export const printLevel = ({ level, ownerId }: LevelOwner): string =>
  level === 'organization' ? 'the organization' : `${level} ${ownerId}`

/** Names that hub calls have another meaning for. */
const taken: ReadonlySet<string> = new Set(['ping', 'objects', 'bulk', 'passthrough', 'definitions'])
const namePattern = /^[\p{L}\p{N}_$][\p{L}\p{N}_$.-]{0,99}$/u

/** @throws AppError `bad-request` where no path could name it. */
export const checkObjectName = (field: string, name: string): string => {
  if (!namePattern.test(name))
    throw new AppError(
      'bad-request',
      `${field}: '${name.slice(0, 64)}' cannot be a resource's name. Use letters, digits, _, $, . and -, at most 100.`,
    )
  if (taken.has(name))
    throw new AppError(
      'bad-request',
      `${field}: '${name}' has another meaning in hub calls. Choose another name.`,
    )
  return name
}

/** The same name at the same level. */
export const twice = (what: string, name: string, level: LevelName): AppError =>
  new AppError(
    'conflict',
    `The ${level} has a ${what} '${name}' already. Change it with PUT, or DELETE it first.`,
  )

/** A definition does not go while something is mapped to it. */
export const inUse = (by: TransformationRow): AppError =>
  new AppError(
    'conflict',
    `'${by.objectName}' is used by the transformation of ${by.elementKey} at ${printLevel(by)}. DELETE that first.`,
  )

/** No transformation at a level; of a name, or none at all. */
export const absentTransformation = (owner: LevelOwner, elementKey: string, name?: string): AppError =>
  new AppError(
    'not-found',
    name === undefined
      ? `No transformations of ${elementKey} found at ${printLevel(owner)}`
      : `No transformation of ${elementKey} found with name ${name.slice(0, 100)} at ${printLevel(owner)}`,
  )
