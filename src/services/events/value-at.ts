import { isJsonObject, type Json, type JsonObject } from '#src/lib/json.ts'

/** A value at a dotted path; a field whose own name has dots wins. */
export const valueAt = (row: JsonObject, path: string): Json | undefined => {
  if (Object.hasOwn(row, path)) return row[path]
  return path
    .split('.')
    .reduce<Json | undefined>((at, name) => (isJsonObject(at) ? at[name] : undefined), row)
}
