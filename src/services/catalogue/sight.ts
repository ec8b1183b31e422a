import type { ElementRow } from '#src/store/index.ts'

/** Whom the posted elements of an organization are for. */
export interface Sight {
  /** The organization's main account: its elements are everybody's in the organization, and its users see all. */
  readonly mainAccountId: number | undefined
  readonly shares: readonly { readonly elementId: number; readonly accountId: number }[]
}

/** Whether an account is shown a posted element of its organization. */
export const isSeenBy = (
  { mainAccountId, shares }: Sight,
  accountId: number,
  row: Pick<ElementRow, 'elementId' | 'accountId'>,
): boolean =>
  accountId === row.accountId ||
  accountId === mainAccountId ||
  row.accountId === mainAccountId ||
  shares.some((share) => share.elementId === row.elementId && share.accountId === accountId)

/** Whether an account may change it: its own, and the main account any. */
export const isEditedBy = (
  { mainAccountId }: Pick<Sight, 'mainAccountId'>,
  accountId: number,
  row: Pick<ElementRow, 'accountId'>,
): boolean => accountId === row.accountId || accountId === mainAccountId
