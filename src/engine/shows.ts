import type { Resource, Shows } from '#src/element/index.ts'

/**
 * What a coded verb is told of the fields that go out.
 * @param named the fields that the caller names, to show, to compare or to sort by.
 * @param all whether every field is shown that costs nothing of its own.
 */
export const showsOf =
  (resource: Resource, named: readonly string[], all: boolean): Shows =>
  (field) =>
    named.some((name) => name === field || name.startsWith(`${field}.`) || name.startsWith(`${field}[`)) ||
    (all && resource.fields[field]?.onRequest !== true)
