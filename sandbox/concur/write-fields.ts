import { readDate } from './dates.ts'
import { Refused } from './errors.ts'
import { numberOf } from './faults.ts'
import { type SlotPlace, slotValue } from './lists/slot-lists.ts'
import type { Sandbox } from './operation.ts'
import type { CustomField } from './records.ts'
import type { Reply } from './reply.ts'

/**
 * Reads what callers write. Values outside the write schema: a field that only the read schema has is
 * refused with 400 and its name, unless it is null; a name that neither has is ignored, as a JSON
 * reader does. The page says neither (connectors are known to drop such fields first).
 */
export type Body = Readonly<Record<string, unknown>>

export const refuseReadOnly = (
  body: Body,
  readable: ReadonlySet<string>,
  writable: ReadonlySet<string>,
): void => {
  for (const [name, value] of Object.entries(body)) {
    if (value !== null && readable.has(name) && !writable.has(name)) {
      throw new Refused(400, `${name} cannot be written; leave it out`)
    }
  }
}

/**
 * Follows: v3 conventions: a PUT answers 200 or 204, without content; 204 unless told otherwise.
 * Verified: 2026-08
 */
export const updateReply = (sandbox: Sandbox, operation: string): Reply => {
  const fault = sandbox.faults.strike('update-status', operation)
  return { status: fault === undefined ? 204 : numberOf(fault, 204) }
}

/** Text, or null when it is null; undefined when it is absent. */
export const textField = (body: Body, name: string, most: number): string | null | undefined => {
  const value = body[name]
  if (value === undefined || value === null) return value
  if (typeof value !== 'string') throw new Refused(400, `${name} must be a string`)
  if (value.length > most) throw new Refused(400, `${name} is longer than ${String(most)} characters`)
  return value
}

export const dateField = (body: Body, name: string): number | null | undefined => {
  const text = textField(body, name, 40)
  if (text === undefined || text === null) return text
  const at = readDate(text)
  if (at === undefined) throw new Refused(400, `${name}: '${text}' is not a date without a zone`)
  return at
}

export const numberField = (body: Body, name: string): number | null | undefined => {
  const value = body[name]
  if (value === undefined || value === null) return value
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  if (typeof number !== 'number' || !Number.isFinite(number))
    throw new Refused(400, `${name} must be a number`)
  return number
}

export const booleanField = (body: Body, name: string): boolean | undefined => {
  const value = body[name]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'boolean') throw new Refused(400, `${name} must be true or false`)
  return value
}

/** Whether the switch `ids` is strict for this call. */
export const isStrict = (sandbox: Sandbox, ask: { readonly operation: string }): boolean =>
  sandbox.faults.strike('ids', ask.operation)?.value === 'strict'

/** Where a v3 write looks its list items up; `fields` are the row's own, before it. */
export const slotPlace = (
  sandbox: Sandbox,
  ask: { readonly operation: string; readonly dataCentre: SlotPlace['home'] },
  fields: SlotPlace['fields'],
): SlotPlace => {
  const codes = sandbox.faults.strike('list-codes', ask.operation)?.value
  return {
    ...{ sandbox, home: ask.dataCentre, strict: isStrict(sandbox, ask), fields },
    codes: codes === 'keep' || codes === 'lose' ? codes : undefined,
  }
}

/**
 * Custom slots: written as plain strings (list slots take the item's code), read as objects. `place.fields`
 * are the row's own, before this write.
 * Follows: developer.concur.com, custom list items. Verified: 2026-08
 */
export const slotFields = (
  body: Body,
  names: readonly string[],
  place: SlotPlace,
): Record<string, CustomField | null> => {
  const fields: Record<string, CustomField | null> = {}
  for (const name of names) {
    const text = textField(body, name, 2000)
    if (text === undefined) continue
    const around = { ...place, fields: { ...place.fields, ...fields } }
    fields[name] = text === null || text === '' ? null : slotValue(name, text, around)
  }
  return fields
}
