import { Refused } from '../errors.ts'
import type { Ask, Operation, Sandbox } from '../operation.ts'
import { companyOf } from '../owner.ts'
import { textParam } from '../params.ts'
import type { Reply } from '../reply.ts'
import { v3Page } from '../v3-page.ts'
import { type Location, locationByNameId, locationByV3Id, locations } from './place-data.ts'

/** Locations v3. Decided here: texts match their beginning, without regard to case. Follows: developer.concur.com, Locations v3. Verified: 2026-08 */
const path = '/api/v3.0/common/locations'

const rowOf = (location: Location, baseUrl: string) => ({
  ID: location.v3Id,
  Name: location.name,
  Country: location.country,
  CountrySubdivision: location.subdivision,
  AdministrativeRegion: location.region?.name ?? null,
  IATACode: location.iata,
  IsAirport: location.iata !== null,
  IsBookingTool: location.iata !== null,
  Latitude: location.latitude,
  Longitude: location.longitude,
  LocationNameId: location.nameId,
  URI: `${baseUrl}${path}/${encodeURIComponent(location.v3Id)}`,
})

const list = (_: Sandbox, ask: Ask): Reply => {
  companyOf(ask)
  const tests = (
    [
      ['name', (location: Location) => location.name],
      ['city', (location: Location) => location.city],
      ['country', (location: Location) => location.country],
      ['countrySubdivision', (location: Location) => location.subdivision ?? ''],
      ['administrativeRegion', (location: Location) => location.region?.name ?? ''],
    ] as const
  ).flatMap(([name, read]) => {
    const wanted = textParam(ask.query, name)?.toLowerCase()
    return wanted === undefined ? [] : [(each: Location) => read(each).toLowerCase().startsWith(wanted)]
  })
  const rows = locations.filter((location) => tests.every((test) => test(location)))
  return v3Page(ask, rows, (row) => rowOf(row, ask.baseUrl), { root: 'Locations', item: 'Location' })
}

/** By its id, or by the UUID of its name, as the specification of the page has it. */
const get = (_: Sandbox, ask: Ask): Reply => {
  companyOf(ask)
  const id = ask.params['id'] ?? ''
  const location = locationByV3Id(id) ?? locationByNameId(id)
  if (location === undefined) throw new Refused(404, 'The location was not found')
  return { status: 200, body: rowOf(location, ask.baseUrl), xml: { root: 'Location' } }
}

const shared = {
  family: 'v3',
  access: 'bearer',
  method: 'GET',
  scope: /^(?:LIST|CONFIG|locality\.read)$/,
  follows: 'Locations v3',
  deprecated: { warning: 'Deprecated API: use Localities v5 instead', sunsetAt: Date.UTC(2026, 9, 10) },
} as const

export const locationV3Operations: readonly Operation[] = [
  { ...shared, name: 'locations-v3.list', path, run: list },
  { ...shared, name: 'locations-v3.get', path: `${path}/{id}`, run: get },
]
