import { createClockCache } from '#src/lib/clock-cache.ts'
import { AppError } from '#src/lib/errors.ts'
import { hashSecret } from '#src/lib/secret.ts'
import type { AccountsNeed } from './need.ts'

/** The secrets of an Authorization header. */
export interface Presented {
  readonly user?: string
  readonly organization?: string
  readonly element?: string
}

/** Who is calling. */
export interface Caller {
  readonly organizationId: number
  readonly accountId: number
  readonly userId: number
}

const knownForMs = 60_000
const unknownForMs = 2_000

const refuse = (message: string): never => {
  throw new AppError('bad-credentials', message)
}

/**
 * Who a User secret belongs to, and whether an Organization secret fits it. Both are kept in memory for a
 * minute, unknown ones for two seconds, so a warm call asks no database.
 */
export const createAuthenticator = ({ store }: AccountsNeed) => {
  const users = createClockCache<string, Caller | null>({ capacity: 50_000 })
  const organizations = createClockCache<string, number | null>({ capacity: 50_000 })
  /** Grows with every replaced secret, so that what was read before is not kept after it. */
  let changes = 0

  const loadCaller = async (hash: string): Promise<Caller | null> => {
    const changesBefore = changes
    const found = await store.directory.find('user', hash)
    const user =
      found === undefined ? undefined : await store.accounts.user(found.organizationId, found.subjectId)
    const caller = user?.active
      ? { organizationId: user.organizationId, accountId: user.accountId, userId: user.userId }
      : null
    if (changes === changesBefore) users.set(hash, caller, caller === null ? unknownForMs : knownForMs)
    return caller
  }

  const organizationOf = async (hash: string): Promise<number | null> => {
    const cached = organizations.get(hash)
    if (cached !== undefined) return cached
    const changesBefore = changes
    const found = await store.directory.find('organization', hash)
    const organizationId = found?.organizationId ?? null
    if (changes !== changesBefore) return organizationId
    organizations.set(hash, organizationId, organizationId === null ? unknownForMs : knownForMs)
    return organizationId
  }

  /**
   * @param needsOrganization platform calls want both secrets; on hub calls the second is checked when sent.
   * @throws AppError `bad-credentials`, without telling which half was wrong.
   */
  const authenticate = async (presented: Presented, needsOrganization: boolean): Promise<Caller> => {
    if (presented.user === undefined) {
      return refuse(
        'Authorization: send "User <user secret>, Organization <organization secret>", on hub calls "User <user secret>, Element <element token>".',
      )
    }
    if (needsOrganization && presented.organization === undefined) {
      return refuse(
        'Authorization: this call needs "User <user secret>, Organization <organization secret>".',
      )
    }
    const userHash = hashSecret(presented.user)
    const known = users.get(userHash)
    const caller = known === undefined ? await loadCaller(userHash) : known
    if (caller === null) return refuse('Authorization: the User secret is unknown.')
    if (presented.organization !== undefined) {
      const organizationId = await organizationOf(hashSecret(presented.organization))
      if (organizationId !== caller.organizationId) {
        return refuse('Authorization: the Organization secret does not belong to this User.')
      }
    }
    return caller
  }

  return {
    authenticate,
    /** After a secret was replaced: every one is looked up again. */
    forgetSecrets: (): void => {
      changes += 1
      users.clear()
      organizations.clear()
    },
  }
}
