import {
  badInput,
  type Given,
  type JsonObject,
  type Resource,
  type Shows,
  type VendorPort,
} from '#src/element/index.ts'
import { locationIds, nameIdOf } from '../location-ids.ts'
import { rowsIn, textOf } from '../lookups.ts'
import { boolean, number, object, text } from './fields.ts'
import { equals } from './filters.ts'
import { locationRow } from './location-rows.ts'

const path = '/localities/v5/locations'
const old = '/api/v3.0/common/locations'
const scopes = ['locality.read', 'LIST'] as const
const source = 'SAP Concur, Localities v5 (spec/concur.md 3.5 and 8.4), compared 2026-08'
const daySeconds = 86_400

const withIds = async (
  port: VendorPort,
  rows: readonly JsonObject[],
  search: Given,
): Promise<readonly JsonObject[]> => {
  const ids = await locationIds(
    port,
    rows.flatMap((row) => textOf(row, 'LocationNameId') ?? []),
    search,
  )
  return rows.map((row) => {
    const id = ids[textOf(row, 'LocationNameId') ?? '']
    return id === undefined ? row : { ...row, ID: id }
  })
}

/** The id of a region by its name, which v5 takes in place of the name; null: no region is called so. */
const regionId = async (
  port: VendorPort,
  { administrativeRegion, country, countrySubdivision }: Given,
): Promise<string | null | undefined> => {
  const wanted = administrativeRegion?.toLowerCase()
  if (wanted === undefined) return undefined
  if (countrySubdivision === undefined)
    throw badInput(
      "administrativeRegion: name its countrySubdivision beside it, such as 'US-WA': SAP Concur knows regions by that only.",
    )
  const countryCode = country ?? countrySubdivision.split('-')[0] ?? ''
  const key = `region/${countryCode}/${countrySubdivision}/${wanted}`
  return port.remember(key, daySeconds, async () => {
    const { body } = await port.ask({
      method: 'GET',
      path: '/localities/v5/adminRegions',
      query: { countryCode, subdivisionCode: countrySubdivision },
      scopes,
    })
    const region = rowsIn(body, 'adminRegions').find((row) =>
      rowsIn(row, 'names').some((name) => textOf(name, 'name')?.toLowerCase() === wanted),
    )
    return textOf(region, 'id') ?? null
  })
}

/** @throws AppError `bad-request` where there is no text to search, or two. */
const searchTextOf = ({ name, city, Name }: Given): string => {
  const text = name ?? city ?? Name
  if (text === undefined)
    throw badInput(
      'where: name or city is needed: SAP Concur has no call that lists all places. country, countrySubdivision and administrativeRegion narrow it.',
    )
  if (name !== undefined && city !== undefined && name !== city)
    throw badInput('city: name or city, not both: SAP Concur searches one text.')
  return text
}

const search = async (port: VendorPort, filters: Given, shows: Shows): Promise<readonly JsonObject[]> => {
  const searchText = searchTextOf(filters)
  const adminRegionId = await regionId(port, filters)
  if (adminRegionId === null) return []
  const { country, countrySubdivision } = filters
  const { body } = await port.ask({
    method: 'GET',
    path,
    query: { searchText, countryCode: country, subdivisionCode: countrySubdivision, adminRegionId },
    scopes,
  })
  const rows = rowsIn(body, 'locations').map((place) => locationRow(place))
  if (!shows('ID')) return rows
  return withIds(port, rows, {
    [filters.city === undefined ? 'name' : 'city']: searchText,
    ...(country === undefined ? {} : { country }),
    ...(countrySubdivision === undefined ? {} : { countrySubdivision }),
  })
}

const isUuid = (id: string): boolean => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)

/** @param id a LocationNameId; an ID of v3 is taken too, as long as v3 knows it. */
const one = async (port: VendorPort, id: string, shows: Shows): Promise<JsonObject | undefined> => {
  const nameId = isUuid(id) ? id.toLowerCase() : await nameIdOf(port, id)
  if (nameId === undefined) return undefined
  const { body } = await port.ask({ method: 'GET', path, query: { locationNameId: nameId }, scopes })
  const rows = rowsIn(body, 'locations')
    .slice(0, 1)
    .map((place) => locationRow(place, nameId))
  return (shows('ID') ? await withIds(port, rows, {}) : rows)[0]
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
    { ...equals('name'), description: 'Name of the place.' },
    { ...equals('city'), description: 'Name of the city.' },
    equals('country', 'Country'),
    equals('countrySubdivision', 'CountrySubdivision'),
    { ...equals('administrativeRegion'), description: 'Name of the region.' },
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
      run: async (port, { filters, shows }) => ({ rows: await search(port, filters, shows), next: null }),
    },
    retrieve: { ...calls, run: (port, { id, shows }) => one(port, id, shows) },
  },
  page: { kind: 'none' },
  filterStyle: { kind: 'parameters' },
  filters: [
    { ...equals('name'), description: 'Text to search the names of places for; this or city is needed.' },
    { ...equals('city'), description: 'The same as name, for a city.' },
    { ...equals('Name', 'Name'), hidden: true },
    { ...equals('country', 'Country'), description: 'Country, ISO 3166-1 alpha-2.' },
    {
      ...equals('countrySubdivision', 'CountrySubdivision'),
      description: 'State or province, ISO 3166-2, such as US-WA.',
    },
    {
      ...equals('administrativeRegion'),
      description: 'Name of a region, whatever its case; countrySubdivision is needed beside it.',
    },
  ],
  generations: { v3: older },
}
