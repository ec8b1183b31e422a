import { AppError } from '#src/lib/errors.ts'
import type { CallRow } from '#src/store/index.ts'
import type { CallsNeed } from './need.ts'

/** How a call is signed now. */
export interface Signature {
  readonly authorization: string
  /** The secrets in it: no result repeats them. */
  readonly secrets: readonly string[]
}

/**
 * Signs a call as its user, with the secrets of this moment: nothing of them lies with the call, so a reset breaks
 * nothing.
 * @throws AppError `bad-credentials` when the user is deactivated, `not-found` when the instance is gone, both in words
 * for people; `key-missing`.
 */
export const signatureOf = async (need: CallsNeed, row: CallRow): Promise<Signature> => {
  const { organizationId, userId, instanceId } = row
  const { userSecret, organizationSecret } = await need.accounts.secretsOfUser(organizationId, userId)
  const both = `User ${userSecret}, Organization ${organizationSecret}`
  if (instanceId === null) return { authorization: both, secrets: [userSecret, organizationSecret] }
  const instance = await need.instances.ownAccess(organizationId, instanceId)
  if (instance === undefined) throw new AppError('not-found', `Instance ${instanceId} was deleted.`)
  return {
    authorization: `${both}, Element ${instance.token}`,
    secrets: [userSecret, organizationSecret, instance.token],
  }
}
