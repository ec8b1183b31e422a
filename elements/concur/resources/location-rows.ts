import { isRecord, type JsonObject } from '#src/element/index.ts'
import { rowsIn, textOf } from '../lookups.ts'

/** The name in English, else the first: a place has one per language. */
const nameIn = (names: readonly JsonObject[]): JsonObject | undefined =>
  names.find((name) => textOf(name, 'langCode')?.startsWith('en')) ?? names[0]

const inside = (row: JsonObject, name: string): JsonObject => {
  const value = row[name]
  return isRecord(value) ? value : {}
}

/**
 * A place of v5 with the field names of v3; what v3 had no field for stays under its own name.
 * @param nameId the name that is meant, of those that the place has.
 */
export const locationRow = ({ id, ...place }: JsonObject, nameId?: string): JsonObject => {
  const names = rowsIn(place, 'names')
  const name = names.find((one) => textOf(one, 'id')?.toLowerCase() === nameId) ?? nameIn(names)
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
