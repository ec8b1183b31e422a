import {
  badInput,
  type Given,
  isRecord,
  type JsonObject,
  type VendorPort,
  vendorFailed,
} from '#src/element/index.ts'
import { textOf } from '../lookups.ts'
import {
  codesOf,
  equal,
  itemScopes,
  itemsPath,
  levelName,
  levels,
  listIdsOf,
  livingIn,
  readItem,
} from './item-rows.ts'

/** Writes of items with the field names of ListItems v3, on List v4. Field table: spec/concur.md 8.3. */
export const writeScopes = ['spend.listitem.write', 'LIST'] as const
export const removeScopes = ['spend.listitem.delete', 'LIST'] as const

/** The codes of a body from level 1 down; undefined: a level between others is left out. */
const codesIn = (body: JsonObject): readonly (string | undefined)[] => {
  const codes = levels.map((level) => textOf(body, levelName(level)))
  return codes.slice(0, codes.findLastIndex((code) => code !== undefined) + 1)
}

/** The item under another with that code. @throws AppError `bad-request` naming the level. */
const itemWithCode = async (
  port: VendorPort,
  listId: string,
  above: string | undefined,
  code: string,
  level: number,
): Promise<string> => {
  const below = above === undefined ? '' : `/items/${encodeURIComponent(above)}`
  const { body } = await port.ask({
    method: 'GET',
    path: `/list/v4/lists/${encodeURIComponent(listId)}${below}/children`,
    query: { shortCode: equal(code) },
    scopes: itemScopes,
  })
  const found = livingIn(body).find((item) => item.shortCode === code)
  const id = textOf(found, 'id')
  if (id !== undefined) return id
  throw badInput(
    `${levelName(level)}: '${code}' is no code on level ${level} of the list ${listId}. Create the item above first.`,
  )
}

/** The item that a new one stands under, by its codes; undefined: it stands on level 1. */
const parentOf = async (
  port: VendorPort,
  listId: string,
  above: readonly (string | undefined)[],
): Promise<string | undefined> => {
  let parent: string | undefined
  for (const [at, code] of above.entries()) {
    if (code === undefined)
      throw badInput(`${levelName(at + 1)}: name the codes of all levels above, or ParentID.`)
    parent = await itemWithCode(port, listId, parent, code, at + 1)
  }
  return parent
}

/**
 * Creates an item: its own code is the one on the deepest level, those above name what it stands under.
 * @returns its id.
 */
export const createItem = async (port: VendorPort, body: JsonObject): Promise<string> => {
  const codes = codesIn(body)
  const [listId, value] = [textOf(body, 'ListID'), textOf(body, 'Name')]
  if (listId === undefined) throw badInput('ListID: name the list that the item goes into.')
  if (value === undefined) throw badInput('Name: an item needs a name.')
  const shortCode = codes.at(-1) ?? textOf(body, 'Code')
  if (shortCode === undefined) throw badInput('Level1Code: an item needs a code.')
  const parentId = textOf(body, 'ParentID') ?? (await parentOf(port, listId, codes.slice(0, -1)))
  const made = await port.ask({
    method: 'POST',
    path: itemsPath,
    body: { listId, shortCode, value, ...(parentId === undefined ? {} : { parentId }) },
    scopes: writeScopes,
  })
  const id = isRecord(made.body) ? textOf(made.body, 'id') : undefined
  if (id !== undefined) return id
  throw vendorFailed('items: created, but the reply names no id.')
}

/** @throws AppError `bad-request` where a body would move the item, which nothing can. */
const checkPlace = async (port: VendorPort, item: JsonObject, body: JsonObject): Promise<void> => {
  const listId = textOf(body, 'ListID')
  if (listId !== undefined && !listIdsOf(item).includes(listId))
    throw badInput('ListID: the item is not in this list, and an item cannot move to another.')
  const said = codesIn(body)
  const level = Number(item.level ?? 1)
  if (said.length > level)
    throw badInput(`${levelName(said.length)}: the item stands on level ${level}, and cannot move.`)
  if (said.slice(0, level - 1).every((code) => code === undefined)) return
  const codes = await codesOf(port, item)
  const other = said.findIndex((code, at) => at < level - 1 && code !== undefined && code !== codes[at])
  if (other >= 0)
    throw badInput(`${levelName(other + 1)}: the item stands under '${codes[other]}', and cannot move.`)
}

/** Changes the name or the own code of an item; List v4 takes both or none. */
export const changeItem = async (port: VendorPort, id: string, body: JsonObject): Promise<void> => {
  const item = await readItem(port, id)
  await checkPlace(port, item, body)
  await port.ask({
    method: 'PUT',
    path: `${itemsPath}/${encodeURIComponent(id)}`,
    body: {
      shortCode:
        textOf(body, 'Code') ?? textOf(body, levelName(Number(item.level ?? 1))) ?? item.shortCode ?? null,
      value: textOf(body, 'Name') ?? item.value ?? null,
    },
    scopes: writeScopes,
  })
}

/** Takes an item out of one list; where it is in no other, it and all below it are deleted. */
export const removeItem = async (port: VendorPort, id: string, { listId }: Given): Promise<void> => {
  if (listId === undefined)
    throw badInput('listId: name the list that the item is taken out of, its ListID, as query parameter.')
  await port.ask({
    method: 'DELETE',
    path: `/list/v4/lists/${encodeURIComponent(listId)}/items/${encodeURIComponent(id)}`,
    scopes: removeScopes,
  })
}
