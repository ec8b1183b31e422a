// The catalogue: which elements and hubs there are, and what they look like to a client.
// Knows elements as data; no instance, no database.
import type { Element } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import {
  configurationJson,
  type ElementSummary,
  elementJson,
  elementSummary,
  exportJson,
} from './element-json.ts'
import { createHubs } from './hubs.ts'
import { type ElementPage, type ElementQuery, listElements } from './list-elements.ts'
import { elementMetadata, expandedMetadata } from './metadata-json.ts'
import {
  type DefaultOauthUrl,
  type DefaultOauthUrlInput,
  defaultOauthUrlOf,
  type OauthUrl,
  type OauthUrlInput,
  oauthUrlOf,
} from './oauth-url.ts'
import { resourcesJson } from './resource-json.ts'

export type { ElementSummary } from './element-json.ts'
export { authTypeKey, loginOf } from './logins.ts'
export { type ElementOperation, elementOperations, type Operation } from './operations.ts'
export { type Parameter, parametersOf } from './parameters.ts'
export { operationId } from './resource-json.ts'

export type Catalogue = ReturnType<typeof createCatalogue>

export const createCatalogue = (elements: readonly Element[]) => {
  const byName = new Map<string, Element>()
  for (const element of elements) {
    const names = [element.key, String(element.id), ...element.formerIds.map(String)]
    for (const name of names) byName.set(name.toLowerCase(), element)
  }
  const hubs = createHubs(elements)

  /** By key, id, or a former id. @throws AppError `not-found`. */
  const find = (keyOrId: string | number): Element => {
    const element = byName.get(String(keyOrId).toLowerCase())
    if (element !== undefined) return element
    throw new AppError('not-found', `No element found with key or id ${String(keyOrId).slice(0, 64)}`)
  }

  return {
    find,
    all: (): readonly Element[] => elements,
    hubs,
    /** Elements of one hub, or of all. @throws AppError `bad-request`, `bad-query`, `not-found` for the hub. */
    list: (query: ElementQuery, hub?: string): ElementPage =>
      listElements(hub === undefined ? elements : hubs.elements(hub), query),
    json: elementJson,
    exported: exportJson,
    configuration: configurationJson,
    resources: resourcesJson,
    /** @throws AppError `not-found`. */
    resource: (element: Element, id: string) => {
      const found = resourcesJson(element).find((resource) => String(resource.id) === id)
      if (found !== undefined) return found
      throw new AppError('not-found', `No resource found with id ${id.slice(0, 64)} in ${element.title}`)
    },
    metadata: elementMetadata,
    expandedMetadata,
    summary: (element: Element): ElementSummary => elementSummary(element),
    /** @throws AppError `bad-request` on a data centre that is not the vendor's. */
    oauthUrl: (keyOrId: string, input: OauthUrlInput): OauthUrl => oauthUrlOf(find(keyOrId), input),
    /** @throws AppError `bad-request` when the element has no default application here. */
    defaultOauthUrl: (keyOrId: string, input: DefaultOauthUrlInput): DefaultOauthUrl =>
      defaultOauthUrlOf(find(keyOrId), input),
  }
}
