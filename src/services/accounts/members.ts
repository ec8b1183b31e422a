import { AppError } from '#src/lib/errors.ts'
import { hashPassword } from '#src/lib/password.ts'
import { hashSecret, newSecret } from '#src/lib/secret.ts'
import type { Tables, UserRow, VdrVersion } from '#src/store/index.ts'
import { type AccountsNeed, checkPassword, emailKey, secretContext } from './need.ts'

/** A person who was just added; the secrets are shown this once and on the person's own request. */
export interface NewMember {
  readonly organizationId: number
  readonly accountId: number
  readonly userId: number
  readonly userSecret: string
  readonly organizationSecret: string
}

const checkEmail = (email: string): string => {
  const text = email.trim()
  if (/^[^\s@]+@[^\s@]+$/.test(text) && text.length <= 254) return text
  throw new AppError('bad-request', `e-mail: '${text.slice(0, 80)}' is no e-mail address.`)
}

const nameFrom = (email: string): { firstName: string; lastName: string } => {
  const [local = '', domain = ''] = email.split('@')
  return { firstName: local, lastName: domain.split('.')[0] ?? domain }
}

/** Adds and finds organizations and users. */
export const createMembers = ({ store, vault }: AccountsNeed) => {
  const insertUser = async (
    inside: Tables,
    ids: { organizationId: number; accountId: number; userId: number },
    email: string,
    passwordHash: string,
  ): Promise<string> => {
    const { organizationId, userId } = ids
    const secret = newSecret()
    if (!(await inside.directory.add('email', emailKey(email), organizationId, userId))) {
      throw new AppError('conflict', `e-mail: ${email} is taken by another user.`)
    }
    await inside.directory.add('user', hashSecret(secret), organizationId, userId)
    await inside.accounts.insertUser({
      ...ids,
      email,
      ...nameFrom(email),
      passwordHash,
      secretSealed: vault.seal(secret, secretContext.userSecret(organizationId, userId)),
    })
    return secret
  }

  /**
   * A new organization with its default account and first administrator.
   * @throws AppError `bad-request`, `conflict`.
   */
  const addOrganization = async (name: string, email: string, password: string): Promise<NewMember> => {
    const address = checkEmail(email)
    if (name.trim() === '') throw new AppError('bad-request', 'name: an organization needs a name.')
    const passwordHash = await hashPassword(checkPassword(password))
    return store.transaction(async (inside) => {
      const ids = await inside.accounts.nextIds()
      const organizationSecret = newSecret()
      const { organizationId, accountId } = ids
      await inside.accounts.insertOrganization({
        organizationId,
        name: name.trim(),
        secretSealed: vault.seal(organizationSecret, secretContext.organizationSecret(organizationId)),
      })
      await inside.directory.add(
        'organization',
        hashSecret(organizationSecret),
        organizationId,
        organizationId,
      )
      await inside.accounts.insertAccount({
        organizationId,
        accountId,
        name: name.trim(),
        externalId: 'default',
      })
      const userSecret = await insertUser(inside, ids, address, passwordHash)
      return { ...ids, userSecret, organizationSecret }
    })
  }

  /** A new user of an organization's default account. @throws AppError `not-found`, `conflict`. */
  const addUser = async (organizationId: number, email: string, password: string): Promise<NewMember> => {
    const address = checkEmail(email)
    const passwordHash = await hashPassword(checkPassword(password))
    return store.transaction(async (inside) => {
      const organization = await inside.accounts.organization(organizationId)
      const account = await inside.accounts.defaultAccount(organizationId)
      if (organization === undefined || account === undefined || organization.secretSealed === null) {
        throw new AppError('not-found', `No organization found with id ${organizationId}`)
      }
      const { userId } = await inside.accounts.nextIds()
      const ids = { organizationId, accountId: account.accountId, userId }
      const userSecret = await insertUser(inside, ids, address, passwordHash)
      const organizationSecret = vault.open(
        organization.secretSealed,
        secretContext.organizationSecret(organizationId),
      )
      return { ...ids, userSecret, organizationSecret }
    })
  }

  /** Sets a user's password and ends the sessions of the old one. @throws AppError `not-found`. */
  const setPassword = async (email: string, password: string): Promise<void> => {
    const found = await store.directory.find('email', emailKey(email))
    if (found === undefined) throw new AppError('not-found', `No user found with e-mail ${email}`)
    const passwordHash = await hashPassword(checkPassword(password))
    await store.transaction(async (inside) => {
      await inside.accounts.setPassword(found.organizationId, found.subjectId, passwordHash)
      await inside.directory.removeSubject('session', found.organizationId, found.subjectId)
      await inside.loginFailures.clear(emailKey(email))
    })
  }

  /** A user with its secrets, for the person who runs this process. */
  const memberByEmail = async (email: string) => {
    const found = await store.directory.find('email', emailKey(email))
    if (found === undefined) return null
    const { organizationId, subjectId: userId } = found
    const user = await store.accounts.user(organizationId, userId)
    const organization = await store.accounts.organization(organizationId)
    if (!user?.secretSealed || !organization?.secretSealed) return null
    return {
      caller: { organizationId, accountId: user.accountId, userId },
      userSecret: vault.open(user.secretSealed, secretContext.userSecret(organizationId, userId)),
      organizationSecret: vault.open(
        organization.secretSealed,
        secretContext.organizationSecret(organizationId),
      ),
    }
  }

  return {
    addOrganization,
    memberByEmail,
    addUser,
    setPassword,
    /** Whether somebody can sign in here at all. */
    hasAdministrator: (): Promise<boolean> => store.accounts.hasAny(),
    users: (organizationId: number): Promise<UserRow[]> => store.accounts.users(organizationId),
    user: (organizationId: number, userId: number): Promise<UserRow | undefined> =>
      store.accounts.user(organizationId, userId),
    /** The caller's organization, with its secret in clear for its own members. */
    organization: async (
      organizationId: number,
    ): Promise<{ id: number; name: string; secret: string; createdAt: Date }> => {
      const row = await store.accounts.organization(organizationId)
      if (row === undefined || row.secretSealed === null) {
        throw new AppError('not-found', `No organization found with id ${organizationId}`)
      }
      const secret = vault.open(row.secretSealed, secretContext.organizationSecret(organizationId))
      return { id: row.organizationId, name: row.name, secret, createdAt: row.createdAt }
    },
    /** Of which generation the common resources of an organization are told. */
    vdrVersion: async (organizationId: number): Promise<VdrVersion> =>
      (await store.accounts.vdrVersion(organizationId)) ?? 'v1',
    setVdrVersion: async (organizationId: number, version: VdrVersion): Promise<void> => {
      await store.accounts.setVdrVersion(organizationId, version)
    },
  }
}
