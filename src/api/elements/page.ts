import type { Catalogue } from '#src/services/index.ts'
import { withHeaders } from '../route.ts'

/** A page of elements with the headers of a list (spec/contract.md 1.3). */
export const elementsReply = ({ elements, nextPage }: ReturnType<Catalogue['list']>) =>
  withHeaders([...elements], {
    'elements-returned-count': String(elements.length),
    'elements-next-page-token': nextPage,
  })
