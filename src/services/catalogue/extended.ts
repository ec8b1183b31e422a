import { type BuiltOf, buildElement } from '#src/built/index.ts'
import type { ElementJson, ElementOperationJson } from '#src/contract/index.ts'
import type { Element, Resource } from '#src/element/index.ts'

/** What reads rows comes with the verb that lists them; every other verb works on the fields of both. */
const mergedResource = (base: Resource, added: Resource): Resource => {
  const reads = added.verbs.search === undefined ? base : added
  return {
    ...base,
    fields: { ...base.fields, ...added.fields },
    keepUnknown: base.keepUnknown || added.keepUnknown,
    page: reads.page,
    filterStyle: reads.filterStyle,
    filters: reads.filters,
    verbs: { ...base.verbs, ...added.verbs },
    ...(added.actions === undefined ? {} : { actions: { ...base.actions, ...added.actions } }),
  }
}

/** A document that holds nothing but resources: they are signed, and find their host, as the element does. */
const documentOf = (element: Element, resources: readonly ElementOperationJson[]): ElementJson => ({
  name: element.title,
  description: element.description,
  hub: element.hub,
  authentication: { type: 'oauth2' },
  configuration: [{ key: 'base.url', defaultValue: 'https://extension.invalid' }],
  resources: [...resources],
})

/**
 * An element of the catalogue, or a clone of one, with resources that were added to it; an own one replaces what the
 * element does under the same method and path.
 * @throws AppError `bad-request` as `buildElement`.
 */
export const extendedElement = (
  element: Element,
  resources: readonly ElementOperationJson[],
  of: BuiltOf,
): Element => {
  if (resources.length === 0) return element
  const built = buildElement(documentOf(element, resources), of)
  const merged = Object.entries(built.resources).map(([name, added]): [string, Resource] => {
    const base = Object.hasOwn(element.resources, name) ? element.resources[name] : undefined
    return [name, base === undefined ? added : mergedResource(base, added)]
  })
  return { ...element, resources: { ...element.resources, ...Object.fromEntries(merged) } }
}
