import type { Field } from '#src/element/index.ts'

type Made = (access?: Field['access'], description?: string) => Field

const of =
  (type: Field['type']): Made =>
  (access = 'read', description) => ({ type, access, ...(description === undefined ? {} : { description }) })

/** Short names for the fields of Concur's rows; `description` is a whole sentence. */
export const text = of('text')
export const number = of('number')
export const boolean = of('boolean')
export const datetime = of('datetime')
export const object = of('object')

/** A field that a create needs. */
export const required = (field: Field): Field => ({ ...field, required: true })

/**
 * Custom and organization-unit fields: v3 reads give `{Type, Value, Code, ListItemID}`, v3 writes take
 * text, the item's code for lists (spec/concur.md 4.3).
 */
const custom = (what: string): Field => ({
  type: 'object',
  access: 'write',
  sendMember: ['Code', 'Value'],
  description: `${what}, read as {Type, Value, Code, ListItemID}; at most 48 characters, for a list the code of its item.`,
})

const slots = (count: number, stem: string, what: string): Record<string, Field> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, at) => [
      `${stem}${at + 1}`,
      custom(`${what} ${at + 1} of the company`),
    ]),
  )

/** `Custom1` to `Custom{count}`. */
export const customFields = (count: number): Record<string, Field> => slots(count, 'Custom', 'Custom field')

/** `OrgUnit1` to `OrgUnit6`. */
export const orgUnits: Record<string, Field> = slots(6, 'OrgUnit', 'Organization unit')
