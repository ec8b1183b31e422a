import { isJsonObject, type Json, type JsonObject } from '#src/lib/json.ts'

const inside = (at: Json | undefined, name: string): Json | undefined => {
  if (Array.isArray(at)) return /^\d+$/.test(name) ? (at as readonly Json[])[Number(name)] : undefined
  return isJsonObject(at) ? at[name] : undefined
}

/** A value at a dotted path, `0.id` in a list; a field whose own name has dots wins. */
export const valueAt = (row: JsonObject, path: string): Json | undefined => {
  if (Object.hasOwn(row, path)) return row[path]
  return path.split('.').reduce<Json | undefined>(inside, row)
}
