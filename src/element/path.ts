import { isJsonObject, type Json } from '#src/lib/json.ts'

/**
 * Steps into a JSON value: a name enters an object, `{ where }` takes the first item of an array whose
 * fields all equal the ones given (SCIM's `emails[type=work]`).
 */
export type Path = readonly Step[]
export type Step = string | { readonly where: Readonly<Record<string, string | boolean>> }

const step = (value: Json | undefined, by: Step): Json | undefined => {
  if (typeof by === 'string') return isJsonObject(value) ? value[by] : undefined
  if (!Array.isArray(value)) return undefined
  const wanted = Object.entries(by.where)
  return value.find((item) => isJsonObject(item) && wanted.every(([name, is]) => item[name] === is))
}

/** The value at the end of a path, or undefined where a step finds nothing. */
export const readPath = (value: Json | undefined, path: Path): Json | undefined => path.reduce(step, value)
