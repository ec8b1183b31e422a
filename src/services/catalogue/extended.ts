import { type BuiltOf, buildElement } from '#src/built/index.ts'
import type { ElementJson, ElementOperationJson } from '#src/contract/index.ts'
import type { Element, HubAction, HubPath, Resource } from '#src/element/index.ts'

/** What callers may say besides the id, of both. */
const addressOf = (
  { address: own = [] }: Resource,
  { address = [] }: Resource,
): Pick<Resource, 'address'> => {
  const all = [...own, ...address.filter(({ name }) => !own.some((one) => one.name === name))]
  return all.length === 0 ? {} : { address: all }
}

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
    ...addressOf(base, added),
    ...(added.actions === undefined ? {} : { actions: { ...base.actions, ...added.actions } }),
  }
}

const onCollection = { GET: 'search', POST: 'create', PATCH: 'updateAll', DELETE: 'removeAll' } as const
const onItem = { GET: 'retrieve', PATCH: 'update', PUT: 'replace', DELETE: 'remove' } as const

/** A path answers alone for itself, so one of a resource keeps what the resource does there. */
const besides = (path: HubPath, resources: Readonly<Record<string, Resource>>): HubPath => {
  const [name = '', brace, ...more] = path.path.split('/').filter((part) => part !== '')
  const resource = Object.hasOwn(resources, name) ? resources[name] : undefined
  const isOther = more.length > 0 || (brace !== undefined && !brace.startsWith('{'))
  if (resource === undefined || isOther) return path
  const id = brace?.slice(1, -1)
  const verbs = Object.entries(id === undefined ? onCollection : onItem)
  const own = verbs
    .filter(([, verb]) => resource.verbs[verb] !== undefined)
    .map(([method, verb]): [string, HubAction] => [
      method,
      { kind: 'verb', resource, verb, ...(id === undefined ? {} : { id }) },
    ])
  return { ...path, methods: { ...Object.fromEntries(own), ...path.methods } }
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
  const all = { ...element.resources, ...Object.fromEntries(merged) }
  const added = (built.paths ?? []).map((path) => besides(path, all))
  const kept = (element.paths ?? []).filter(({ path }) => !added.some((one) => one.path === path))
  const paths = [...kept, ...added]
  return { ...element, resources: all, ...(paths.length === 0 ? {} : { paths }) }
}
