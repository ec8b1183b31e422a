import { type Given, isRecord, type Json, type JsonObject, type VendorPort } from '#src/element/index.ts'
import { ifStillThere, rowsIn, textOf } from './lookups.ts'
import { levelName, levels } from './resources/item-rows.ts'

/**
 * Ids of v3 of list items, out of Lists v3 and List Items v3 (deprecated 2021-04-16): what an expense of v3 takes for a
 * list item. The two generations name the same list alike, and lists have no name twice; an item is found by its codes.
 * Source: SAP Concur, Lists v3 and List Items v3 (spec/concur.md 3.5 and 8.3), compared 2026-08.
 */

const keptSeconds = 600
const scopes = ['LIST'] as const
/** Of 100 lists each. */
const mostPages = 20

const offsetIn = (body: Json | undefined): string | undefined => {
  const next = isRecord(body) ? textOf(body, 'NextPage') : undefined
  return next === undefined ? undefined : (new URLSearchParams(next.split('?')[1]).get('offset') ?? undefined)
}

const nameOf = async (port: VendorPort, listId: string): Promise<string | undefined> => {
  const path = `/list/v4/lists/${encodeURIComponent(listId)}`
  const { body } = await port.ask({ method: 'GET', path, scopes: ['spend.list.read', ...scopes] })
  return isRecord(body) ? textOf(body, 'value') : undefined
}

/** The id of v3 of a list; null: it has none that is told. */
const listIdOf = (port: VendorPort, listId: string): Promise<string | null> =>
  port.remember(`list-v3/${listId}`, keptSeconds, async () => {
    const name = await ifStillThere(() => nameOf(port, listId))
    if (name === undefined) return null
    let offset: string | undefined
    for (let page = 1; page <= mostPages; page += 1) {
      const query = { limit: '100', offset }
      const reply = await ifStillThere(() =>
        port.ask({ method: 'GET', path: '/api/v3.0/common/lists', query, scopes }),
      )
      const found = rowsIn(reply?.body, 'Items').find((list) => list.Name === name)
      offset = offsetIn(reply?.body)
      if (found !== undefined || offset === undefined) return textOf(found, 'ID') ?? null
    }
    return null
  })

const codesOf = (row: JsonObject): Given =>
  Object.fromEntries(
    levels.flatMap((level): [string, string][] => {
      const code = textOf(row, levelName(level))
      return code === undefined ? [] : [[levelName(level), code]]
    }),
  )

const hasCodes = (row: JsonObject, codes: Given): boolean =>
  levels.every((level) => (textOf(row, levelName(level)) ?? '') === (codes[levelName(level)] ?? ''))

/** `Level1Code` as the parameter is called: `level1Code`. */
const asParams = (codes: Given): Given =>
  Object.fromEntries(Object.entries(codes).map(([name, code]) => [`l${name.slice(1)}`, code]))

/**
 * The id of v3 of an item; undefined where SAP Concur gives none any more.
 * @param row the item with the names of v3.
 * @throws AppError on a failure that may pass.
 */
export const listItemIdOf = async (port: VendorPort, row: JsonObject): Promise<string | undefined> => {
  const [id, list] = [textOf(row, 'ID'), textOf(row, 'ListID')]
  if (id === undefined || list === undefined) return undefined
  const codes = codesOf(row)
  const key = `item-v3/${list}/${id}/${JSON.stringify(codes)}`
  const found = await port.remember(key, keptSeconds, async () => {
    const listId = await listIdOf(port, list)
    if (listId === null) return null
    const reply = await ifStillThere(() =>
      port.ask({
        method: 'GET',
        path: '/api/v3.0/common/listitems',
        query: { listId, name: textOf(row, 'Name'), ...asParams(codes), limit: '100' },
        scopes,
      }),
    )
    const item = rowsIn(reply?.body, 'Items').find((one) => hasCodes(one, codes))
    return textOf(item, 'ID') ?? null
  })
  return found ?? undefined
}
