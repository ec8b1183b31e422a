import {
  badInput,
  type Field,
  type Given,
  isRecord,
  type JsonObject,
  type Resource,
  type VendorPort,
  vendorFailed,
} from '#src/element/index.ts'
import { rowsIn, textOf } from '../lookups.ts'
import { boolean, number, object, required, text } from './fields.ts'
import { equals } from './filters.ts'
import { itemRow, nextItems } from './item-walk.ts'

const path = '/list/v4/items'
const read = ['spend.listitem.read', 'LIST'] as const
const write = ['spend.listitem.write', 'LIST'] as const
const levels = Array.from({ length: 10 }, (_, at) => at + 1)
const levelName = (level: number): string => `Level${level}Code`
const keptSeconds = 300

const readItem = async (port: VendorPort, id: string): Promise<JsonObject> => {
  const { body } = await port.ask({ method: 'GET', path: `${path}/${encodeURIComponent(id)}` })
  if (isRecord(body)) return body
  throw vendorFailed('items: the item came in an unknown shape.')
}

/** The short codes above an item, from level 1: List v4 joins them by hyphens, which codes may hold themselves. */
const codesAbove = async (port: VendorPort, item: JsonObject): Promise<readonly string[]> => {
  const parentId = textOf(item, 'parentId')
  if (parentId === undefined) return []
  const parent = await port.remember(`item/${parentId}`, keptSeconds, () => readItem(port, parentId))
  return [...(await codesAbove(port, parent)), textOf(parent, 'shortCode') ?? '']
}

const listIdsOf = (item: JsonObject): readonly string[] =>
  rowsIn(item, 'lists').flatMap((list) => textOf(list, 'id') ?? [])

const rowOf = async (port: VendorPort, item: JsonObject, listId: string | undefined): Promise<JsonObject> => {
  const [first = ''] = listIdsOf(item)
  return itemRow(item, listId ?? first, await codesAbove(port, item))
}

const codesWanted = (filters: Given): readonly (string | undefined)[] => [
  undefined,
  ...levels.map((level) => filters[`level${level}Code`]),
]

/** The children of one item, once for each list that shares them. */
const childrenOf = async (
  port: VendorPort,
  parentId: string,
  listId: string | undefined,
  cursor: string | null,
) => {
  const page = cursor === null ? {} : { page: cursor }
  const parent = await readItem(port, parentId)
  const above = [...(await codesAbove(port, parent)), textOf(parent, 'shortCode') ?? '']
  const address = `${path}/${encodeURIComponent(parentId)}/children`
  const { body } = await port.ask({ method: 'GET', path: address, query: page })
  const pages = isRecord(body) && isRecord(body.page) ? Number(body.page.totalPages ?? 1) : 1
  const current = Number(cursor ?? 1)
  return {
    rows: rowsIn(body, 'content')
      .filter((item) => item.isDeleted !== true)
      .flatMap((item) =>
        listIdsOf(item)
          .filter((id) => listId === undefined || id === listId)
          .map((id) => itemRow(item, id, above)),
      ),
    next: current < pages ? String(current + 1) : null,
  }
}

/** The codes of a body from level 1 down. @throws AppError `bad-request` naming a level that is left out. */
const codesIn = (body: JsonObject): readonly string[] => {
  const codes = levels.map((level) => textOf(body, levelName(level)))
  const deepest = codes.findLastIndex((code) => code !== undefined)
  const given = codes.slice(0, deepest + 1)
  const gap = given.indexOf(undefined)
  if (gap >= 0 && textOf(body, 'ParentID') === undefined)
    throw badInput(`${levelName(gap + 1)}: name the codes of all levels above, or ParentID.`)
  return given.map((code) => code ?? '')
}

const create = async (port: VendorPort, body: JsonObject): Promise<string> => {
  const codes = codesIn(body)
  const [listId, value, parentId] = [textOf(body, 'ListID'), textOf(body, 'Name'), textOf(body, 'ParentID')]
  if (listId === undefined) throw badInput('ListID: name the list that the item goes into.')
  if (value === undefined) throw badInput('Name: an item needs a name.')
  const shortCode = codes.at(-1) ?? textOf(body, 'Code')
  if (shortCode === undefined) throw badInput('Level1Code: an item needs a code.')
  const above = codes.slice(0, -1).join('-')
  const parent = parentId === undefined ? (above === '' ? {} : { parentCode: above }) : { parentId }
  const made = await port.ask({ method: 'POST', path, body: { listId, shortCode, value, ...parent } })
  const id = isRecord(made.body) ? textOf(made.body, 'id') : undefined
  if (id !== undefined) return id
  throw vendorFailed('items: created, but the reply names no id.')
}

const change = async (port: VendorPort, id: string, body: JsonObject): Promise<void> => {
  const item = await readItem(port, id)
  const level = Number(item.level ?? 1)
  const listId = textOf(body, 'ListID')
  if (listId !== undefined && !listIdsOf(item).includes(listId))
    throw badInput('ListID: the item is not in this list, and an item cannot move to another.')
  await port.ask({
    method: 'PUT',
    path: `${path}/${encodeURIComponent(id)}`,
    body: {
      shortCode: textOf(body, 'Code') ?? textOf(body, levelName(level)) ?? item.shortCode ?? null,
      value: textOf(body, 'Name') ?? item.value ?? null,
    },
  })
}

const remove = async (port: VendorPort, id: string, { listId }: Given): Promise<void> => {
  if (listId === undefined)
    throw badInput('listId: name the list that the item is taken out of, its ListID, as query parameter.')
  await port.ask({
    method: 'DELETE',
    path: `/list/v4/lists/${encodeURIComponent(listId)}/items/${encodeURIComponent(id)}`,
  })
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
    equals('listId', 'ListID'),
    equals('name', 'Name'),
    equals('parentId', 'ParentID'),
    ...levels.map((level) => equals(`level${level}Code`, levelName(level))),
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
    Code: text('write-only', "The item's own code, on a change."),
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
      scopes: read,
      run: (port, { filters, cursor }) =>
        filters.parentId === undefined
          ? nextItems(port, { listId: filters.listId, codes: codesWanted(filters) }, cursor)
          : childrenOf(port, filters.parentId, filters.listId, cursor),
    },
    retrieve: {
      ...calls,
      method: 'GET',
      path: `${path}/{id}`,
      scopes: read,
      run: async (port, { id, given }) => {
        const item = await readItem(port, id)
        // A deleted item is still told, and marked; on v3 it was gone.
        return item.isDeleted === true ? undefined : rowOf(port, item, given.listId)
      },
    },
    create: { ...calls, method: 'POST', path, scopes: write, run: (port, { body }) => create(port, body) },
    update: {
      ...calls,
      method: 'PUT',
      path: `${path}/{id}`,
      scopes: write,
      run: (port, { id, body }) => change(port, id, body),
    },
    remove: {
      ...calls,
      method: 'DELETE',
      path: '/list/v4/lists/{listId}/items/{id}',
      scopes: ['spend.listitem.delete', 'LIST'],
      run: (port, { id, given }) => remove(port, id, given),
    },
  },
  page: { kind: 'coded', maxSize: 100 },
  generations: { v3: older },
}
