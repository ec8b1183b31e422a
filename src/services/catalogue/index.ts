// The catalogue: which elements and hubs there are for whom, and what they look like to a client.
// Knows elements as data, its own and those that organizations posted; no instance.
import type { ElementOperationJson } from '#src/contract/index.ts'
import type { Element } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { andThen, type Later } from '#src/lib/later.ts'
import type { ElementRow } from '#src/store/index.ts'
import {
  configurationJson,
  type ElementSummary,
  elementJson,
  elementSummary,
  exportJson,
  operationsJson,
  ownOperationsJson,
} from './element-json.ts'
import type { ListedElement, Viewer } from './listed.ts'
import { loginConfigurationJson, loginsJson } from './login-json.ts'
import { elementMetadata, expandedMetadata } from './metadata-json.ts'
import {
  type DefaultOauthUrl,
  type DefaultOauthUrlInput,
  defaultOauthUrlOf,
  type OauthUrl,
  type OauthUrlInput,
  oauthUrlOf,
} from './oauth-url.ts'
import { createPosted, elementOfRow, type PostedNeed, withExtension } from './posted.ts'
import { createSeen, noElement } from './seen.ts'

export type { ElementSummary } from './element-json.ts'
export { isPosted, type ListedElement, type Posted, type Viewer } from './listed.ts'
export { authTypeKey, loginOf } from './logins.ts'
export { operationPlace, pathBehindHub } from './operation-place.ts'
export { type ElementOperation, elementOperations, type Operation, operationsOf } from './operations.ts'
export { type Parameter, parametersOf } from './parameters.ts'
export { operationId } from './resource-json.ts'
export { elementContext, sealDocument } from './secret-defaults.ts'
export { noElement, type Seen } from './seen.ts'
export { isEditedBy, isSeenBy } from './sight.ts'

export interface CatalogueNeed extends PostedNeed {
  /** What everybody has. */
  readonly elements: readonly Element[]
}

export type Catalogue = ReturnType<typeof createCatalogue>

export const createCatalogue = ({ elements, ...need }: CatalogueNeed) => {
  const system = createSeen(elements)
  const posted = createPosted(need, system)

  return {
    /** The elements that everybody has. */
    system,
    /** What a viewer sees, as far as this process knows; at once where it was asked before. */
    seenBy: posted.seenBy,
    /** The same as the database has it now, for lists. */
    seenNow: posted.seenNow,
    /** By key, id, or a former id. What is not known here is looked for in the database. @throws AppError `not-found`. */
    find: (viewer: Viewer, keyOrId: string | number): Later<ListedElement> =>
      andThen(
        posted.seenBy(viewer),
        (seen) => seen.get(keyOrId) ?? posted.seenNow(viewer).then((now) => now.find(keyOrId)),
      ),
    /**
     * The element of an instance, whether or not its account would be shown it today.
     * @throws AppError `not-found`, `bad-request` where it can no longer be run.
     */
    elementOf: (of: Viewer & { readonly elementKey: string }): Later<ListedElement> =>
      andThen(posted.elementOf(of, of.elementKey), (element) => {
        if (element !== undefined) return element
        throw noElement(of.elementKey)
      }),
    /** Reads an organization's elements again when they are asked for next. */
    forget: posted.forget,
    forgetAll: posted.forgetAll,
    /** Whether a document can be run. @throws AppError `bad-request` naming what is wrong. */
    elementOfRow: (row: ElementRow, extension: readonly ElementOperationJson[] = []): ListedElement =>
      elementOfRow(system, need, row, extension),
    /** Whether resources can be added to an element of the catalogue. @throws AppError `bad-request` as above. */
    extended: (
      organizationId: number,
      element: Element,
      extension: readonly ElementOperationJson[],
    ): ListedElement => withExtension(need.scripts, organizationId, element, extension),
    json: elementJson,
    exported: exportJson,
    configuration: configurationJson,
    resources: operationsJson,
    ownResources: ownOperationsJson,
    logins: loginsJson,
    /** @throws AppError `not-found`. */
    loginConfiguration: loginConfigurationJson,
    /** @throws AppError `not-found`. */
    resource: (element: ListedElement, id: string) => {
      const found = operationsJson(element).find((resource) => String(resource.id) === id)
      if (found !== undefined) return found
      throw new AppError('not-found', `No resource found with id ${id.slice(0, 64)} in ${element.title}`)
    },
    metadata: elementMetadata,
    expandedMetadata,
    summary: (element: ListedElement): ElementSummary => elementSummary(element),
    /** @throws AppError `bad-request` on a data centre that is not the vendor's. */
    oauthUrl: (element: Element, input: OauthUrlInput): OauthUrl => oauthUrlOf(element, input),
    /** @throws AppError `bad-request` when the element has no default application here. */
    defaultOauthUrl: (element: Element, input: DefaultOauthUrlInput): DefaultOauthUrl =>
      defaultOauthUrlOf(element, input),
  }
}
