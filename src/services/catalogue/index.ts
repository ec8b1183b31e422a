// The catalogue: which elements there are, and what they look like to a client.
// Knows elements as data; no instance, no database.
import type { Element, OauthCode } from '#src/element/index.ts'
import { authorizeUrl } from '#src/engine/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { type ElementSummary, elementJson, elementMetadata, elementSummary } from './element-json.ts'

export type { ElementSummary } from './element-json.ts'

/** What a client fills in to send a person to the vendor's consent page. */
export interface OauthUrlInput {
  readonly apiKey: string
  readonly apiSecret: string | undefined
  readonly callbackUrl: string
  readonly scope: string | undefined
  readonly siteAddress: string | undefined
  readonly state: string | undefined
}

export type Catalogue = ReturnType<typeof createCatalogue>

/** How an element logs in by consent. */
export const oauthOf = (element: Element): OauthCode => element.auth[0]

export const createCatalogue = (elements: readonly Element[]) => {
  const byName = new Map<string, Element>()
  for (const element of elements) {
    const names = [element.key, String(element.id), ...element.formerIds.map(String)]
    for (const name of names) byName.set(name.toLowerCase(), element)
  }

  /** By key, id, or a former id. @throws AppError `not-found`. */
  const find = (keyOrId: string | number): Element => {
    const element = byName.get(String(keyOrId).toLowerCase())
    if (element !== undefined) return element
    throw new AppError('not-found', `No element found with key or id ${String(keyOrId).slice(0, 64)}`)
  }

  return {
    find,
    all: (): readonly Element[] => elements,
    json: elementJson,
    metadata: elementMetadata,
    summary: (element: Element): ElementSummary => elementSummary(element),
    /** @throws AppError `bad-request` on a data centre that is not the vendor's. */
    oauthUrl: (keyOrId: string, input: OauthUrlInput): { element: string; oauthUrl: string } => {
      const element = find(keyOrId)
      const site = element.vendor.siteOf({ siteAddress: input.siteAddress, apiKey: input.apiKey })
      const oauthUrl = authorizeUrl(oauthOf(element), site, {
        apiKey: input.apiKey,
        callbackUrl: input.callbackUrl,
        scope: input.scope,
        state: input.state ?? element.key,
      })
      return { element: element.key, oauthUrl }
    },
  }
}
