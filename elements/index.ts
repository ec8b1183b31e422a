// One line an element.
import type { Element } from '#src/element/index.ts'
import { concur } from './concur/index.ts'
import { hubspotcrm } from './hubspotcrm/index.ts'
import { webdav } from './webdav/index.ts'

/** Those with a sandbox beside this process, in the order of its ports. */
const withSandbox = [concur, hubspotcrm] as const
const elements = [...withSandbox, webdav] as const

/** What the catalogue needs to know of the machine it runs on. */
export interface CatalogueEnvironment {
  /** Base URLs of the sandboxes beside this process, in the order of the elements; none: none runs. */
  readonly sandboxUrls?: readonly string[]
}

/** How many sandboxes there are, at most one an element. */
export const sandboxCount = withSandbox.length

/** Every element of the catalogue, ready for this machine. */
export const catalogueElements = ({ sandboxUrls = [] }: CatalogueEnvironment): readonly Element[] =>
  elements.map((element, at) => {
    const sandboxUrl = sandboxUrls[at]
    return element(sandboxUrl === undefined ? {} : { sandboxUrl })
  })
