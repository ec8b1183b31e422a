import { AppError } from '#src/lib/errors.ts'
import { createHubs, type Hubs } from './hubs.ts'
import { type ElementPage, type ElementQuery, listElements } from './list-elements.ts'
import type { ListedElement } from './listed.ts'

/** An element that is not there for whoever asks, whoever else may have it. */
export const noElement = (keyOrId: string | number): AppError =>
  new AppError('not-found', `No element found with key or id ${String(keyOrId).slice(0, 64)}`)

/** The elements that one viewer sees. */
export interface Seen {
  readonly all: () => readonly ListedElement[]
  /** By key, id, or a former id; undefined: there is none. */
  readonly get: (keyOrId: string | number) => ListedElement | undefined
  /** The same. @throws AppError `not-found`. */
  readonly find: (keyOrId: string | number) => ListedElement
  readonly hubs: Hubs
  /** Elements of one hub, or of all. @throws AppError `bad-request`, `bad-query`, `not-found` for the hub. */
  readonly list: (query: ElementQuery, hub?: string) => ElementPage
}

/** @param elements of which the later wins where two have one name. */
export const createSeen = (elements: readonly ListedElement[]): Seen => {
  const byName = new Map<string, ListedElement>()
  for (const element of elements) {
    const names = [element.key, String(element.id), ...element.formerIds.map(String)]
    for (const name of names) byName.set(name.toLowerCase(), element)
  }
  const hubs = createHubs(elements)
  const get = (keyOrId: string | number) => byName.get(String(keyOrId).toLowerCase())
  return {
    all: () => elements,
    get,
    find: (keyOrId) => {
      const element = get(keyOrId)
      if (element !== undefined) return element
      throw noElement(keyOrId)
    },
    hubs,
    list: (query, hub) => listElements(hub === undefined ? elements : hubs.elements(hub), query),
  }
}
