import { AppError } from '#src/lib/errors.ts'
import type { Caller } from '../accounts/index.ts'
import type { ElementsNeed } from './need.ts'
import { ownRow } from './target.ts'

/**
 * With which accounts an element is shared. An element of an organization's main account is everybody's there; one of
 * another account is seen by it, by the main account, and by those that it is shared with.
 */
export const createSharing = ({ store, catalogue, instances }: ElementsNeed) => ({
  /** The accounts that it is shared with. @throws AppError `not-found`, `not-allowed` for what is not the caller's. */
  sharedWith: async (caller: Caller, keyOrId: string): Promise<readonly number[]> => {
    const { elementId } = await ownRow(store, catalogue, caller, keyOrId)
    const shares = await store.elements.shares(caller.organizationId)
    return shares.filter((share) => share.elementId === elementId).map(({ accountId }) => accountId)
  },
  /** @throws AppError `not-allowed` for an account of another organization, and as above. */
  share: async (caller: Caller, keyOrId: string, accountId: number): Promise<void> => {
    const { organizationId } = caller
    await instances.changeElements(organizationId, async (inside) => {
      const { elementId } = await ownRow(inside, catalogue, caller, keyOrId)
      if (!(await inside.accounts.isAccount(organizationId, accountId)))
        throw new AppError(
          'not-allowed',
          `account ${accountId}: only accounts of your own organization are yours to share with.`,
        )
      await inside.elements.share(organizationId, elementId, accountId)
    })
  },
  /** Its instances there go on. @throws AppError `not-found` where it was not shared, and as above. */
  unshare: async (caller: Caller, keyOrId: string, accountId: number): Promise<void> => {
    const { organizationId } = caller
    await instances.changeElements(organizationId, async (inside) => {
      const { elementId, key } = await ownRow(inside, catalogue, caller, keyOrId)
      if (!(await inside.elements.unshare(organizationId, elementId, accountId)))
        throw new AppError('not-found', `${key} is not shared with account ${accountId}.`)
    })
  },
})
