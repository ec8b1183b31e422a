import { createMatcher, type FieldType, fieldsOf, parseWhere } from '#src/ceql/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { Vdr } from './vdr.ts'

const fieldTypes: Readonly<Record<string, FieldType>> = {
  id: 'number',
  objectName: 'text',
  description: 'text',
}

/**
 * Reads the `where` of GET /vdrs, such as `objectName in ('a','b')` (spec/behaviour.md 6.4).
 * @throws AppError `bad-query` with the position.
 */
export const readVdrFilter = (where: string): ((vdr: Vdr) => boolean) => {
  const expression = parseWhere(where)
  if (expression === null) return () => true
  const wrong = fieldsOf(expression).find(({ field }) => !Object.hasOwn(fieldTypes, field))
  if (wrong !== undefined)
    throw new AppError(
      'bad-query',
      `where: '${wrong.field.slice(0, 64)}' (position ${wrong.position}) is not searched. Use ${Object.keys(fieldTypes).join(', ')}.`,
    )
  const matches = createMatcher(expression, (field) => fieldTypes[field] ?? 'unknown')
  return ({ id, objectName, description }) => matches({ id, objectName, description })
}
