import { type Given, isRecord, type VendorPort } from '#src/element/index.ts'
import { ifStillThere, inParallel, rowsIn, textOf } from './lookups.ts'

/**
 * Ids of v3 of places, out of Locations v3 (deprecated 2025-10-10): what LocationID of an expense takes. The UUID of a
 * place's name, LocationNameId, is the same on v3 and on v5, and v3 gets a place by it.
 * Source: SAP Concur, Locations v3 (spec/concur.md 3.5 and 8.4; specification, GET /common/locations/{id}), compared 2026-08.
 */

const path = '/api/v3.0/common/locations'
const scopes = ['LIST', 'CONFIG'] as const
const keptSeconds = 600
/** Places that are asked for one by one, of those that the search itself did not find on v3. */
const mostSingle = 25

type Ids = Readonly<Record<string, string>>

/** What the same search finds on v3; null: v3 is shut or not allowed. */
const idsFound = (port: VendorPort, search: Given): Promise<Ids | null> =>
  port.remember(`locations-v3/${JSON.stringify(search)}`, keptSeconds, async () => {
    const query = { ...search, limit: '100' }
    const reply = await ifStillThere(() => port.ask({ method: 'GET', path, query, scopes }))
    if (reply === undefined) return null
    return Object.fromEntries(
      rowsIn(reply.body, 'Items').flatMap((row): [string, string][] => {
        const [nameId, id] = [textOf(row, 'LocationNameId'), textOf(row, 'ID')]
        return nameId === undefined || id === undefined ? [] : [[nameId.toLowerCase(), id]]
      }),
    )
  })

/** A place of v3 by either of its ids. */
const placeOf = async (port: VendorPort, id: string) => {
  const reply = await ifStillThere(() =>
    port.ask({ method: 'GET', path: `${path}/${encodeURIComponent(id)}`, scopes }),
  )
  return isRecord(reply?.body) ? reply.body : undefined
}

const idOf = (port: VendorPort, nameId: string): Promise<string | null> =>
  port.remember(
    `location-v3/${nameId}`,
    keptSeconds,
    async () => textOf(await placeOf(port, nameId), 'ID') ?? null,
  )

/** The LocationNameId of a place by its id of v3; undefined: v3 does not tell it. */
export const nameIdOf = async (port: VendorPort, id: string): Promise<string | undefined> =>
  textOf(await placeOf(port, id), 'LocationNameId')?.toLowerCase()

/**
 * Ids of v3 by LocationNameId, where SAP Concur still gives them: with one call for all that the search finds on v3
 * too, and one for each of the first 25 others.
 * @param search how the places were found, by the parameters of v3; empty: each is asked for by itself.
 * @throws AppError on a failure that may pass.
 */
export const locationIds = async (
  port: VendorPort,
  nameIds: readonly string[],
  search: Given,
): Promise<Ids> => {
  const found = Object.keys(search).length === 0 ? {} : await idsFound(port, search)
  if (found === null) return {}
  const missing = nameIds.filter((nameId) => found[nameId.toLowerCase()] === undefined).slice(0, mostSingle)
  const single = await inParallel(missing, async (nameId) => [nameId, await idOf(port, nameId)] as const)
  return Object.fromEntries([
    ...nameIds.flatMap((nameId): [string, string][] => {
      const id = found[nameId.toLowerCase()]
      return id === undefined ? [] : [[nameId, id]]
    }),
    ...single.flatMap(([nameId, id]): [string, string][] => (id === null ? [] : [[nameId, id]])),
  ])
}
