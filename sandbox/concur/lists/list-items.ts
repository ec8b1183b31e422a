import type { DataCentre } from '../data-centres.ts'
import { Refused } from '../errors.ts'
import type { Ask, Sandbox } from '../operation.ts'
import { type Item, items, type List, lists } from './list-data.ts'

/** Questions about items that both generations of the list services ask. */

/** The path of short codes from level 1 down. */
export const codesOf = (sandbox: Sandbox, item: Item): readonly string[] => {
  const parent = item.parentId === null ? undefined : items.find(sandbox, item.home, item.parentId)
  return parent === undefined ? [item.shortCode] : [...codesOf(sandbox, parent), item.shortCode]
}

/** The long code. Short codes may hold hyphens, so it cannot be taken apart again. */
export const longCode = (sandbox: Sandbox, item: Item): string => codesOf(sandbox, item).join('-')

export const itemsIn = (sandbox: Sandbox, home: DataCentre, listId: string): readonly Item[] =>
  items.all(sandbox, home).filter((item) => item.listIds.includes(listId))

/** The children of an item, or of a list's root, that are not deleted unless `deleted` says so. */
export const childrenOf = (
  sandbox: Sandbox,
  home: DataCentre,
  parentId: string | null,
  listId: string | undefined,
): readonly Item[] =>
  items
    .all(sandbox, home)
    .filter((item) => item.parentId === parentId && (listId === undefined || item.listIds.includes(listId)))

export const findByLongCode = (
  sandbox: Sandbox,
  home: DataCentre,
  listId: string,
  code: string,
): Item | undefined =>
  itemsIn(sandbox, home, listId).find((item) => !item.deleted && longCode(sandbox, item) === code)

export const findList = (sandbox: Sandbox, home: DataCentre, id: string): List => {
  const list = lists.find(sandbox, home, id.toLowerCase())
  if (list === undefined) throw new Refused(404, 'The list was not found')
  return list
}

/** Refuses changes to a list that is read-only, or managed by another application. */
export const checkWritable = (ask: Ask, list: List | undefined): void => {
  if (list?.deleted === true) throw new Refused(400, 'The list has been deleted', 'list.deleted')
  if (list?.readOnly === true) throw new Refused(403, 'The list is read-only')
  if (list !== undefined && list.managedBy !== null && list.managedBy !== `appId:${ask.client}`) {
    throw new Refused(403, 'The list is managed by another application')
  }
}

/** Marks an item and everything below it as deleted; in one list only when told which. */
export const removeItem = (sandbox: Sandbox, item: Item, listId: string | undefined): void => {
  const left = listId === undefined ? [] : item.listIds.filter((id) => id !== listId)
  if (left.length > 0) {
    items.put(sandbox, { ...item, listIds: left })
    return
  }
  for (const child of childrenOf(sandbox, item.home, item.id, undefined)) removeItem(sandbox, child, listId)
  items.put(sandbox, { ...item, deleted: true })
}

/** Refuses a code that another item has at the same place of the list. */
export const checkFree = (sandbox: Sandbox, item: Item): void => {
  const siblings = item.listIds.flatMap((listId) => childrenOf(sandbox, item.home, item.parentId, listId))
  const taken = siblings.some(
    (other) => !other.deleted && other.id !== item.id && other.shortCode === item.shortCode,
  )
  if (taken) {
    throw new Refused(
      400,
      'This item code is already used by another item in the same list',
      'item.duplicate.code',
    )
  }
}
