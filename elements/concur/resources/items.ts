import type { Field, Given, JsonObject, PortPage, Resource, Shows, VendorPort } from '#src/element/index.ts'
import { listItemIdOf } from '../list-item-ids.ts'
import { inParallel, textOf } from '../lookups.ts'
import { boolean, number, object, required, text } from './fields.ts'
import { equals } from './filters.ts'
import {
  codesOf,
  equal,
  itemRow,
  itemScopes,
  itemsPath,
  levelName,
  levels,
  listIdsOf,
  livingIn,
  pageNumber,
  pagesOf,
  readItem,
} from './item-rows.ts'
import { nextItems } from './item-walk.ts'
import { changeItem, createItem, removeItem, removeScopes, writeScopes } from './item-writes.ts'

/** A row with the id of v3, where SAP Concur still gives it. */
const withOldId = async (port: VendorPort, row: JsonObject): Promise<JsonObject> => {
  const ListItemID = await listItemIdOf(port, row)
  return ListItemID === undefined ? row : { ...row, ListItemID }
}

/** The children of one item, once for each list that shares them. */
const childrenOf = async (
  port: VendorPort,
  { parentId = '', listId, name }: Given,
  cursor: string | null,
): Promise<PortPage> => {
  const page = Number(cursor ?? 1)
  const above = await codesOf(port, await readItem(port, parentId))
  const list = listId === undefined ? '' : `lists/${encodeURIComponent(listId)}/`
  const { body } = await port.ask({
    method: 'GET',
    path: `/list/v4/${list}items/${encodeURIComponent(parentId)}/children`,
    query: { value: equal(name), page: pageNumber(page) },
    scopes: itemScopes,
  })
  const rows = livingIn(body).flatMap((item) =>
    (listId === undefined ? listIdsOf(item) : [listId]).map((id) =>
      itemRow(item, id, [...above, textOf(item, 'shortCode') ?? '']),
    ),
  )
  return { rows, next: page < pagesOf(body) ? String(page + 1) : null }
}

const search = async (
  port: VendorPort,
  filters: Given,
  cursor: string | null,
  shows: Shows,
): Promise<PortPage> => {
  const page =
    filters.parentId === undefined
      ? await nextItems(port, filters, cursor)
      : await childrenOf(port, filters, cursor)
  if (!shows('ListItemID')) return page
  return { ...page, rows: await inParallel(page.rows, (row) => withOldId(port, row)) }
}

/** @param listId the list that is meant, where several share the item. */
const one = async (
  port: VendorPort,
  id: string,
  { listId }: Given,
  shows: Shows,
): Promise<JsonObject | undefined> => {
  const item = await readItem(port, id)
  const lists = listIdsOf(item)
  // A deleted item is still told, and marked; on v3 it was gone.
  if (item.isDeleted === true || (listId !== undefined && !lists.includes(listId))) return undefined
  const row = itemRow(item, listId ?? lists[0] ?? '', await codesOf(port, item))
  return shows('ListItemID') ? withOldId(port, row) : row
}

const codeFields = (access: Field['access']): Record<string, Field> =>
  Object.fromEntries(
    levels.map((level) => [
      levelName(level),
      text(access, `Code of the item, or of the one above it, on level ${level}; at most 64 characters.`),
    ]),
  )

const base = {
  name: 'items',
  title: 'List items',
  key: 'ID',
  keepUnknown: true,
  address: [
    {
      name: 'listId',
      description: 'ID of the list; several lists may share an item.',
      neededBy: ['remove'],
    },
  ],
  filterStyle: { kind: 'parameters' },
  filters: [
    { ...equals('listId', 'ListID'), description: 'ID of the list.' },
    { ...equals('name', 'Name'), description: 'Name of the item, exactly.' },
    { ...equals('parentId', 'ParentID'), description: 'ID of the item right above.' },
    ...levels.map((level) => ({
      ...equals(`level${level}Code`, levelName(level)),
      description: `Code on level ${level}, of the item or of the one above it there.`,
    })),
  ],
} as const

const v3 = '/api/v3.0/common/listitems'

/** On ListItems v3, deprecated 2021-04-16. Its PUT takes `Code` for the item's own code. */
const older: Resource = {
  ...base,
  source: 'SAP Concur, List Items v3 (spec/concur.md 3.5), compared 2026-08',
  fields: {
    ID: text('read', 'Id of the item.'),
    URI: text('read', 'Address of the item at SAP Concur.'),
    ListID: required(text('write', 'ID of the list.')),
    Name: required(text('write', 'Name of the item, at most 64 characters.')),
    ParentID: text('read', 'ID of the item above.'),
    ...codeFields('once'),
    Code: text('change-only', "The item's own code."),
  },
  verbs: {
    search: { method: 'GET', path: v3, rows: 'Items', scopes: ['LIST'] },
    retrieve: { method: 'GET', path: `${v3}/{id}`, scopes: ['LIST'] },
    create: { method: 'POST', path: v3, newId: { kind: 'field', name: 'ID' }, scopes: ['LIST'] },
    update: { method: 'PUT', path: `${v3}/{id}`, scopes: ['LIST'] },
    remove: { method: 'DELETE', path: `${v3}/{id}`, query: { listId: '{listId}' }, scopes: ['LIST'] },
  },
  page: { kind: 'next-url', next: 'NextPage', cursorParam: 'offset', sizeParam: 'limit', maxSize: 100 },
}

const calls = {
  kind: 'coded',
  why: 'List v4 gives children of one item at a time, and an item without the codes above it.',
} as const

/** Items of lists, with the field names of ListItems v3, on List v4. Field table: spec/concur.md 8.3. */
export const items: Resource = {
  ...base,
  source: 'SAP Concur, List v4 (spec/concur.md 3.5 and 8.3), compared 2026-08',
  fields: {
    ID: text('read', 'UUID of the item.'),
    ListID: required(text('write', 'ID of the list; it stays as created.')),
    Name: required(text('write', 'Name of the item, at most 64 characters.')),
    ParentID: text('once', 'ID of the item above; null on level 1.'),
    ...codeFields('write'),
    Code: text('write-only', "The item's own code, whatever its level."),
    ListItemID: {
      ...text(
        'read',
        'Id of v3, which VendorListItemID of an expense takes. Given where it is named in fields, for one call a row, and as long as SAP Concur gives it.',
      ),
      onRequest: true,
    },
    code: text('read', 'Codes of all levels, joined by hyphens.'),
    level: number('read', 'Level of the item, 1 to 10.'),
    isDeleted: boolean('read', 'Whether it was deleted.'),
    lists: object('read', 'Array: the lists that share it, each {id, hasChildren}.'),
  },
  verbs: {
    search: {
      ...calls,
      method: 'GET',
      path: '/list/v4/lists/{listId}/children',
      scopes: itemScopes,
      run: (port, { filters, cursor, shows }) => search(port, filters, cursor, shows),
    },
    retrieve: {
      ...calls,
      method: 'GET',
      path: `${itemsPath}/{id}`,
      scopes: itemScopes,
      run: (port, { id, given, shows }) => one(port, id, given, shows),
    },
    create: {
      ...calls,
      method: 'POST',
      path: itemsPath,
      scopes: writeScopes,
      run: (port, { body }) => createItem(port, body),
    },
    update: {
      ...calls,
      method: 'PUT',
      path: `${itemsPath}/{id}`,
      scopes: writeScopes,
      run: (port, { id, body }) => changeItem(port, id, body),
    },
    remove: {
      ...calls,
      method: 'DELETE',
      path: '/list/v4/lists/{listId}/items/{id}',
      scopes: removeScopes,
      run: (port, { id, given }) => removeItem(port, id, given),
    },
  },
  page: { kind: 'coded', maxSize: 100 },
  generations: { v3: older },
}
