import type { DataCentre } from '../data-centres.ts'
import { Refused } from '../errors.ts'
import type { Sandbox } from '../operation.ts'
import { openProtected, protectedId } from '../protected-id.ts'
import type { CustomField } from '../records.ts'
import { type Item, items, type SeedList, seedListId } from './list-data.ts'
import { childrenOf } from './list-items.ts'

/**
 * Which custom and org-unit slots hold an item of a list; all others hold text. OrgUnit1 and OrgUnit2 are
 * connected: the second chooses among the children of the first.
 */
export interface SlotList {
  readonly type: 'List' | 'ConnectedList'
  readonly list: SeedList
  /** The slot that holds the parent. */
  readonly under?: string
}

export const slotLists: Readonly<Record<string, SlotList>> = {
  OrgUnit1: { type: 'ConnectedList', list: 'departments' },
  OrgUnit2: { type: 'ConnectedList', list: 'departments', under: 'OrgUnit1' },
  Custom1: { type: 'List', list: 'projects' },
  Custom4: { type: 'List', list: 'cost-centres' },
}

/** The item that a custom field names, when it names one that exists. */
export const itemOfField = (
  sandbox: Sandbox,
  home: DataCentre,
  field: CustomField | null,
): Item | undefined => {
  const id = field?.ListItemID == null ? undefined : openProtected('item', field.ListItemID)
  return id === undefined ? undefined : items.find(sandbox, home, id)
}

const fieldOf = (type: string, item: Item): CustomField => ({
  Type: type,
  Value: item.value,
  Code: item.shortCode,
  ListItemID: protectedId('item', item.id),
})

export interface SlotPlace {
  readonly sandbox: Sandbox
  readonly home: DataCentre
  readonly strict: boolean
  /** What becomes of a code that its list has not; absent: it is refused. */
  readonly codes: 'keep' | 'lose' | undefined
  /** The fields of the same row, for the parent of a connected list. */
  readonly fields: Readonly<Record<string, CustomField | null>>
}

const choicesOf = (slot: SlotList, { sandbox, home, fields }: SlotPlace): readonly Item[] => {
  const listId = seedListId(home, slot.list)
  if (slot.under === undefined) return childrenOf(sandbox, home, null, listId)
  const parent = itemOfField(sandbox, home, fields[slot.under] ?? null)
  return parent === undefined ? [] : childrenOf(sandbox, home, parent.id, listId)
}

/**
 * What a slot holds once `text` is written to it: for a list the item with that code. What Concur does with a code
 * that the list has not, no page says: it is refused, or as the switch `list-codes` has it.
 * Throws `Refused` 400.
 */
export const slotValue = (name: string, text: string, place: SlotPlace): CustomField | null => {
  const slot = slotLists[name]
  if (slot === undefined) return { Type: 'Text', Value: text, Code: null, ListItemID: null }
  const item = choicesOf(slot, place).find((choice) => !choice.deleted && choice.shortCode === text)
  if (item !== undefined) return fieldOf(slot.type, item)
  if (place.codes === undefined) throw new Refused(400, `${name}: '${text}' is not a code of its list`)
  if (place.codes === 'lose') return null
  return { Type: slot.type, Value: text, Code: null, ListItemID: null }
}

/** The same on v4, where a list's value is written as the id of its item. */
export const slotValueById = (name: string, text: string, place: SlotPlace): CustomField => {
  const slot = slotLists[name]
  if (slot === undefined) return { Type: 'Text', Value: text, Code: null, ListItemID: null }
  const item = items.find(place.sandbox, place.home, text.toLowerCase())
  if (item === undefined || item.deleted || !item.listIds.includes(seedListId(place.home, slot.list))) {
    throw new Refused(400, `${name}: '${text}' is not an item of its list`)
  }
  return fieldOf(slot.type, item)
}
