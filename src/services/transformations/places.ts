import { AppError } from '#src/lib/errors.ts'
import type { LevelOwner } from '#src/store/index.ts'
import type { Caller } from '../accounts/index.ts'
import { type LevelAsked, ownerOf, type TransformationsNeed } from './owner.ts'

/** The level that a part of a body names. */
export interface PlaceAsked {
  /** The organization unless said. */
  readonly level: string | undefined
  /** Of an account or instance: its number. */
  readonly associatedId: number | undefined
}

const levelAsked = (
  where: string,
  { level = 'organization', associatedId }: PlaceAsked,
  caller: Caller,
  instanceIds: readonly number[],
): LevelAsked | undefined => {
  if (level === 'organization') return { level }
  if (level === 'account') return { level, accountId: associatedId ?? caller.accountId }
  if (level !== 'instance') return undefined
  const [only, ...more] = instanceIds
  const instanceId = associatedId ?? (more.length === 0 ? only : undefined)
  if (instanceId !== undefined) return { level, instanceId }
  throw new AppError(
    'bad-request',
    `${where}: it is of the level instance, and nothing says of which. Send associatedId, or one id of an instance for all.`,
  )
}

const isRefusal = (error: unknown): boolean =>
  error instanceof AppError && (error.code === 'not-found' || error.code === 'not-allowed')

/**
 * Finds whose level each part of a body is of; an account is the caller's unless its number is said.
 * @param instanceIds those that the whole body names: a single one stands for parts that name none.
 * @returns undefined for a level that the caller may not write: what stands there is left as it is.
 * @throws AppError `bad-request` where an instance is missing.
 */
export const createPlaces = (need: TransformationsNeed, caller: Caller, instanceIds: readonly number[]) => {
  const known = new Map<string, Promise<LevelOwner | undefined>>()
  const look = async (asked: LevelAsked | undefined): Promise<LevelOwner | undefined> => {
    if (asked === undefined) return undefined
    try {
      return await ownerOf(need, caller, asked)
    } catch (error) {
      if (isRefusal(error)) return undefined
      throw error
    }
  }
  return (where: string, place: PlaceAsked): Promise<LevelOwner | undefined> => {
    const asked = levelAsked(where, place, caller, instanceIds)
    const key = JSON.stringify(asked ?? null)
    const found = known.get(key) ?? look(asked)
    known.set(key, found)
    return found
  }
}
