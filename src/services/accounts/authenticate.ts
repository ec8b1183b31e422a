import { createClockCache } from '#src/lib/clock-cache.ts'
import { AppError } from '#src/lib/errors.ts'
import { andThen, type Later } from '#src/lib/later.ts'
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

  const loadOrganization = async (hash: string): Promise<number | null> => {
    const changesBefore = changes
    const found = await store.directory.find('organization', hash)
    const organizationId = found?.organizationId ?? null
    if (changes !== changesBefore) return organizationId
    organizations.set(hash, organizationId, organizationId === null ? unknownForMs : knownForMs)
    return organizationId
  }

  const callerOf = (hash: string): Later<Caller | null> => {
    const known = users.get(hash)
    return known === undefined ? loadCaller(hash) : known
  }

  const organizationOf = (hash: string): Later<number | null> => {
    const known = organizations.get(hash)
    return known === undefined ? loadOrganization(hash) : known
  }

  const withOrganization = (caller: Caller, organization: string): Later<Caller> =>
    andThen(organizationOf(hashSecret(organization)), (organizationId) =>
      organizationId === caller.organizationId
        ? caller
        : refuse('Authorization: the Organization secret does not belong to this User.'),
    )

  /**
   * @param needsOrganization platform calls want both secrets; on hub calls the second is checked when sent.
   * @throws AppError `bad-credentials`, without telling which half was wrong.
   */
  const authenticate = (presented: Presented, needsOrganization: boolean): Later<Caller> => {
    const { user, organization } = presented
    if (user === undefined) {
      return refuse(
        'Authorization: send "User <user secret>, Organization <organization secret>", on hub calls "User <user secret>, Element <element token>".',
      )
    }
    if (needsOrganization && organization === undefined) {
      return refuse(
        'Authorization: this call needs "User <user secret>, Organization <organization secret>".',
      )
    }
    return andThen(callerOf(hashSecret(user)), (caller) => {
      if (caller === null) return refuse('Authorization: the User secret is unknown.')
      return organization === undefined ? caller : withOrganization(caller, organization)
    })
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
