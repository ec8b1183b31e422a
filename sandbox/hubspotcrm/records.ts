import { modifiedName, type ObjectName, properties, shownUnasked } from './properties.ts'

/** A record as it is kept; what HubSpot sets itself stands in fields of its own. */
export interface CrmRecord {
  readonly id: number
  /** Own values, as texts; what has none is absent. */
  readonly values: Readonly<Record<string, string>>
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly updatedAt: number
}

/** A property's value as text; null: it has none. */
export const textOf = (object: ObjectName, record: CrmRecord, name: string): string | null => {
  if (name === 'hs_object_id') return String(record.id)
  if (name === 'createdate') return new Date(record.createdAt).toISOString()
  if (name === modifiedName[object]) return new Date(record.updatedAt).toISOString()
  return record.values[name] ?? null
}

/** A record as a reply shows it: properties that the account has not are passed over. */
export const shownRecord = (object: ObjectName, record: CrmRecord, asked: readonly string[]) => {
  const wanted = asked.length === 0 ? shownUnasked[object] : asked
  const names = [...wanted, 'createdate', modifiedName[object], 'hs_object_id']
  const known = [...new Set(names)].filter((name) => Object.hasOwn(properties[object], name)).sort()
  return {
    id: String(record.id),
    properties: Object.fromEntries(known.map((name) => [name, textOf(object, record, name)])),
    createdAt: new Date(record.createdAt).toISOString(),
    updatedAt: new Date(record.updatedAt).toISOString(),
    archived: false,
  }
}
