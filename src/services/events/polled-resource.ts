import { type Resource, resourceIn } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { OpenInstance } from '../instances/index.ts'
import { hubResourceNamed, mappingOf, vendorOf } from '../objects/index.ts'
import { type PollerEntry, readEntry } from '../pollers/index.ts'

/** What a poller reads now. */
export interface Polled {
  /** As its events show it. */
  readonly resource: Resource
  readonly entry: PollerEntry
}

/**
 * The vendor's resource that rows are of, and after an `@` the generation of its APIs; nothing there: the current one.
 * Ids and fields differ between generations.
 */
export const originOf = ({ element }: Pick<OpenInstance, 'element'>, resource: Resource): string => {
  const read = vendorOf(resource)
  const { generations = {} } = resourceIn(element, read.name) ?? {}
  const generation = Object.keys(generations).find((name) => generations[name] === read)
  return `${read.name}@${generation ?? ''}`
}

/** Whether rows of that origin are none of this resource. A name alone was stored before generations were told apart. */
export const isOfOther = (
  instance: Pick<OpenInstance, 'element'>,
  resource: Resource,
  origin: string,
): boolean => origin !== originOf(instance, resource) && origin !== vendorOf(resource).name

/**
 * What a poller's name stands for at the moment of a poll, and how that is asked: a mapping may have come, changed or
 * gone since the poller was configured.
 * @throws AppError `not-found`, `bad-request`, `bad-query` where its configuration does not fit any more.
 */
export const polledResource = (instance: OpenInstance, objectType: string, stored: PollerEntry): Polled => {
  const { common } = stored
  const name = common?.name ?? stored.resource
  const resource = hubResourceNamed(instance, name)
  if (resource === undefined)
    throw new AppError('not-found', `${instance.element.title} has no resource '${name}' any more.`)
  // What is the vendor's by its configuration is asked as it was configured, whatever its events are seen through.
  if (common === undefined && vendorOf(resource).name === stored.resource) return { resource, entry: stored }
  const entry = readEntry(instance.element, objectType, common?.given ?? {}, (named) => {
    const found = hubResourceNamed(instance, named)
    return found === undefined ? undefined : { resource: vendorOf(found), plan: mappingOf(found) }
  })
  return { resource, entry }
}
