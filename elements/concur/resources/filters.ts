import type { Filter, Owner } from '#src/element/index.ts'

/** A parameter that takes one value; with `field`, it looks at what a row shows under that name. */
export const equals = (param: string, field?: string, type: Filter['type'] = 'text'): Filter => ({
  param,
  means: 'equals',
  type,
  ...(field === undefined ? {} : { field }),
})

/** What a search name means, for one that looks at nothing a row shows. */
export const about = (filter: Filter, description: string): Filter => ({ ...filter, description })

/** Whose rows a v3 address means (spec/concur.md 2.1, Caller); `field` of the row tells the owner. */
export const ownedBy = (field: string): Owner => ({
  param: 'user',
  field,
  everybody: 'ALL',
  configKey: 'concur.report.owner',
})

/**
 * A pair of date bounds. Whether Concur's After and Before include their border is not documented, so
 * they are sent a second wider and checked again on the row.
 */
export const bounds = (stem: string, field: string): readonly Filter[] => [
  { param: `${stem}After`, means: 'after', type: 'datetime', field, widenSeconds: 1 },
  { param: `${stem}Before`, means: 'before', type: 'datetime', field, widenSeconds: 1 },
]
