import { AppError } from '#src/lib/errors.ts'
import type { DefinedField, Tables } from '#src/store/index.ts'
import { parseCommonPath } from '../mapping/index.ts'

/** A field as it is sent; without a type it is a string. */
export interface FieldInput {
  readonly path: string
  readonly type?: string
  readonly displayName?: string
  readonly description?: string
  readonly unit?: string
}

/** A field that may bring the number it has. */
export type FieldWithoutId = Omit<DefinedField, 'id'> & { readonly id?: number }

/** @throws AppError `bad-request` where its path is none; `at` is its place in the body. */
export const checkedField = ({ path, type, ...told }: FieldInput, at: number): FieldWithoutId => {
  parseCommonPath(`fields.${at}.path`, path)
  return { path, type: type?.trim() || 'string', ...told }
}

/** A path that its level has already. */
export const twicePath = (at: number, path: string): AppError =>
  new AppError('bad-request', `fields.${at}.path: '${path}' is there twice. Leave one out.`)

/** Fields of one level. @throws AppError `bad-request` naming one that is wrong, or there twice. */
export const checkedFields = (fields: readonly FieldInput[]): readonly FieldWithoutId[] => {
  const seen = new Set<string>()
  return fields.map((field, at) => {
    if (seen.has(field.path)) throw twicePath(at, field.path)
    seen.add(field.path)
    return checkedField(field, at)
  })
}

/**
 * Gives every field its number: the one it brings, the one that its path had before, or a new one.
 * @param before the fields of the same level as they are stored.
 */
export const numbered = async (
  inside: Pick<Tables, 'objectDefinitions'>,
  fields: readonly FieldWithoutId[],
  before: readonly DefinedField[],
): Promise<readonly DefinedField[]> => {
  const brought = new Set(fields.flatMap(({ id }) => (id === undefined ? [] : [id])))
  const known = new Map(before.filter(({ id }) => !brought.has(id)).map(({ path, id }) => [path, id]))
  const numbers = fields.map(({ id, path }) => id ?? known.get(path))
  const fresh = [...(await inside.objectDefinitions.newIds(numbers.filter((id) => id === undefined).length))]
  return fields.map(({ id: _, ...field }, at) => {
    const id = numbers[at] ?? fresh.shift()
    if (id === undefined) throw new Error('a sequence gave too few numbers')
    return { id, ...field }
  })
}
