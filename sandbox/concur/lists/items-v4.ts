import { Refused } from '../errors.ts'
import { newUuid } from '../ids.ts'
import type { Ask, Operation, Sandbox } from '../operation.ts'
import { companyOf } from '../owner.ts'
import { jsonObject } from '../read-body.ts'
import type { Reply } from '../reply.ts'
import { type Body, isStrict, textField } from '../write-fields.ts'
import { type Item, items, lists } from './list-data.ts'
import { type Fields, readListQuery } from './list-filter.ts'
import {
  checkFree,
  checkWritable,
  childrenOf,
  findByLongCode,
  findList,
  itemsIn,
  longCode,
  removeItem,
} from './list-items.ts'
import { listPage } from './list-page.ts'

/** List items v4. Follows: developer.concur.com, List Item v4. Verified: 2026-08 */
const path = '/list/v4/items'

const hasChildren = (sandbox: Sandbox, item: Item, listId: string | undefined): boolean =>
  childrenOf(sandbox, item.home, item.id, listId).some((child) => !child.deleted)

const rowOf = (sandbox: Sandbox, item: Item) => ({
  id: item.id,
  code: longCode(sandbox, item),
  shortCode: item.shortCode,
  value: item.value,
  parentId: item.parentId,
  level: item.level,
  isDeleted: item.deleted,
  lists: item.listIds.map((id) => ({ id, hasChildren: hasChildren(sandbox, item, id) })),
})

const fieldsOf = (sandbox: Sandbox): Fields<Item> => ({
  value: (item) => item.value,
  shortCode: (item) => item.shortCode,
  shortCodeOrValue: (item) => [item.shortCode, item.value],
  hasChildren: (item) => hasChildren(sandbox, item, undefined),
  isDeleted: (item) => item.deleted,
})

const found = (sandbox: Sandbox, ask: Ask): Item => {
  const item = items.find(sandbox, companyOf(ask), (ask.params['itemId'] ?? '').toLowerCase())
  if (item === undefined) throw new Refused(404, 'The list item was not found')
  return item
}

const pageOf = (sandbox: Sandbox, ask: Ask, rows: readonly Item[]): Reply =>
  listPage(ask, readListQuery(ask.query, fieldsOf(sandbox))(rows), (item) => rowOf(sandbox, item))

/** A list that callers only named in their items has no record of its own, but children. */
const listId = (sandbox: Sandbox, ask: Ask): string => {
  const home = companyOf(ask)
  const id = ask.params['listId'] ?? ''
  return itemsIn(sandbox, home, id).length > 0 ? id : findList(sandbox, home, id).id
}

const childrenOfList = (sandbox: Sandbox, ask: Ask): Reply =>
  pageOf(sandbox, ask, childrenOf(sandbox, companyOf(ask), null, listId(sandbox, ask)))

const childrenOfItem = (sandbox: Sandbox, ask: Ask): Reply => {
  const item = found(sandbox, ask)
  return pageOf(sandbox, ask, childrenOf(sandbox, item.home, item.id, undefined))
}

const childrenInList = (sandbox: Sandbox, ask: Ask): Reply => {
  const item = found(sandbox, ask)
  return pageOf(sandbox, ask, childrenOf(sandbox, item.home, item.id, listId(sandbox, ask)))
}

const requiredText = (body: Body, name: string, most: number): string => {
  const text = textField(body, name, most)
  if (typeof text !== 'string' || text === '') throw new Refused(400, `${name} is required`)
  return text
}

const parentOf = (sandbox: Sandbox, ask: Ask, body: Body, list: string): Item | null => {
  const id = textField(body, 'parentId', 40)
  const code = textField(body, 'parentCode', 400)
  if ((id ?? '') === '' && (code ?? '') === '') return null
  const home = companyOf(ask)
  const parent = id
    ? items.find(sandbox, home, id.toLowerCase())
    : findByLongCode(sandbox, home, list, code ?? '')
  if (parent === undefined || parent.deleted || !parent.listIds.includes(list)) {
    throw new Refused(
      400,
      `${id ? 'parentId' : 'parentCode'}: no such item in the list`,
      'item.parent.not.found',
    )
  }
  if (parent.level === 10) throw new Refused(400, 'A list has ten levels at most')
  return parent
}

/** Adds an item to a list of v4. Throws `Refused`, also when another item has the code there. */
export const addItem = (sandbox: Sandbox, ask: Ask, list: string, body: Body): Item => {
  const home = companyOf(ask)
  checkWritable(ask, lists.find(sandbox, home, list))
  const parent = parentOf(sandbox, ask, body, list)
  const item: Item = {
    ...{ id: newUuid(), home, listIds: [list], deleted: false },
    ...{ parentId: parent?.id ?? null, level: (parent?.level ?? 0) + 1 },
    ...{ shortCode: requiredText(body, 'shortCode', 64), value: requiredText(body, 'value', 64) },
  }
  checkFree(sandbox, item)
  items.put(sandbox, item)
  return item
}

const create = (sandbox: Sandbox, ask: Ask): Reply => {
  const body = jsonObject(ask.headers['content-type'], ask.body)
  const list = requiredText(body, 'listId', 100)
  const known = lists.find(sandbox, companyOf(ask), list.toLowerCase())
  if (known === undefined && isStrict(sandbox, ask)) throw new Refused(404, 'The list was not found')
  const item = addItem(sandbox, ask, known?.id ?? list, body)
  const headers = { location: `${ask.baseUrl}${path}/${item.id}` }
  return { status: 201, headers, body: rowOf(sandbox, item) }
}

const checkItem = (sandbox: Sandbox, ask: Ask, item: Item): void => {
  if (item.deleted) throw new Refused(400, 'The list item has been deleted', 'item.deleted')
  for (const id of item.listIds) checkWritable(ask, lists.find(sandbox, item.home, id))
}

const update = (sandbox: Sandbox, ask: Ask): Reply => {
  const old = found(sandbox, ask)
  checkItem(sandbox, ask, old)
  const body = jsonObject(ask.headers['content-type'], ask.body)
  const shortCode = requiredText(body, 'shortCode', 64)
  const changed = { ...old, shortCode, value: requiredText(body, 'value', 64) }
  checkFree(sandbox, changed)
  items.put(sandbox, changed)
  return { status: 200, body: rowOf(sandbox, changed) }
}

const remove = (sandbox: Sandbox, ask: Ask): Reply => {
  const item = found(sandbox, ask)
  checkItem(sandbox, ask, item)
  removeItem(sandbox, item, undefined)
  return { status: 204 }
}

const removeFromList = (sandbox: Sandbox, ask: Ask): Reply => {
  const item = found(sandbox, ask)
  const list = listId(sandbox, ask)
  if (!item.listIds.includes(list)) throw new Refused(404, 'The list item was not found in the list')
  checkItem(sandbox, ask, item)
  removeItem(sandbox, item, list)
  return { status: 204 }
}

const shared = { family: 'list', access: 'bearer', follows: 'List Item v4' } as const
const read = { ...shared, method: 'GET', scope: /^(?:spend\.listitem\.read|LIST)$/ } as const
const write = { ...shared, scope: /^(?:spend\.listitem\.write|LIST)$/ } as const
const drop = { ...shared, method: 'DELETE', scope: /^(?:spend\.listitem\.delete|LIST)$/ } as const

export const itemOperations: readonly Operation[] = [
  { ...read, name: 'items.of-list', path: '/list/v4/lists/{listId}/children', run: childrenOfList },
  { ...read, name: 'items.children', path: `${path}/{itemId}/children`, run: childrenOfItem },
  {
    ...{ ...read, name: 'items.children-in-list', run: childrenInList },
    path: '/list/v4/lists/{listId}/items/{itemId}/children',
  },
  {
    ...{ ...read, name: 'items.get', path: `${path}/{itemId}` },
    run: (sandbox, ask) => ({ status: 200, body: rowOf(sandbox, found(sandbox, ask)) }),
  },
  { ...write, name: 'items.create', method: 'POST', path, run: create },
  { ...write, name: 'items.update', method: 'PUT', path: `${path}/{itemId}`, run: update },
  { ...drop, name: 'items.delete', path: `${path}/{itemId}`, run: remove },
  {
    ...drop,
    name: 'items.delete-in-list',
    path: '/list/v4/lists/{listId}/items/{itemId}',
    run: removeFromList,
  },
]
