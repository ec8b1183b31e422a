import type { Field } from '#src/element/index.ts'

/** Short names for the fields of Concur's v3 rows. */
export const text = (access: Field['access'] = 'read'): Field => ({ type: 'text', access })
export const number = (access: Field['access'] = 'read'): Field => ({ type: 'number', access })
export const boolean = (access: Field['access'] = 'read'): Field => ({ type: 'boolean', access })
export const datetime = (access: Field['access'] = 'read'): Field => ({ type: 'datetime', access })

/** A field that a create needs. */
export const required = (field: Field): Field => ({ ...field, required: true })

/**
 * Custom and organization-unit fields: v3 reads give `{Type, Value, Code, ListItemID}`, v3 writes take
 * text, the item's code for lists (spec/concur.md 4.3).
 */
const custom: Field = { type: 'object', access: 'write', sendMember: ['Code', 'Value'] }

/** `Custom1` to `Custom{count}`. */
export const customFields = (count: number): Record<string, Field> =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`Custom${at + 1}`, custom]))

/** `OrgUnit1` to `OrgUnit6`. */
export const orgUnits: Record<string, Field> = Object.fromEntries(
  Array.from({ length: 6 }, (_, at) => [`OrgUnit${at + 1}`, custom]),
)
