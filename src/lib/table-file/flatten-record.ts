import { isJsonObject, type Json, type JsonObject } from '../json.ts'

/** An object goes into columns of its own unless a name in it has a dot or is empty, which would read back otherwise. */
const canFlatten = (value: Json | undefined): value is JsonObject =>
  isJsonObject(value) &&
  Object.keys(value).length > 0 &&
  Object.keys(value).every((name) => name !== '' && !name.includes('.'))

const cellOf = (value: Json): string => {
  if (typeof value === 'string') return value
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

const put = (cells: Record<string, string>, name: string, cell: string): void => {
  if (name !== '__proto__') {
    cells[name] = cell
    return
  }
  Object.defineProperty(cells, name, { value: cell, enumerable: true, configurable: true, writable: true })
}

const visit = (
  prefix: string,
  record: JsonObject,
  take: (column: string, value: Json | undefined) => void,
): void => {
  for (const [key, value] of Object.entries(record)) {
    const name = prefix + key
    if (canFlatten(value)) visit(`${name}.`, value, take)
    else take(name, value)
  }
}

/** Shows every column of a record, as `flattenRecord` names it, with its value; null among them. */
export const eachCell = (record: JsonObject, take: (column: string, value: Json | undefined) => void): void =>
  visit('', record, take)

/**
 * A record as cells by column: a nested object becomes `Parent.Name`, lists and empty objects JSON text, null nothing.
 * An object with a name that has a dot in it is written as JSON text too. Numbers are written as JSON writes them.
 */
export const flattenRecord = (record: JsonObject): Record<string, string> => {
  const cells: Record<string, string> = {}
  eachCell(record, (column, value) => {
    if (value !== null && value !== undefined) put(cells, column, cellOf(value))
  })
  return cells
}
