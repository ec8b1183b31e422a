import {
  type Element,
  type FoundPath,
  type HubAction,
  hubPathOf,
  type Resource,
  resourceIn,
} from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { nearestNames } from '#src/lib/nearest.ts'
import type { OpenInstance } from '../instances/index.ts'
import { commonResourceNamed } from './common.ts'

/** The generation of the vendor's APIs for a resource: the one that the login reaches, else as configured. */
const generationOf = ({ element, generation, configuration }: OpenInstance, name: string) => {
  const { generationKey } = element
  if (generation !== undefined || generationKey === undefined) return generation
  return (configuration[`${generationKey}.${name}`] ?? configuration[generationKey])?.trim().toLowerCase()
}

const reached = (instance: OpenInstance, resource: Resource): Resource =>
  resource.generations?.[generationOf(instance, resource.name) ?? ''] ?? resource

/** The resource of that name, in the generation that the instance reaches, or undefined. */
export const resourceNamed = (instance: OpenInstance, name: string): Resource | undefined => {
  const resource = resourceIn(instance.element, name)
  return resource === undefined ? undefined : reached(instance, resource)
}

/** Whether segments lead to a path of the element beyond its resources (`Element.paths`). */
export const isPathOf = ({ paths }: Element, segments: readonly string[]): boolean =>
  hubPathOf(paths, segments) !== undefined

/** The path of the element that segments lead to (`Element.paths`), its resources as the instance reaches them. */
export const elementPath = (instance: OpenInstance, segments: readonly string[]): FoundPath | undefined => {
  const place = hubPathOf(instance.element.paths, segments)
  if (place === undefined) return undefined
  const { path, methods } = place.found
  const reachedBy = (action: HubAction): HubAction =>
    action.kind === 'absent' ? action : { ...action, resource: reached(instance, action.resource) }
  const all = Object.entries(methods).map(([method, action]) => [method, reachedBy(action)])
  return { found: { path, methods: Object.fromEntries(all) }, values: place.values }
}

/** What a hub call names: a common resource, else the vendor's; undefined: neither. */
export const hubResourceNamed = (instance: OpenInstance, name: string): Resource | undefined =>
  (instance.transformations.size === 0
    ? undefined
    : commonResourceNamed(instance, name, (vendorName) => resourceNamed(instance, vendorName))) ??
  resourceNamed(instance, name)

/** What a name that leads nowhere is answered with. */
export const noResource = ({ element, transformations }: OpenInstance, name: string): AppError => {
  const near = nearestNames(name, [...Object.keys(element.resources), ...transformations.keys()])
  return new AppError(
    'not-found',
    `${element.title} has no resource '${name.slice(0, 64)}' here. Did you mean ${near.join(', ')}?`,
  )
}
