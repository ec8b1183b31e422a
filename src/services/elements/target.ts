import { AppError } from '#src/lib/errors.ts'
import type { ElementRow, Tables } from '#src/store/index.ts'
import type { Caller } from '../accounts/index.ts'
import { type Catalogue, isEditedBy, isSeenBy, noElement } from '../catalogue/index.ts'

/** Who may see and change what in an organization. */
export const sightOf = async (tables: Pick<Tables, 'accounts' | 'elements'>, organizationId: number) => {
  const main = await tables.accounts.defaultAccount(organizationId)
  return { mainAccountId: main?.accountId, shares: await tables.elements.shares(organizationId) }
}

/** The row of a posted element that the caller sees; undefined: the name is no posted element's. */
export const seenRow = async (
  tables: Pick<Tables, 'accounts' | 'elements'>,
  { organizationId, accountId }: Caller,
  keyOrId: string,
): Promise<ElementRow | undefined> => {
  const row = await tables.elements.named(organizationId, keyOrId)
  if (row === undefined) return undefined
  return isSeenBy(await sightOf(tables, organizationId), accountId, row) ? row : undefined
}

/** What belongs to everybody, or to another account, is not the caller's to change. */
const notYours = (name: string): AppError =>
  new AppError(
    'not-allowed',
    `${name.slice(0, 64)} is not your account's to change. POST /elements/${name.slice(0, 64)}/clone, and change the clone; or POST a resource to it, which your account alone will see.`,
  )

/**
 * The row of a posted element that the caller may change.
 * @throws AppError `not-allowed` for the catalogue's and another account's, `not-found`.
 */
export const ownRow = async (
  tables: Pick<Tables, 'accounts' | 'elements'>,
  catalogue: Pick<Catalogue, 'system'>,
  caller: Caller,
  keyOrId: string,
): Promise<ElementRow> => {
  const row = await seenRow(tables, caller, keyOrId)
  if (row === undefined) {
    const element = catalogue.system.get(keyOrId)
    throw element === undefined ? noElement(keyOrId) : notYours(element.key)
  }
  if (isEditedBy(await sightOf(tables, caller.organizationId), caller.accountId, row)) return row
  throw notYours(row.key)
}
