import { isJsonObject, type Json, type JsonObject } from '#src/lib/json.ts'

/** The columns of records, dotted for what lies in objects, in the order of their first appearance. */
export interface Columns {
  readonly note: (record: JsonObject) => void
  readonly names: () => readonly string[]
}

/** @param known those of earlier records. */
export const createColumns = (known: readonly string[]): Columns => {
  const names = new Set(known)
  const noteIn = (path: string, value: Json | undefined): void => {
    if (!isJsonObject(value) || isEmpty(value)) names.add(path)
    else for (const key in value) noteIn(`${path}.${key}`, value[key])
  }
  return {
    note: (record) => {
      for (const key in record) {
        const value = record[key]
        // Most values are no objects, and most columns are known.
        if (typeof value === 'object' && value !== null) noteIn(key, value)
        else names.add(key)
      }
    },
    names: () => [...names],
  }
}

const isEmpty = (value: JsonObject): boolean => {
  for (const _key in value) return false
  return true
}
