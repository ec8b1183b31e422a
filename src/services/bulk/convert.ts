import { readPath } from '#src/element/index.ts'
import { inexactWords, numberOfDecimal } from '#src/lib/decimal.ts'
import type { Json, JsonObject } from '#src/lib/json.ts'
import { createUnflattener } from '#src/lib/table-file/unflatten-record.ts'
import type { ColumnTypes } from '../objects/index.ts'

/** A row as it is written, or the column that is wrong and why. */
export type Converted =
  | { readonly record: JsonObject }
  | { readonly problem: string; readonly column: string }

/** The column of a file of rejects that tells why; an upload leaves it out. */
export const reasonColumn = 'Elements-Error'

type ColumnType = ColumnTypes['fields'][string]['type']

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

const readText = (type: ColumnType | undefined, text: string): Json => {
  switch (type) {
    case 'number':
      return numberOf(text.trim())
    case 'decimal':
      if (numberOfDecimal(text) === 'inexact') throw new Unfit(inexactWords(text))
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

const typeOf = ({ fields }: ColumnTypes, name: string): ColumnType | undefined =>
  Object.hasOwn(fields, name) ? fields[name]?.type : undefined

/** Texts that stand for no text are read; what has its type already keeps it. */
const converted = (type: ColumnType | undefined, value: Json): Json =>
  typeof value === 'string' ? readText(type, value) : value

/** How the cells of a column of a flat file are read; found out once. */
interface Reader {
  readonly column: string
  /** What a cell of blanks is: undefined where it is a text like others. */
  readonly isEmpty: (cell: Json | undefined) => boolean
  readonly read: (cell: Json) => Json
}

const isBlank = (cell: Json | undefined): boolean => typeof cell === 'string' && cell.trim() === ''
const never = (): boolean => false
const asItIs = (cell: Json): Json => cell

/** Lists of a nested cell come as JSON text, too. A cell of blanks, where no text is wanted, is an empty one. */
const readerOf = (types: ColumnTypes, column: string): Reader => {
  const own = typeOf(types, column)
  const [root = ''] = column.split('.', 1)
  const type = own ?? (root !== column && typeOf(types, root) === 'object' ? 'object' : undefined)
  return {
    column,
    isEmpty: own === undefined || own === 'text' ? never : isBlank,
    read: type === undefined || type === 'text' ? asItIs : (cell) => converted(type, cell),
  }
}

const wrongCell = (column: string, error: unknown): Converted => {
  if (!(error instanceof Unfit)) throw error
  return { problem: `${column}: ${error.message}`, column }
}

/** Rows of a file whose columns are known when its first rows are; objects stand in columns with dotted names. */
const createFlatConverter = (types: ColumnTypes) => {
  const readers = new Map<string, Reader>()
  let unflatten = createUnflattener([])

  const learn = (row: JsonObject): void => {
    for (const column of Object.keys(row)) readers.set(column, readerOf(types, column))
    unflatten = createUnflattener([...readers.keys()])
  }

  return (row: JsonObject): Converted => {
    if (Object.keys(row).some((column) => !readers.has(column))) learn(row)
    const cells: Record<string, Json> = {}
    for (const { column, isEmpty, read } of readers.values()) {
      const cell = Object.hasOwn(row, column) ? row[column] : undefined
      if (cell === undefined || column === reasonColumn || isEmpty(cell)) continue
      try {
        cells[column] = read(cell)
      } catch (error) {
        return wrongCell(column, error)
      }
    }
    return unflatten(cells)
  }
}

const createNestedConverter =
  (types: ColumnTypes) =>
  (row: JsonObject): Converted => {
    const record: Record<string, Json> = {}
    for (const name of Object.keys(row)) {
      if (name === reasonColumn) continue
      try {
        record[name] = converted(typeOf(types, name), row[name] ?? null)
      } catch (error) {
        return wrongCell(name, error)
      }
    }
    return { record }
  }

/**
 * Makes of rows of a file what is written to a resource: texts become what the element says of its fields, and
 * `Parent.Name` becomes an object in an object. Names that the resource has not go through as they are.
 * @param isFlat whether the file has columns.
 */
export const createRowConverter = (types: ColumnTypes, isFlat: boolean): ((row: JsonObject) => Converted) =>
  isFlat ? createFlatConverter(types) : createNestedConverter(types)

/** The value of a field, dotted for what lies in an object; undefined: none, or no single one. */
export const valueAt = (record: JsonObject, name: string): string | number | boolean | undefined => {
  const value = record[name] ?? readPath(record, name.split('.'))
  const isOne = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
  return isOne && value !== '' ? value : undefined
}
