import type { Filter } from '#src/element/index.ts'

/** A parameter that takes one value; with `field`, it looks at what a row shows under that name. */
export const equals = (param: string, field?: string, type: Filter['type'] = 'text'): Filter => ({
  param,
  means: 'equals',
  type,
  ...(field === undefined ? {} : { field }),
})
