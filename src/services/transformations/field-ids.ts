import type { DefinedField, Tables } from '#src/store/index.ts'

/** A field that may bring the number it has. */
export type FieldWithoutId = Omit<DefinedField, 'id'> & { readonly id?: number }

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
