import { useSuspenseQuery } from '@tanstack/react-query'
import { placeOfUse } from '../../api/places.ts'
import { elementsQuery, instancesQuery } from '../../api/queries.ts'
import type { MappingUse } from '../../api/shapes.ts'
import { placeWords } from '../../parts/place-words.ts'

/** Where something is mapped, in words. */
export const useUseWords = (): ((use: MappingUse) => string) => {
  const { data: elements } = useSuspenseQuery(elementsQuery)
  const { data: instances } = useSuspenseQuery(instancesQuery)
  return (use) => {
    const element = elements.find(({ key }) => key === use.element.key)?.name ?? use.element.key
    return `${element}, for ${placeWords(placeOfUse(use), instances)}`
  }
}
