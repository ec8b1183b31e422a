import type { ElementJson, ElementOperationJson } from '#src/contract/index.ts'
import type { Element } from '#src/element/index.ts'

/** Who looks at the catalogue: what an account added is seen by that account alone. */
export interface Viewer {
  readonly organizationId: number
  readonly accountId: number
}

/** What is known of an element that an organization posted, besides its typed data. */
export interface Posted extends Viewer {
  readonly elementId: number
  /** The element of the catalogue that it is a clone of; undefined: the document says everything. */
  readonly clonedFrom: Element | undefined
  /** The element that the first of its line of clones was made of. */
  readonly originId: number
  readonly document: ElementJson
  readonly active: boolean
  readonly version: number
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** An element as a viewer finds it in the catalogue. */
export interface ListedElement extends Element {
  /** Absent: it is the catalogue's. */
  readonly posted?: Posted
  /** Resources that the viewer's account added to it; absent: none. */
  readonly extension?: readonly ElementOperationJson[]
}

/** Whether an organization posted it. */
export const isPosted = (element: Element): boolean => (element as ListedElement).posted !== undefined
