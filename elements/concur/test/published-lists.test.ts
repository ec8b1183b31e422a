import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { toHubRow } from '#src/engine/rows.ts'
import { isJsonObject, type Json, type JsonObject } from '#src/lib/json.ts'
import { concur } from '../index.ts'
import { itemRow } from '../resources/item-rows.ts'
import { locationRow } from '../resources/location-rows.ts'

/** SAP's published specifications and payloads: data of third parties, beside the project, never in it. */
const above = join(import.meta.dirname, '..', '..', '..')
/** Built tests lie one folder deeper. */
const root = above.endsWith('dist') ? join(above, '..') : above
const openapi = join(root, '..', 'shared', 'concur-openapi', 'v3-0')
const samples = join(root, '..', 'shared', 'concur-samples')
const here = existsSync(openapi) && existsSync(samples)
if (!here) process.stdout.write("skipped: SAP Concur's published specifications are not beside the project\n")

interface Property {
  readonly type?: string
}
interface Swagger {
  readonly definitions: Readonly<Record<string, { readonly properties: Readonly<Record<string, Property>> }>>
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly parameters: readonly { readonly name: string }[] }>>>
  >
}

const read = <T>(...path: string[]): T => JSON.parse(readFileSync(join(...path), 'utf8')) as T

const resources = concur({}).resources

/** The rows of a folder's samples: each object that has the field. */
const rowsWith = (folder: string, names: readonly string[], field: string): readonly JsonObject[] =>
  readdirSync(join(samples, folder))
    .filter((file) => file.endsWith('.json'))
    .map((file) => read<Json>(samples, folder, file))
    .flatMap((one): readonly Json[] => {
      const inner = isJsonObject(one) ? names.map((name) => one[name]).find(Array.isArray) : one
      return Array.isArray(inner) ? (inner as readonly Json[]) : [one]
    })
    .filter(isJsonObject)
    .filter((row) => typeof row.id === 'string' && field in row)

/** Every text, number and truth value inside. */
const leaves = (value: Json): readonly unknown[] => {
  if (Array.isArray(value)) return value.flatMap((inner: Json) => leaves(inner))
  return isJsonObject(value) ? Object.values(value).flatMap(leaves) : value === null ? [] : [value]
}

describe.runIf(here)('what SAP Concur published of lists and places', () => {
  it.each([
    ['lists', 'Lists', 'ListGet', '/common/lists'],
    ['items', 'ListItems', 'ListItemGet', '/common/listitems'],
    ['locations', 'Locations', 'Location', '/common/locations'],
    [
      'expense-group-configurations',
      'ExpenseGroupConfigurations',
      'ExpenseGroupConfiguration',
      '/expense/expensegroupconfigurations',
    ],
    ['users', 'Users', 'User', '/common/users'],
  ])('has every field and search name of %s on v3, and no other', (name, file, definition, path) => {
    const spec = read<Swagger>(openapi, `${file}.swagger2.json`)
    const older = resources[name]?.generations?.v3
    const readable = Object.entries(older?.fields ?? {}).filter(
      ([, { access }]) => !['write-only', 'change-only'].includes(access),
    )
    expect(readable.map(([field]) => field).sort()).toEqual(
      Object.keys(spec.definitions[definition]?.properties ?? {}).sort(),
    )
    const known = (spec.paths[path]?.get?.parameters ?? []).map((parameter) => parameter.name)
    const paging = ['limit', 'offset']
    expect([...(older?.filters ?? []).map(({ param }) => param), ...paging].sort()).toEqual([...known].sort())
  })

  it.each([
    ['lists', 'Lists', 'List'],
    ['items', 'ListItems', 'ListItem'],
  ])('takes every field that %s write on v3', (name, file, stem) => {
    const spec = read<Swagger>(openapi, `${file}.swagger2.json`)
    const fields = Object.entries(resources[name]?.generations?.v3?.fields ?? {})
    const properties = (verb: string) => Object.keys(spec.definitions[`${stem}${verb}`]?.properties ?? {})
    const sent = (kinds: readonly string[]) =>
      fields.filter(([, { access }]) => kinds.includes(access)).map(([field]) => field)
    expect(sent(['write', 'once']).sort()).toEqual(properties('Post').sort())
    expect(sent(['write', 'write-only', 'change-only']).sort()).toEqual(properties('Put').sort())
  })

  it('samples of lists come out with all that they hold, under the names of v3', () => {
    const rows = rowsWith('common-lists-v4.list', ['content'], 'displayFormat')
    expect(rows.length).toBeGreaterThan(3)
    for (const row of rows) {
      const shown = toHubRow(resources.lists as NonNullable<(typeof resources)['lists']>, row)
      expect(shown).toMatchObject({
        ...{ ID: row.id, Name: row.value, SearchCriteriaCode: row.searchCriteria },
        DisplayCodeFirst: row.displayFormat === '(CODE) TEXT',
        IsVendorList: isJsonObject(row.category) && row.category.type === 'Vendor',
      })
      const { displayFormat: _shownAsBoolean, ...rest } = row
      expect(leaves(shown)).toEqual(expect.arrayContaining([...leaves(rest)]))
    }
  })

  it('samples of items come out with all that they hold, under the names of v3', () => {
    const rows = rowsWith('common-list-item-v4.list-item', ['content'], 'shortCode')
    expect(rows.length).toBeGreaterThan(1)
    for (const row of rows) {
      const codes = String(row.code).split('-')
      const shown = itemRow(row, 'list', codes)
      expect(shown).toMatchObject({ ID: row.id, Name: row.value, ParentID: row.parentId })
      expect(shown[`Level${String(row.level)}Code`]).toBe(row.shortCode)
      expect(leaves(shown)).toEqual(expect.arrayContaining([...leaves(row)]))
    }
  })

  it('samples of places come out with all that they hold, under the names of v3', () => {
    const rows = rowsWith('common-locations-v5.localities', ['locations'], 'point')
    expect(rows.length).toBeGreaterThan(1)
    for (const row of rows) {
      const shown = locationRow(row)
      const at = (...path: string[]): unknown =>
        path.reduce<unknown>((value, name) => (value as Record<string, unknown>)[name], row)
      expect(shown).toMatchObject({
        ...{ LocationNameId: at('names', '0', 'id'), Name: at('names', '0', 'name') },
        ...{ Country: at('country', 'code'), CountrySubdivision: at('subDivision', 'code') },
        AdministrativeRegion: at('administrativeRegion', 'names', '0', 'name'),
        ...{ Latitude: at('point', 'latitude'), Longitude: at('point', 'longitude') },
      })
      expect(leaves(shown)).toEqual(expect.arrayContaining([...leaves(row)]))
      const names = [...(row.names as Json[]), { id: 'AB', name: 'München', langCode: 'de' }]
      expect(locationRow({ ...row, names }, 'ab')).toMatchObject({ LocationNameId: 'AB', Name: 'München' })
    }
  })
})
