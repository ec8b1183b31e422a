import { type FieldType, type Resource, readPath } from '#src/element/index.ts'
import type { Json, JsonObject } from '#src/lib/json.ts'
import { unflattenRecord } from '#src/lib/table-file/unflatten-record.ts'

/** A row as it is written, or the column that is wrong and why. */
export type Converted =
  | { readonly record: JsonObject }
  | { readonly problem: string; readonly column: string }

/** The column of a file of rejects that tells why; an upload leaves it out. */
export const reasonColumn = 'Elements-Error'

class Unfit extends Error {}

const numeral = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i

const numberOf = (text: string): number => {
  const value = numeral.test(text) ? Number(text) : Number.NaN
  if (!Number.isFinite(value))
    throw new Unfit(`'${text.slice(0, 40)}' is no number. Write it as 1234.5, without signs of currency.`)
  if (/^[+-]?\d+$/.test(text) && !Number.isSafeInteger(value))
    throw new Unfit(`'${text.slice(0, 40)}' has more digits than a number can hold.`)
  return value
}

const truths: Readonly<Record<string, boolean>> = {
  true: true,
  false: false,
  yes: true,
  no: false,
  y: true,
  n: false,
  '1': true,
  '0': false,
}

const booleanOf = (text: string): boolean => {
  const word = text.toLowerCase()
  const value = Object.hasOwn(truths, word) ? truths[word] : undefined
  if (value === undefined) throw new Unfit(`'${text.slice(0, 40)}' is neither true nor false.`)
  return value
}

/** ISO 8601, where only its T is missing; everything else is for the vendor to know. */
const datetimeOf = (text: string): string =>
  text.replace(/^(\d{4}-\d{2}-\d{2}) +(\d{2}:\d{2})/, (_all, day: string, time: string) => `${day}T${time}`)

/** Objects and lists are JSON in a cell; other text stays. */
const objectOf = (text: string): Json => {
  const trimmed = text.trim()
  if (!trimmed.startsWith('{') && !trimmed.startsWith('[')) return text
  try {
    return JSON.parse(trimmed) as Json
  } catch {
    throw new Unfit('it begins like JSON, but is none.')
  }
}

const readText = (type: FieldType | undefined, text: string): Json => {
  switch (type) {
    case 'number':
      return numberOf(text.trim())
    case 'boolean':
      return booleanOf(text.trim())
    case 'datetime':
      return datetimeOf(text.trim())
    case 'object':
      return objectOf(text)
    default:
      return text
  }
}

const typeOf = ({ fields }: Resource, name: string): FieldType | undefined =>
  Object.hasOwn(fields, name) ? fields[name]?.type : undefined

/** Texts that stand for no text are read; what has its type already keeps it. */
const converted = (type: FieldType | undefined, value: Json): Json =>
  typeof value === 'string' ? readText(type, value) : value

/** Lists of a nested cell come as JSON text, too. */
const insideOf = (column: string, cells: JsonObject, resource: Resource): Json => {
  const value = cells[column] ?? null
  const [root = ''] = column.split('.', 1)
  if (root === column) return converted(typeOf(resource, column), value)
  return typeOf(resource, root) === 'object' ? converted('object', value) : value
}

/** A cell of blanks, where no text is wanted, is an empty one. */
const isEmpty = (resource: Resource, column: string, cell: Json | undefined): boolean => {
  const type = typeOf(resource, column)
  return typeof cell === 'string' && cell.trim() === '' && type !== undefined && type !== 'text'
}

/**
 * A row of a file as it is written to a resource: texts become what the element says of its fields, and `Parent.Name`
 * becomes an object in an object. Names that the resource has not go through as they are.
 */
export const convertRow = (resource: Resource, row: JsonObject, isFlat: boolean): Converted => {
  const cells: Record<string, Json> = {}
  for (const column of Object.keys(row)) {
    if (column === reasonColumn || (isFlat && isEmpty(resource, column, row[column]))) continue
    try {
      cells[column] = isFlat
        ? insideOf(column, row, resource)
        : converted(typeOf(resource, column), row[column] ?? null)
    } catch (error) {
      if (!(error instanceof Unfit)) throw error
      return { problem: `${column}: ${error.message}`, column }
    }
  }
  return isFlat ? unflattenRecord(cells) : { record: cells }
}

/** The value of a field, dotted for what lies in an object; undefined: none, or no single one. */
export const valueAt = (record: JsonObject, name: string): string | number | boolean | undefined => {
  const value = record[name] ?? readPath(record, name.split('.'))
  const isOne = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
  return isOne && value !== '' ? value : undefined
}
