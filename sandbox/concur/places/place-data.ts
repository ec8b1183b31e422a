import { uuidOf } from '../ids.ts'
import { places } from '../words.ts'

/** Where expenses happen: the cities of the seed, each with an airport. The same in both companies. */
export interface Location {
  readonly id: string
  readonly nameId: string
  readonly v3Id: string
  /** The vendor's own. */
  readonly code: string
  readonly legacyKey: number
  readonly name: string
  readonly city: string
  readonly country: string
  readonly subdivision: string | null
  readonly region: Region | null
  readonly latitude: number
  readonly longitude: number
  readonly iata: string | null
}
export interface Region {
  readonly id: string
  readonly name: string
  readonly country: string
  readonly subdivision: string
}
export interface Country {
  readonly code: string
  readonly alpha3: string
  readonly number: number
  readonly name: string
  readonly currency: string
  readonly distance: 'MILE' | 'KILOMETER'
}

const countryFacts: Readonly<Record<string, readonly [alpha3: string, number: number, name: string]>> = {
  US: ['USA', 840, 'United States'],
  DE: ['DEU', 276, 'Germany'],
  FR: ['FRA', 250, 'France'],
  GB: ['GBR', 826, 'United Kingdom'],
  CA: ['CAN', 124, 'Canada'],
  JP: ['JPN', 392, 'Japan'],
  IN: ['IND', 356, 'India'],
  AU: ['AUS', 36, 'Australia'],
}
export const countries: readonly Country[] = places.map(({ country, currency }) => {
  const [alpha3, number, name] = countryFacts[country] ?? ['', 0, country]
  const distance = country === 'US' || country === 'GB' ? 'MILE' : 'KILOMETER'
  return { code: country, alpha3, number, name, currency, distance }
})
export const countryByCode = (code: string): Country | undefined =>
  countries.find((country) => country.code === code.toUpperCase())

/** Names of subdivisions, for those that a city of the seed lies in. */
export const subdivisionNames: Readonly<Record<string, string>> = {
  ...{ 'US-WA': 'Washington', 'US-MA': 'Massachusetts', 'US-IL': 'Illinois', 'US-TX': 'Texas' },
  ...{ 'DE-BY': 'Bavaria', 'DE-HH': 'Hamburg', 'DE-NW': 'North Rhine-Westphalia' },
  ...{ 'CA-BC': 'British Columbia', 'CA-ON': 'Ontario', 'JP-27': 'Osaka', 'JP-13': 'Tokyo' },
  ...{ 'IN-MH': 'Maharashtra', 'IN-KA': 'Karnataka', 'AU-NSW': 'New South Wales' },
  'AU-WA': 'Western Australia',
}

/** Latitude, longitude, the airport's code, and the county where there is one. */
const facts: Readonly<Record<string, readonly [number, number, string, string?]>> = {
  ...{ Seattle: [47.61, -122.33, 'SEA', 'King County'], Boston: [42.36, -71.06, 'BOS', 'Suffolk County'] },
  ...{ Chicago: [41.88, -87.63, 'ORD', 'Cook County'], Austin: [30.27, -97.74, 'AUS', 'Travis County'] },
  ...{ Munich: [48.14, 11.58, 'MUC'], Hamburg: [53.55, 9.99, 'HAM'], Cologne: [50.94, 6.96, 'CGN'] },
  ...{ Lyon: [45.76, 4.84, 'LYS'], Nantes: [47.22, -1.55, 'NTE'], Paris: [48.86, 2.35, 'CDG'] },
  ...{ Leeds: [53.8, -1.55, 'LBA'], Bristol: [51.45, -2.59, 'BRS'], London: [51.51, -0.13, 'LHR'] },
  ...{ Vancouver: [49.28, -123.12, 'YVR'], Toronto: [43.65, -79.38, 'YYZ'] },
  ...{ Osaka: [34.69, 135.5, 'KIX'], Tokyo: [35.68, 139.69, 'NRT'], Pune: [18.52, 73.86, 'PNQ'] },
  ...{ Bengaluru: [12.97, 77.59, 'BLR'], Sydney: [-33.87, 151.21, 'SYD'], Perth: [-31.95, 115.86, 'PER'] },
}

const regionOf = (city: string, country: string, subdivision: string | null): Region | null => {
  const name = facts[city]?.[3]
  if (name === undefined || subdivision === null) return null
  return { id: uuidOf(`region:${name}`), name, country, subdivision }
}

export const locations: readonly Location[] = places
  .flatMap(({ country, cities }) => cities.map(([city, subdivision]) => ({ country, city, subdivision })))
  .flatMap(({ country, city, subdivision }, at): Location[] => {
    const [latitude, longitude, iata] = facts[city] ?? [0, 0, '']
    const region = regionOf(city, country, subdivision)
    const shared = { city, country, subdivision, region, latitude, longitude }
    const airport = `${city} Airport`
    return [
      {
        ...{ ...shared, id: uuidOf(`location:${city}`), nameId: uuidOf(`location-name:${city}`) },
        ...{ v3Id: `gW$pLocation${city}`, code: `${country}${iata}` },
        ...{ legacyKey: 5000 + 2 * at, name: city, iata: null },
      },
      {
        ...{ ...shared, id: uuidOf(`location:${airport}`), nameId: uuidOf(`location-name:${airport}`) },
        ...{
          v3Id: `gW$pAirport${city}`,
          code: `${country}${iata}X`,
          legacyKey: 5001 + 2 * at,
          name: airport,
          iata,
        },
      },
    ]
  })

export const locationByV3Id = (id: string): Location | undefined =>
  locations.find((location) => location.v3Id === id)
export const locationByNameId = (id: string): Location | undefined =>
  locations.find((location) => location.nameId === id.toLowerCase())
/** As entries name it: the city, and the last part of its subdivision's code. */
export const shownName = ({ name, subdivision }: Location): string =>
  subdivision === null ? name : `${name}, ${subdivision.slice(3)}`

export const regions: readonly Region[] = locations.flatMap(({ region, iata }) =>
  region === null || iata !== null ? [] : [region],
)
