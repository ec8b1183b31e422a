import {
  badInput,
  type Given,
  isRecord,
  type JsonObject,
  type Resource,
  type VendorPort,
} from '#src/element/index.ts'
import { ifStillThere, inParallel, rowsIn, textOf } from '../lookups.ts'
import { boolean, number, object, text } from './fields.ts'
import { equals } from './filters.ts'

const path = '/localities/v5/locations'
const old = '/api/v3.0/common/locations'
const scopes = ['locality.read', 'LIST'] as const
const source = 'SAP Concur, Localities v5 (spec/concur.md 3.5 and 8.4), compared 2026-08'
const keptSeconds = 600
/** Rows of a search that are looked up one by one on v3, when the search itself did not bring them there. */
const mostSingle = 10

type Ids = Readonly<Record<string, string>>

/** Ids of v3 by LocationNameId, as one search of Locations v3 tells them; null: the API is no more. */
const idsNamed = (port: VendorPort, name: string): Promise<Ids | null> =>
  port.remember(`locations-v3/${name}`, keptSeconds, async () => {
    const reply = await ifStillThere(() =>
      port.ask({ method: 'GET', path: old, query: { name, limit: '100' } }),
    )
    if (reply === undefined) return null
    return Object.fromEntries(
      rowsIn(reply.body, 'Items').flatMap((row): [string, string][] => {
        const [nameId, id] = [textOf(row, 'LocationNameId'), textOf(row, 'ID')]
        return nameId === undefined || id === undefined ? [] : [[nameId.toLowerCase(), id]]
      }),
    )
  })

const nameIdOf = (row: JsonObject): string => String(row.LocationNameId ?? '').toLowerCase()

/**
 * Rows with the id of v3, which LocationID of an expense takes, where Locations v3 (deprecated 2025-10-10) still gives
 * it; else without.
 */
const withIds = async (
  port: VendorPort,
  rows: readonly JsonObject[],
  searchText: string | undefined,
): Promise<readonly JsonObject[]> => {
  const found = searchText === undefined ? {} : await idsNamed(port, searchText)
  if (found === null) return rows
  const ids: Record<string, string> = { ...found }
  const missing = rows.filter((row) => ids[nameIdOf(row)] === undefined).slice(0, mostSingle)
  await inParallel(missing, async (row) => {
    Object.assign(ids, (await idsNamed(port, String(row.Name))) ?? {})
  })
  return rows.map((row) => {
    const id = ids[nameIdOf(row)]
    return id === undefined ? row : { ...row, ID: id }
  })
}

/** The name in English, else the first: rows have one per language. */
const nameIn = (names: readonly JsonObject[]): JsonObject | undefined =>
  names.find(({ langCode }) => textOf({ langCode: langCode ?? null }, 'langCode')?.startsWith('en')) ??
  names[0]

const inside = (row: JsonObject, name: string): JsonObject => {
  const value = row[name]
  return isRecord(value) ? value : {}
}

/** A place of v5 with the field names of v3; what v3 had no field for stays under its own name. */
export const locationRow = ({ id, ...place }: JsonObject): JsonObject => {
  const name = nameIn(rowsIn(place, 'names'))
  const point = inside(place, 'point')
  return {
    LocationNameId: name?.id ?? id ?? null,
    Name: name?.name ?? null,
    Country: inside(place, 'country').code ?? null,
    CountrySubdivision: inside(place, 'subDivision').code ?? null,
    AdministrativeRegion: nameIn(rowsIn(inside(place, 'administrativeRegion'), 'names'))?.name ?? null,
    Latitude: point.latitude ?? null,
    Longitude: point.longitude ?? null,
    locationId: id ?? null,
    ...place,
  }
}

/** The id of a region by its name, which v5 takes in place of the name. */
const regionId = async (port: VendorPort, filters: Given): Promise<string | undefined> => {
  const { administrativeRegion: wanted, country, countrySubdivision } = filters
  if (wanted === undefined) return undefined
  if (country === undefined || countrySubdivision === undefined)
    throw badInput('administrativeRegion: needs country and countrySubdivision beside it.')
  const { body } = await port.ask({
    method: 'GET',
    path: '/localities/v5/adminRegions',
    query: { countryCode: country, subdivisionCode: countrySubdivision },
  })
  const region = rowsIn(body, 'adminRegions').find((row) =>
    rowsIn(row, 'names').some((name) => String(name.name).toLowerCase() === wanted.toLowerCase()),
  )
  // An id that no region has finds nothing, as the name would.
  return textOf(region, 'id') ?? '00000000-0000-0000-0000-000000000000'
}

const search = async (port: VendorPort, filters: Given): Promise<readonly JsonObject[]> => {
  const searchText = filters.name ?? filters.city
  if (searchText === undefined)
    throw badInput(
      'where: name or city is needed: SAP Concur has no call that lists all places. country, countrySubdivision and administrativeRegion narrow it.',
    )
  const { body } = await port.ask({
    method: 'GET',
    path,
    query: {
      searchText,
      countryCode: filters.country,
      subdivisionCode: filters.countrySubdivision,
      adminRegionId: await regionId(port, filters),
    },
  })
  return withIds(port, rowsIn(body, 'locations').map(locationRow), searchText)
}

const one = async (port: VendorPort, id: string): Promise<JsonObject | undefined> => {
  const { body } = await port.ask({ method: 'GET', path, query: { locationNameId: id } })
  const [row] = await withIds(port, rowsIn(body, 'locations').slice(0, 1).map(locationRow), undefined)
  return row
}

const fields = {
  Name: text('read', 'Name of the place.'),
  Country: text('read', 'Country, ISO 3166-1 alpha-2.'),
  CountrySubdivision: text('read', 'State or province, ISO 3166-2.'),
  AdministrativeRegion: text('read', 'Name of the region.'),
  Latitude: number('read', 'Latitude in degrees.'),
  Longitude: number('read', 'Longitude in degrees.'),
  LocationNameId: text('read', 'UUID of the name of the place, on v3 and v5.'),
}

/** On Locations v3, deprecated 2025-10-10. */
const older: Resource = {
  name: 'locations',
  title: 'Locations',
  key: 'ID',
  keepUnknown: true,
  source: 'SAP Concur, Locations v3 (spec/concur.md 3.5), compared 2026-08',
  fields: {
    ID: text('read', 'Id of the place, as LocationID of an expense takes it.'),
    URI: text('read', 'Address of the place at SAP Concur.'),
    ...fields,
    IATACode: text('read', 'Code of the airport, IATA.'),
    IsAirport: boolean('read', 'Whether it is an airport.'),
    IsBookingTool: boolean('read', 'Whether the booking tool uses it.'),
  },
  verbs: {
    search: { method: 'GET', path: old, rows: 'Items', scopes: ['LIST', 'CONFIG'] },
    retrieve: { method: 'GET', path: `${old}/{id}`, scopes: ['LIST', 'CONFIG'] },
  },
  page: { kind: 'next-url', next: 'NextPage', cursorParam: 'offset', sizeParam: 'limit', maxSize: 100 },
  filterStyle: { kind: 'parameters' },
  filters: [
    equals('name'),
    equals('city'),
    equals('country', 'Country'),
    equals('countrySubdivision', 'CountrySubdivision'),
    equals('administrativeRegion'),
  ],
}

const calls = {
  kind: 'coded',
  why: 'Old names and ids are put together from v5 and, where it still answers, v3.',
  path,
  method: 'GET',
  scopes,
} as const

/** Places, with the field names of Locations v3, on Localities v5. Field table: spec/concur.md 8.4. */
export const locations: Resource = {
  name: 'locations',
  title: 'Locations',
  key: 'LocationNameId',
  keepUnknown: true,
  source,
  fields: {
    ID: text(
      'read',
      'Id of v3, which LocationID of an expense takes; absent where SAP Concur gives none any more.',
    ),
    ...fields,
    locationId: text('read', 'UUID of the place on v5.'),
    code: text('read', "SAP Concur's own code of the place, such as DEMUC."),
    legacyKey: number('read', 'Number of the place in older systems.'),
    timeZoneOffset: number('read', 'Offset from UTC in minutes.'),
    active: boolean('read', 'Whether it is in use.'),
    point: object('read', 'Latitude and longitude as v5 gives them.'),
    names: object('read', 'Array: the names by language, each {id, name, langCode}.'),
    country: object('read', 'Country as v5 gives it, {code, names, links}.'),
    subDivision: object('read', 'State or province as v5 gives it.'),
    administrativeRegion: object('read', 'Region as v5 gives it.'),
    links: object('read', 'Array: addresses at SAP Concur.'),
  },
  verbs: {
    search: {
      ...calls,
      run: async (port, { filters }) => ({ rows: await search(port, filters), next: null }),
    },
    retrieve: { ...calls, run: (port, { id }) => one(port, id) },
  },
  page: { kind: 'none' },
  filterStyle: { kind: 'parameters' },
  filters: [
    { ...equals('name'), description: 'Text that the name holds.' },
    { ...equals('city'), description: 'Text that the name holds.' },
    equals('country', 'Country'),
    equals('countrySubdivision', 'CountrySubdivision'),
    equals('administrativeRegion', 'AdministrativeRegion'),
  ],
  generations: { v3: older },
}
