import { type Given, isRecord, type JsonObject, type VendorPort } from '#src/element/index.ts'

/**
 * Which list a custom or organization-unit field chooses from. Of a report's header the form fields of v4 tell it. Of
 * an expense none of Concur's calls does: it is the list of the item that another expense of the same form holds there.
 * Source: SAP Concur, Reports v4, Expenses v4, List v4 (spec/concur.md 3.1, 3.5, 4.3), compared 2026-08.
 */

/** Lists and forms change rarely. */
const keptSeconds = 600

export interface ItemList {
  readonly id: string
  readonly name: string
}

const expenseScopes = ['expense.report.read', 'expense.report.readwrite'] as const
const v3 = { principals: ['company', 'user'], scopes: ['EXPRPT'] } as const

/** `OrgUnit1` as v4 writes it: `orgUnit1`. */
const camel = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1)

const text = (row: JsonObject | undefined, name: string): string | undefined => {
  const value = row?.[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

const rowsOf = (body: unknown, name: string): readonly JsonObject[] => {
  const rows = isRecord(body) ? body[name] : body
  return Array.isArray(rows) ? rows.filter(isRecord) : []
}

const ask = async (
  port: VendorPort,
  path: string,
  more: Omit<Parameters<VendorPort['ask']>[0], 'method' | 'path'> = {},
) => (await port.ask({ ...more, method: 'GET', path })).body

const everybody = (port: VendorPort, given: Given): string | undefined =>
  given.user ?? (port.principalOf(['company', 'user']) === 'company' ? 'ALL' : undefined)

const listOf = (port: VendorPort, id: string): Promise<ItemList> =>
  port.remember(`list/${id}`, keptSeconds, async () => {
    const body = await ask(port, `/list/v4/lists/${encodeURIComponent(id)}`, {
      scopes: ['spend.list.read', 'LIST'],
    })
    return { id, name: text(isRecord(body) ? body : undefined, 'value') ?? id }
  })

/** The lists of the fields of a report's header, by the names of v4. */
const listsOfReport = (port: VendorPort, reportId: string): Promise<Record<string, string>> =>
  port.remember(`form-fields/${reportId}`, keptSeconds, async () => {
    const path = `/expensereports/v4/reports/${encodeURIComponent(reportId)}/formFields`
    const body = await ask(port, path, { scopes: expenseScopes })
    return Object.fromEntries(
      rowsOf(body, 'formFields').flatMap((field): [string, string][] => {
        const [id, listId] = [text(field, 'id'), text(field, 'listId')]
        return id === undefined || listId === undefined ? [] : [[id, listId]]
      }),
    )
  })

/** The report itself; for one that was not made, another of the same people. */
const someReport = async (port: VendorPort, given: Given): Promise<string | undefined> => {
  const query = { user: everybody(port, given), limit: '1' }
  const body = await ask(port, '/api/v3.0/expense/reports', { ...v3, query })
  return text(rowsOf(body, 'Items')[0], 'ID')
}

const ofHeader = async (port: VendorPort, name: string, given: Given, row?: JsonObject) => {
  const reportId = text(row, 'ID') ?? (await someReport(port, given))
  const id = reportId === undefined ? undefined : (await listsOfReport(port, reportId))[camel(name)]
  return id === undefined ? [] : [await listOf(port, id)]
}

/** An expense whose field holds an item: of the same form, on the same report if there is one. */
const sampleOf = async (
  port: VendorPort,
  name: string,
  given: Given,
  row: JsonObject,
): Promise<JsonObject | undefined> => {
  const [reportID, form] = [text(row, 'ReportID'), text(row, 'FormID')]
  const holds = (entry: JsonObject): boolean => {
    const slot = entry[name]
    const isItem = isRecord(slot) && text(slot, 'ListItemID') !== undefined
    return isItem && (form === undefined || entry.FormID === form)
  }
  for (const on of reportID === undefined ? [undefined] : [reportID, undefined]) {
    const query = { reportID: on, user: everybody(port, given), limit: '100' }
    const body = await ask(port, '/api/v3.0/expense/entries', { ...v3, query })
    const found = rowsOf(body, 'Items').find(holds)
    if (found !== undefined) return found
  }
  return undefined
}

/** The id that v4 gives of the item in a field of an expense. */
const itemIdOf = async (port: VendorPort, name: string, entry: JsonObject): Promise<string | undefined> => {
  const reportId = text(entry, 'ReportID') ?? ''
  const given = {
    reportId,
    ...(text(entry, 'ReportOwnerID') === undefined ? {} : { user: text(entry, 'ReportOwnerID') ?? '' }),
  }
  const principals = ['company', 'user'] as const
  const userId = await port.place('userId', given, port.principalOf(principals))
  const path = `/expensereports/v4/users/${userId}/context/TRAVELER/reports/${reportId}/expenses/${text(entry, 'ExpenseID') ?? ''}`
  const body = await ask(port, path, { principals, scopes: expenseScopes })
  const slots = rowsOf(body, 'customData')
  return text(
    slots.find((slot) => slot.id === camel(name)),
    'value',
  )
}

const ofExpense = async (port: VendorPort, name: string, given: Given, row: JsonObject) => {
  const ids = await port.remember(
    `slot/${text(row, 'FormID') ?? ''}/${name}`,
    keptSeconds,
    async (): Promise<readonly string[]> => {
      const sample = await sampleOf(port, name, given, row)
      const itemId = sample === undefined ? undefined : await itemIdOf(port, name, sample)
      if (itemId === undefined) return []
      const item = await ask(port, `/list/v4/items/${encodeURIComponent(itemId)}`, {
        scopes: ['spend.listitem.read', 'LIST'],
      })
      return rowsOf(item, 'lists').flatMap((list) => text(list, 'id') ?? [])
    },
  )
  return Promise.all(ids.map((id) => listOf(port, id)))
}

/**
 * The lists that a field may choose from; several where the known item is shared by them; none: it is not known.
 * @param row the row as it is; without it (it was not made) what is known of it.
 */
export const listsOfSlot = (
  port: VendorPort,
  kind: 'header' | 'expense',
  name: string,
  given: Given,
  row: JsonObject | undefined,
): Promise<readonly ItemList[]> =>
  kind === 'header' ? ofHeader(port, name, given, row) : ofExpense(port, name, given, row ?? {})

/**
 * The item of a list with that code.
 * @param under the item above it, on a connected list.
 * @returns its id; undefined: there is none.
 */
export const itemWithCode = async (
  port: VendorPort,
  list: ItemList,
  code: string,
  under: string | undefined,
): Promise<string | undefined> => {
  const above = under === undefined ? '' : `/items/${encodeURIComponent(under)}`
  const body = await ask(port, `/list/v4/lists/${encodeURIComponent(list.id)}${above}/children`, {
    query: { shortCode: `eq:${code}` },
    scopes: ['spend.listitem.read', 'LIST'],
  })
  const found = rowsOf(body, 'content').find(
    (item) => item.isDeleted !== true && text(item, 'shortCode')?.toLowerCase() === code.toLowerCase(),
  )
  return text(found, 'id')
}
