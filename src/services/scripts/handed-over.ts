import type { Json, JsonObject } from '#src/lib/json.ts'
import { fieldsRead, type ScriptCall } from '#src/script/index.ts'
import type { LeveledScript } from '../mapping/index.ts'

/** What a script is given of the two objects; undefined: each whole. */
export interface HandedOver {
  /** Absent: the script does not use it. */
  readonly original: readonly string[] | 'whole' | undefined
  readonly transformed: readonly string[] | 'whole'
  readonly configuration: boolean
}

/** The names that a script of a transformation finds (spec/contract.md 8), in the order of a function's parameters. */
const names = ['originalObject', 'transformedObject', 'fromVendor', 'isWhere', 'configuration']

export const answersOf = ({ isLegacy }: LeveledScript): ScriptCall['answers'] =>
  isLegacy ? 'return' : 'done'

const found = new WeakMap<LeveledScript, HandedOver>()

/** Told once a script: a change of a transformation makes another. */
export const handedOver = (script: LeveledScript): HandedOver => {
  const known = found.get(script)
  if (known !== undefined) return known
  const asked = { body: script.body, answers: answersOf(script) }
  const fields = (name: string) => fieldsRead(asked, name, names)
  const original = fields('originalObject') ?? 'whole'
  const made: HandedOver = {
    original: original.length === 0 ? undefined : original,
    transformed: fields('transformedObject') ?? 'whole',
    configuration: fields('configuration')?.length !== 0,
  }
  found.set(script, made)
  return made
}

const memberOf = (row: JsonObject, name: string): Json | undefined =>
  Object.hasOwn(row, name) ? row[name] : undefined

/** A row with these fields alone. */
export const pick = (row: JsonObject, fields: readonly string[] | 'whole'): JsonObject => {
  if (fields === 'whole') return row
  const picked: Record<string, Json> = {}
  for (const field of fields) {
    const value = memberOf(row, field)
    if (value !== undefined) picked[field] = value
  }
  return picked
}

const without = (row: JsonObject, gone: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(row).filter(([name]) => !gone.includes(name)))

/** A row that nobody else has, with what a script made of those of its fields that it was given. */
export const putBack = (
  row: JsonObject,
  fields: readonly string[] | 'whole',
  answer: JsonObject,
): JsonObject => {
  if (fields === 'whole') return answer
  const gone = fields.filter((field) => Object.hasOwn(row, field) && !Object.hasOwn(answer, field))
  const put: Record<string, Json> = gone.length === 0 ? row : without(row, gone)
  for (const field of fields) {
    const value = memberOf(answer, field)
    if (value !== undefined) put[field] = value
  }
  return put
}
