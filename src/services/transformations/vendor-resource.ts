import { type Element, type Resource, resourceIn } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { nearestNames } from '#src/lib/nearest.ts'

/** The resource that a transformation maps. @throws AppError `bad-request` naming the nearest resources. */
export const vendorResource = (element: Element, name: string): Resource => {
  const found = resourceIn(element, name)
  if (found !== undefined) return found
  const near = nearestNames(name, Object.keys(element.resources)).join(', ')
  throw new AppError(
    'bad-request',
    `vendorName: ${element.title} has no resource '${name.slice(0, 64)}'. Did you mean ${near}?`,
  )
}
