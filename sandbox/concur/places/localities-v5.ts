import { Refused } from '../errors.ts'
import type { Ask, Operation, Sandbox } from '../operation.ts'
import { companyOf } from '../owner.ts'
import { textParam } from '../params.ts'
import type { Reply } from '../reply.ts'
import {
  type Country,
  countries,
  countryByCode,
  type Location,
  locations,
  type Region,
  regions,
  subdivisionNames,
} from './place-data.ts'

/**
 * Localities v5: no paging, no list of all locations. Decided here: a search text is found anywhere in a
 * name, without regard to case; lists stand under `countries`, `subdivisions`, `adminRegions`, as
 * `locations` does in the page.
 * Follows: developer.concur.com, Localities v5. Verified: 2026-08
 */
const path = '/localities/v5'
const self = (ask: Ask, rest: string) => [{ rel: 'self', href: `${ask.baseUrl}${path}/${rest}` }]
const named = (name: string) => [{ name, langCode: 'en' }]

const countryRow = (ask: Ask, country: Country) => ({
  code: country.code,
  active: true,
  numCode: country.number,
  alpha3Code: country.alpha3,
  distanceUnitCode: country.distance,
  names: named(country.name),
  currencies: [{ code: country.currency }],
  links: self(ask, `countries/${country.code}`),
})

const subdivisionRow = (ask: Ask, code: string) => ({
  code,
  active: true,
  names: named(subdivisionNames[code] ?? code),
  countryCode: code.slice(0, 2),
  links: [
    ...self(ask, `subdivisions/${code}`),
    { rel: 'country', href: `${ask.baseUrl}${path}/countries/${code.slice(0, 2)}` },
  ],
})

const regionRow = (ask: Ask, region: Region) => ({
  id: region.id,
  active: true,
  names: named(region.name),
  country: { code: region.country, links: self(ask, `countries/${region.country}`) },
  subDivision: { code: region.subdivision, links: self(ask, `subdivisions/${region.subdivision}`) },
  links: self(ask, `adminRegions/${region.id}`),
})

const locationRow = (ask: Ask, location: Location) => ({
  legacyKey: location.legacyKey,
  code: location.code,
  id: location.id,
  timeZoneOffset: Math.round(location.longitude / 15) * 60,
  active: true,
  point: { latitude: location.latitude, longitude: location.longitude },
  names: [
    {
      ...{ id: location.nameId, name: location.name, legacyKey: location.legacyKey + 100 },
      ...{ active: true, langCode: 'en' },
    },
  ],
  ...(location.region === null
    ? {}
    : {
        administrativeRegion: {
          ...{ id: location.region.id, names: named(location.region.name), countryCode: location.country },
          ...{ subDivCode: location.subdivision, links: self(ask, `adminRegions/${location.region.id}`) },
        },
      }),
  country: {
    code: location.country,
    names: named(countryByCode(location.country)?.name ?? location.country),
    links: self(ask, `countries/${location.country}`),
  },
  ...(location.subdivision === null
    ? {}
    : {
        subDivision: {
          code: location.subdivision,
          names: named(subdivisionNames[location.subdivision] ?? location.subdivision),
          links: self(ask, `subdivisions/${location.subdivision}`),
        },
      }),
  links: self(ask, `locations/${location.id}`),
})

const one = <Row>(row: Row | undefined, what: string): Row => {
  if (row === undefined) throw new Refused(404, `The ${what} was not found`)
  return row
}

const keys = ['locationNameKey', 'locationNameId', 'locCode', 'searchText'] as const
const finds: Readonly<Record<(typeof keys)[number], (location: Location, text: string) => boolean>> = {
  locationNameKey: (location, text) => String(location.legacyKey + 100) === text,
  locationNameId: (location, text) => location.nameId === text.toLowerCase(),
  locCode: (location, text) => location.code === text.toUpperCase(),
  searchText: (location, text) => location.name.toLowerCase().includes(text.toLowerCase()),
}

const search = (ask: Ask): readonly Location[] => {
  const given = keys.filter((key) => textParam(ask.query, key) !== undefined)
  const [key] = given
  if (key === undefined || given.length > 1) throw new Refused(400, `exactly one of ${keys.join(', ')}`)
  const [country, subdivision, region] = ['countryCode', 'subdivisionCode', 'adminRegionId'].map((name) =>
    textParam(ask.query, name),
  )
  if (key !== 'searchText' && [country, subdivision, region].some((text) => text !== undefined)) {
    throw new Refused(400, 'countryCode, subdivisionCode and adminRegionId go with searchText only')
  }
  const text = textParam(ask.query, key) ?? ''
  return locations.filter(
    (location) =>
      finds[key](location, text) &&
      (country === undefined || location.country === country) &&
      (subdivision === undefined || location.subdivision === subdivision) &&
      (region === undefined || location.region?.id === region),
  )
}

const required = (ask: Ask, name: string): string => {
  const text = textParam(ask.query, name)
  if (text === undefined) throw new Refused(400, `${name} is required`)
  return text
}

type Read = (ask: Ask) => unknown
const reads: readonly (readonly [name: string, rest: string, read: Read])[] = [
  ['countries', 'countries', (ask) => ({ countries: countries.map((row) => countryRow(ask, row)) })],
  [
    'country',
    'countries/{id}',
    (ask) => countryRow(ask, one(countryByCode(ask.params['id'] ?? ''), 'country')),
  ],
  [
    'subdivisions',
    'subdivisions',
    (ask) => {
      const country = required(ask, 'countryCode')
      const codes = Object.keys(subdivisionNames).filter((code) => code.startsWith(`${country}-`))
      return { subdivisions: codes.map((code) => subdivisionRow(ask, code)) }
    },
  ],
  [
    'subdivision',
    'subdivisions/{id}',
    (ask) => {
      const code = Object.keys(subdivisionNames).find((each) => each === ask.params['id'])
      return subdivisionRow(ask, one(code, 'subdivision'))
    },
  ],
  [
    'admin-regions',
    'adminRegions',
    (ask) => {
      const [country, subdivision] = [required(ask, 'countryCode'), required(ask, 'subdivisionCode')]
      const rows = regions.filter((row) => row.country === country && row.subdivision === subdivision)
      return { adminRegions: rows.map((row) => regionRow(ask, row)) }
    },
  ],
  [
    'admin-region',
    'adminRegions/{id}',
    (ask) =>
      regionRow(
        ask,
        one(
          regions.find((row) => row.id === ask.params['id']),
          'region',
        ),
      ),
  ],
  ['locations', 'locations', (ask) => ({ locations: search(ask).map((row) => locationRow(ask, row)) })],
  [
    'location',
    'locations/{id}',
    (ask) =>
      locationRow(
        ask,
        one(
          locations.find((row) => row.id === ask.params['id']),
          'location',
        ),
      ),
  ],
]

export const localityOperations: readonly Operation[] = reads.map(([name, rest, read]) => ({
  ...{ name: `localities.${name}`, follows: 'Localities v5', method: 'GET', path: `${path}/${rest}` },
  ...{ family: 'v4', access: 'bearer', scope: /^(?:locality\.read|LIST)$/ },
  run: (_: Sandbox, ask: Ask): Reply => {
    companyOf(ask)
    return { status: 200, body: read(ask) }
  },
}))
