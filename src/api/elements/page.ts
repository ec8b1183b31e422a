import type { Seen } from '#src/services/index.ts'
import { withHeaders } from '../route.ts'

/** A page of elements with the headers of a list (spec/contract.md 1.3). */
export const elementsReply = ({ elements, nextPage }: ReturnType<Seen['list']>) =>
  withHeaders([...elements], {
    'elements-returned-count': String(elements.length),
    'elements-next-page-token': nextPage,
  })
