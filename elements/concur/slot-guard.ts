import {
  type GuardedWrite,
  isRecord,
  type Json,
  type JsonObject,
  type VendorPort,
  type WriteGuard,
} from '#src/element/index.ts'
import { type ItemList, itemWithCode, listsOfSlot } from './slot-lists.ts'

/**
 * Codes of list items in custom and organization-unit fields. What v3 does with a code that the list has not is not
 * documented, so a refusal is looked into, and what was taken is compared with the row as it is read back.
 * Source: SAP Concur, custom list items (spec/concur.md 4.3), compared 2026-08.
 */
type Kind = 'header' | 'expense'

interface Slot {
  readonly name: string
  readonly code: string
}

/** `OrgUnit2` before `OrgUnit10` before `Custom1`: parents of connected lists before children. */
const inOrder = ({ name: one }: Slot, { name: other }: Slot): number =>
  other.localeCompare(one, 'en', { numeric: true }) * (one[0] === other[0] ? -1 : 1)

const slotsIn = (body: JsonObject): readonly Slot[] =>
  Object.entries(body).flatMap(([name, code]): Slot[] =>
    /^(?:OrgUnit|Custom)\d+$/.test(name) && typeof code === 'string' && code !== '' ? [{ name, code }] : [],
  )

const same = (one: Json | undefined, other: string): boolean =>
  typeof one === 'string' && one.toLowerCase() === other.toLowerCase()

/** Whether the row holds what was sent: of a list the item, by code or name. */
const took = (held: Json | undefined, code: string): boolean => {
  if (!isRecord(held)) return false
  if (held.Type !== 'List' && held.Type !== 'ConnectedList') return true
  return same(held.Code, code) || (typeof held.ListItemID === 'string' && same(held.Value, code))
}

const listWords = (lists: readonly ItemList[]): string =>
  lists.length === 0
    ? 'its list'
    : `the list ${lists.map(({ id, name }) => `${name} (${id})`).join(' or the list ')}`

const wrongCode = ({ name, code }: Slot, lists: readonly ItemList[], under?: Slot): string => {
  const below = under === undefined ? '' : ` below '${under.code}' of ${under.name}`
  return `${name}: '${code}' is no code of ${listWords(lists)}${below}. Send the code of one of its items.`
}

/** Which code of a refused body its list has not; undefined: each list that is known has its code. */
const findWrong = async (
  kind: Kind,
  port: VendorPort,
  { body, given, id }: GuardedWrite,
): Promise<string | undefined> => {
  const row =
    id === undefined ? (kind === 'expense' ? body : undefined) : await currentRow(kind, port, id, given)
  /** The last item of each list: the next field on the same list chooses below it. */
  const above = new Map<string, { readonly slot: Slot; readonly item: string }>()
  for (const slot of slotsIn({ ...codesHeld(row), ...body }).toSorted(inOrder)) {
    const lists = await listsOfSlot(port, kind, slot.name, given, row)
    if (lists.length === 0) continue
    const found = await Promise.all(
      lists.map((list) => itemWithCode(port, list, slot.code, above.get(list.id)?.item)),
    )
    const at = found.findIndex((item) => item !== undefined)
    const [list, item] = [lists[at], found[at]]
    if (list === undefined || item === undefined) {
      if (body[slot.name] === undefined) continue
      const parent = lists.map(({ id: listId }) => above.get(listId)).find((one) => one !== undefined)
      return wrongCode(slot, lists, parent?.slot)
    }
    above.set(list.id, { slot, item })
  }
  return undefined
}

const paths: Readonly<Record<Kind, string>> = {
  header: '/api/v3.0/expense/reports',
  expense: '/api/v3.0/expense/entries',
}

const currentRow = async (
  kind: Kind,
  port: VendorPort,
  id: string,
  given: GuardedWrite['given'],
): Promise<JsonObject | undefined> => {
  const { body } = await port.ask({
    method: 'GET',
    path: `${paths[kind]}/${encodeURIComponent(id)}`,
    query: { user: given.user },
    scopes: ['EXPRPT'],
  })
  return isRecord(body) ? body : undefined
}

/** The codes that a row holds already. */
const codesHeld = (row: JsonObject | undefined): JsonObject =>
  Object.fromEntries(
    Object.entries(row ?? {}).flatMap(([name, slot]): [string, Json][] =>
      isRecord(slot) && typeof slot.Code === 'string' ? [[name, slot.Code]] : [],
    ),
  )

/** Takes back what was created. @returns what to tell of it. */
const takenBack = async (kind: Kind, port: VendorPort, row: JsonObject): Promise<string> => {
  const report = encodeURIComponent(String(kind === 'header' ? row.ID : row.ReportID))
  const below = kind === 'header' ? '' : `/expenses/${encodeURIComponent(String(row.ExpenseID))}`
  try {
    await port.ask({
      method: 'DELETE',
      path: `/expensereports/v4/reports/${report}${below}`,
      principals: ['company'],
      scopes: ['expense.report.readwrite'],
    })
    return 'Nothing was created.'
  } catch {
    return `It was created without that, ID ${String(row.ID)}, and could not be taken back.`
  }
}

const lists = async (...given: Parameters<typeof listsOfSlot>): Promise<readonly ItemList[]> => {
  try {
    return await listsOfSlot(...given)
  } catch {
    return []
  }
}

/** The guard of rows that have such fields. */
export const slotGuard = (kind: Kind): WriteGuard => ({
  why: 'SAP Concur does not say what v3 does with a code that a list has not, and its refusals need not name the list.',
  looksAt: ({ body }) => slotsIn(body).length > 0,
  refused: async (port, write) =>
    slotsIn(write.body).length === 0 ? undefined : findWrong(kind, port, write),
  written: async (port, { body, row, given, created }) => {
    const lost = slotsIn(body).find(({ name, code }) => !took(row[name], code))
    if (lost === undefined) return undefined
    const known = await lists(port, kind, lost.name, given, row)
    const words =
      known.length > 0 || isRecord(row[lost.name])
        ? wrongCode(lost, known)
        : `${lost.name}: SAP Concur did not keep '${lost.code}': it is no code of its list, or the form has no such field.`
    const outcome = created ? await takenBack(kind, port, row) : 'The other fields of the body were written.'
    return `${words} ${outcome}`
  },
})
