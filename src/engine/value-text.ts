import type { Value } from '#src/ceql/index.ts'

/** The text of a literal. */
export const valueText = (value: Value): string => {
  switch (value.kind) {
    case 'string':
      return value.value
    case 'number':
      return value.text
    case 'boolean':
      return String(value.value)
    case 'date':
      return value.text
  }
}
