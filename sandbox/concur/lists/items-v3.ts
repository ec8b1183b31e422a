import type { DataCentre } from '../data-centres.ts'
import { Refused } from '../errors.ts'
import { newUuid } from '../ids.ts'
import type { Ask, Operation, Sandbox } from '../operation.ts'
import { companyOf } from '../owner.ts'
import { textParam } from '../params.ts'
import { openProtected, protectedId } from '../protected-id.ts'
import { fieldsOfBody } from '../read-body.ts'
import type { Reply } from '../reply.ts'
import { v3Created, v3Page } from '../v3-page.ts'
import { type Body, isStrict, refuseReadOnly, textField, updateReply } from '../write-fields.ts'
import { type Item, items, lists } from './list-data.ts'
import { checkFree, checkWritable, childrenOf, codesOf, removeItem } from './list-items.ts'
import { v3ListId } from './lists-v3.ts'

/**
 * List items v3, over the same items as v4 under other ids. An item that several lists share stands once
 * in each.
 * Follows: developer.concur.com, List Items v3 (API explorer). Verified: 2026-08
 */
const path = '/api/v3.0/common/listitems'
const levels = Array.from({ length: 10 }, (_, at) => at + 1)
const levelName = (level: number): string => `Level${String(level)}Code`

/** An item as one of its lists has it. */
interface Placed {
  readonly item: Item
  readonly listId: string
  readonly codes: readonly string[]
}

const rowOf = ({ item, listId, codes }: Placed, baseUrl: string) => ({
  ID: protectedId('item', item.id),
  Name: item.value,
  ListID: v3ListId(listId),
  ParentID: item.parentId === null ? null : protectedId('item', item.parentId),
  ...Object.fromEntries(levels.map((level) => [levelName(level), codes[level - 1] ?? null])),
  URI: `${baseUrl}${path}/${encodeURIComponent(protectedId('item', item.id))}`,
})

const placesOf = (sandbox: Sandbox, home: DataCentre): Placed[] =>
  items
    .all(sandbox, home)
    .filter((item) => !item.deleted)
    .flatMap((item) => {
      const codes = codesOf(sandbox, item)
      return item.listIds
        .filter((listId) => lists.find(sandbox, home, listId)?.deleted !== true)
        .map((listId) => ({ item, listId, codes }))
    })

const filterOf = (query: URLSearchParams): ((place: Placed) => boolean) => {
  const [list, name, parent] = [
    textParam(query, 'listId'),
    textParam(query, 'name'),
    textParam(query, 'parentId'),
  ]
  const codes = levels.map((level) => textParam(query, `level${String(level)}Code`))
  return ({ item, listId, codes: own }) =>
    (list === undefined || v3ListId(listId) === list) &&
    (name === undefined || item.value === name) &&
    (parent === undefined || (item.parentId !== null && protectedId('item', item.parentId) === parent)) &&
    codes.every((code, at) => code === undefined || own[at] === code)
}

const list = (sandbox: Sandbox, ask: Ask): Reply => {
  const rows = placesOf(sandbox, companyOf(ask)).filter(filterOf(ask.query))
  return v3Page(ask, rows, (row) => rowOf(row, ask.baseUrl), { root: 'ListItems', item: 'ListItem' })
}

/** The list's own id for what a v3 call names it. */
const openList = (sandbox: Sandbox, ask: Ask, text: string): string => {
  const id = openProtected('list', text)
  const known = id === undefined ? undefined : lists.find(sandbox, companyOf(ask), id)
  if (known !== undefined) {
    checkWritable(ask, known)
    return known.id
  }
  if (isStrict(sandbox, ask)) throw new Refused(400, `ListID: '${text}' is not a list`)
  return text
}

const found = (sandbox: Sandbox, ask: Ask): Placed => {
  const id = openProtected('item', ask.params['id'] ?? '')
  const item = id === undefined ? undefined : items.find(sandbox, companyOf(ask), id)
  const wanted = textParam(ask.query, 'listId')
  const listId = item?.listIds.find((each) => wanted === undefined || v3ListId(each) === wanted)
  if (item === undefined || item.deleted || listId === undefined) {
    throw new Refused(404, 'The list item was not found')
  }
  return { item, listId, codes: codesOf(sandbox, item) }
}

const get = (sandbox: Sandbox, ask: Ask): Reply => ({
  status: 200,
  body: rowOf(found(sandbox, ask), ask.baseUrl),
  xml: { root: 'ListItem' },
})

const shape = { roots: ['ListItem', 'ListItemPost', 'ListItemPut'], kinds: {} }
/** ParentID is left to the lenient: old clients send it as null. */
const readOnly = new Set(['ID', 'URI', 'ParentID'])

const requiredText = (body: Body, name: string): string => {
  const text = textField(body, name, 100)
  if (typeof text !== 'string' || text === '') throw new Refused(400, `${name} is required`)
  return text
}

const codesOfBody = (body: Body): string[] => {
  const codes = levels.map((level) => textField(body, levelName(level), 64) ?? '')
  const given = codes.slice(0, codes.findLastIndex((code) => code !== '') + 1)
  const gap = given.indexOf('')
  if (given.length === 0) throw new Refused(400, 'Level1Code is required')
  if (gap >= 0) throw new Refused(400, `${levelName(gap + 1)} is required`)
  return given
}

const parentOf = (
  sandbox: Sandbox,
  home: DataCentre,
  listId: string,
  codes: readonly string[],
): Item | null => {
  let parent: Item | null = null
  for (const [at, code] of codes.slice(0, -1).entries()) {
    const level: readonly Item[] = childrenOf(sandbox, home, parent?.id ?? null, listId)
    const next = level.find((item) => !item.deleted && item.shortCode === code)
    if (next === undefined) throw new Refused(400, `${levelName(at + 1)}: '${code}' is not in the list`)
    parent = next
  }
  return parent
}

const create = (sandbox: Sandbox, ask: Ask): Reply => {
  const home = companyOf(ask)
  const body = fieldsOfBody(ask, shape)
  refuseReadOnly(body, readOnly, new Set())
  const listId = openList(sandbox, ask, requiredText(body, 'ListID'))
  const codes = codesOfBody(body)
  const parent = parentOf(sandbox, home, listId, codes)
  const item: Item = {
    ...{ id: newUuid(), home, listIds: [listId], deleted: false, value: requiredText(body, 'Name') },
    ...{ parentId: parent?.id ?? null, level: codes.length, shortCode: codes.at(-1) ?? '' },
  }
  checkFree(sandbox, item)
  items.put(sandbox, item)
  return v3Created(ask, protectedId('item', item.id))
}

/** Of a PUT only ListID, Name and Code count. */
const update = (sandbox: Sandbox, ask: Ask): Reply => {
  const { item, listId } = found(sandbox, ask)
  checkWritable(ask, lists.find(sandbox, item.home, listId))
  const body = fieldsOfBody(ask, shape)
  const list = textField(body, 'ListID', 100)
  if (list !== undefined && list !== null && !item.listIds.some((id) => v3ListId(id) === list)) {
    throw new Refused(400, 'ListID: an item cannot move to another list')
  }
  const name = textField(body, 'Name', 64)
  const code = textField(body, 'Code', 64)
  const changed = { ...item, value: name || item.value, shortCode: code || item.shortCode }
  checkFree(sandbox, changed)
  items.put(sandbox, changed)
  return updateReply(sandbox, ask.operation)
}

const remove = (sandbox: Sandbox, ask: Ask): Reply => {
  if (textParam(ask.query, 'listId') === undefined) throw new Refused(400, 'listId is required')
  const { item, listId } = found(sandbox, ask)
  checkWritable(ask, lists.find(sandbox, item.home, listId))
  removeItem(sandbox, item, listId)
  return { status: 200 }
}

const shared = {
  family: 'v3',
  access: 'bearer',
  scope: /^LIST$/,
  follows: 'List Items v3',
  deprecated: {
    warning: 'Deprecated API: use List v4, /list/v4/items, instead',
    sunsetAt: Date.UTC(2023, 3, 16),
  },
} as const

export const itemV3Operations: readonly Operation[] = [
  { ...shared, name: 'items-v3.list', method: 'GET', path, run: list },
  { ...shared, name: 'items-v3.get', method: 'GET', path: `${path}/{id}`, run: get },
  { ...shared, name: 'items-v3.create', method: 'POST', path, run: create },
  { ...shared, name: 'items-v3.update', method: 'PUT', path: `${path}/{id}`, run: update },
  { ...shared, name: 'items-v3.delete', method: 'DELETE', path: `${path}/{id}`, run: remove },
]
