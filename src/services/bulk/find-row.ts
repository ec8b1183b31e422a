import { printWhere } from '#src/ceql/index.ts'
import type { Resource } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { isJsonObject, type JsonObject } from '#src/lib/json.ts'
import { beginning, type HubCall, nameOf, seenNames, vendorNames } from '../objects/index.ts'
import { valueAt } from './convert.ts'
import type { BulkNeed } from './need.ts'
import type { UploadCriteria } from './upload-asked.ts'

/** What is said to find a row by; undefined: nothing. */
export type Found = string | number | boolean | undefined

/** The field that tells which row is meant, as the file names it. */
export const identifierOf = (resource: Resource, { identifier }: UploadCriteria): string =>
  identifier ?? seenNames(resource, [resource.key])[0] ?? resource.key

const shown = (found: Found): string => `'${String(found).slice(0, 64)}'`

/** Finds the rows of a vendor that rows of a file are about. */
export const createFindRow = (
  { objects }: Pick<BulkNeed, 'objects'>,
  call: HubCall,
  resource: Resource,
  criteria: UploadCriteria,
) => {
  const said = identifierOf(resource, criteria)
  const name =
    criteria.identifier === null
      ? resource.key
      : vendorNames(resource).field('identifierFieldName', criteria.identifier)
  const isKeyName = (field: string): boolean => field === resource.key || field === 'id'
  const byKey = isKeyName(name)
  const isNumber = resource.fields[name]?.type === 'number'

  const whereIs = (value: NonNullable<Found>): string =>
    printWhere({
      kind: 'comparison',
      field: name,
      operator: '=',
      value:
        isNumber && typeof value === 'number'
          ? { kind: 'number', value, text: String(value) }
          : { kind: 'string', value: String(value) },
      position: 1,
    })

  /** Ids of rows that have this value, two at most. */
  const look = async (value: NonNullable<Found>): Promise<readonly string[]> => {
    const ids: string[] = []
    const search = { where: whereIs(value), given: criteria.given, pageSize: 100 }
    for await (const { rows } of objects.pages(call, resource, search, beginning)) {
      ids.push(...rows.filter(isJsonObject).map((row) => String(row['id'] ?? row[resource.key])))
      if (ids.length > 1) break
    }
    return ids.slice(0, 2)
  }

  return {
    /** Whether a row is found by its key, so that no other can be meant. */
    byKey,
    isKeyName,
    /** What a row in the vendor's names says to be found by. */
    foundIn: (record: JsonObject): Found =>
      valueAt(record, name) ?? (byKey ? valueAt(record, 'id') : undefined),
    look,
    /** The id of the one row that is meant; undefined: there is none. @throws AppError where there are several. */
    idOf: async (found: Found): Promise<string | undefined> => {
      if (found === undefined) return undefined
      if (byKey) return String(found)
      const ids = await look(found)
      if (ids.length < 2) return ids[0]
      throw new AppError(
        'bad-request',
        `${said}: more than one row of ${nameOf(resource)} has ${shown(found)}. Name a field that tells one.`,
      )
    },
    /** What a row is told that means none. */
    none: (found: Found): AppError =>
      new AppError(
        'bad-request',
        found === undefined
          ? `${said}: it is empty, so it tells no row to ${criteria.action}.`
          : `${said}: no row of ${nameOf(resource)} has ${shown(found)}.`,
      ),
  }
}
