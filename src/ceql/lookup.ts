import { isJsonObject, type Json, type JsonObject } from '#src/lib/json.ts'
import { isFieldName } from './names.ts'

type Step = string | number | '*'

interface Path {
  readonly steps: readonly Step[]
  readonly manyAt: boolean
}

const indexes = /\[(\d+|\*)\]/g

const partSteps = (part: string): readonly Step[] => {
  const bracket = part.indexOf('[')
  if (bracket < 0) return [part]
  const found = [...part.slice(bracket).matchAll(indexes)].map(([, index]) =>
    index === '*' ? '*' : Number(index),
  )
  return [part.slice(0, bracket), ...found]
}

const toPath = (field: string): Path => {
  if (!isFieldName(field)) return { steps: [field], manyAt: false }
  const steps = field.split('.').flatMap(partSteps)
  return { steps, manyAt: field.includes('[*]') }
}

const enter = (value: Json | undefined, step: Step): Json | undefined => {
  if (typeof step === 'number') return Array.isArray(value) ? value[step] : undefined
  return isJsonObject(value) && Object.hasOwn(value, step) ? value[step] : undefined
}

const spread = (values: readonly (Json | undefined)[], step: Step): readonly (Json | undefined)[] => {
  if (step !== '*') return values.map((value) => enter(value, step))
  return values.flatMap((value) => (Array.isArray(value) ? (value as readonly Json[]) : []))
}

/** What stands in a row under a field; undefined where nothing does. */
export type Lookup = (row: JsonObject) => readonly (Json | undefined)[]

/**
 * Reads a field of a row: the key of exactly that name, else the path that its dots and indexes describe.
 * `[*]` gives every item of an array; where no item is, the field counts as absent once.
 */
export const createLookup = (field: string): Lookup => {
  const { steps, manyAt } = toPath(field)
  return (row) => {
    if (Object.hasOwn(row, field)) return [row[field]]
    if (!manyAt) return [steps.reduce<Json | undefined>(enter, row)]
    const found = steps.reduce(spread, [row])
    return found.length === 0 ? [undefined] : found
  }
}
