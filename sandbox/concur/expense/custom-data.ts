import type { DataCentre } from '../data-centres.ts'
import { Refused } from '../errors.ts'
import { itemOfField, type SlotPlace, slotValueById } from '../lists/slot-lists.ts'
import type { Ask, Sandbox } from '../operation.ts'
import type { CustomField } from '../records.ts'
import { type Body, textField } from '../write-fields.ts'

/**
 * Custom and org-unit fields as v4 reads and writes them: `[{id: 'custom15' | 'orgUnit1', value}]`, where a
 * list's value is the id of its item.
 * Follows: developer.concur.com, Reports v4, Custom Data. Verified: 2026-08
 */
const camel = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1)
const pascal = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1)

export const customData = (
  sandbox: Sandbox,
  home: DataCentre,
  fields: Readonly<Record<string, CustomField | null>>,
  baseUrl: string,
) =>
  Object.entries(fields).flatMap(([name, field]) => {
    if (field === null) return []
    const item = itemOfField(sandbox, home, field)
    const listItemUrl = item === undefined ? null : `${baseUrl}/list/v4/items/${item.id}`
    return [{ id: camel(name), value: item?.id ?? field.Value, isValid: true, listItemUrl }]
  })

/** The fields that a body's `customData` sets; only `names` are slots here. Throws `Refused` 400. */
export const readCustomData = (
  body: Body,
  names: readonly string[],
  place: SlotPlace,
): Record<string, CustomField | null> => {
  const list = body['customData'] ?? []
  if (!Array.isArray(list)) throw new Refused(400, 'customData must be a list')
  const fields: Record<string, CustomField | null> = {}
  for (const slot of list as Body[]) {
    const id = textField(slot, 'id', 20) ?? ''
    const name = pascal(id)
    if (!names.includes(name)) throw new Refused(400, `customData: '${id}' is no field here`)
    const text = textField(slot, 'value', 2000) ?? ''
    const around = { ...place, fields: { ...place.fields, ...fields } }
    fields[name] = text === '' ? null : slotValueById(name, text, around)
  }
  return fields
}

/** Where a v4 write looks its list items up. */
export const placeOf = (sandbox: Sandbox, ask: Ask, fields: SlotPlace['fields']): SlotPlace => ({
  ...{ sandbox, home: ask.dataCentre, strict: true, codes: undefined, fields },
})
