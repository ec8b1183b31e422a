import type { JsonObject } from '#src/lib/json.ts'
import type { Element, Resource } from './element.ts'

/** What a poller has unless its configuration says otherwise: seconds, rows, seconds (spec/contract.md 6.1). */
export const pollerDefaults = { createdCheckTolerance: 60, pageSize: 100, pollDelay: 0 } as const

const dateFormat = "yyyy-MM-dd'T'HH:mm:ss.SSS"

/** The query by which a resource is asked for what is newer, unless a configuration says another. */
export const usualPollerQuery = ({ changes }: Resource): string => {
  if (changes?.kind !== 'dated') return ''
  const by = changes.since === undefined ? `${changes.updated} >` : `${changes.since} =`
  return `where=${by} '\${gmtDate:${dateFormat}}'`
}

const datesOf = ({ changes }: Resource): JsonObject => {
  if (changes?.kind !== 'dated') return {}
  const dates = {
    updatedDateField: changes.updated,
    updatedDateFormat: dateFormat,
    updatedDateTimezone: 'GMT',
  }
  if (changes.created === undefined) return dates
  return {
    ...dates,
    createdDateField: changes.created,
    createdDateFormat: dateFormat,
    createdDateTimezone: 'GMT',
  }
}

const entryOf = ({ hub }: Element, resource: Resource): JsonObject => {
  const query = usualPollerQuery(resource)
  return {
    url: `/hubs/${hub}/${resource.name}${query === '' ? '' : `?${query}`}`,
    idField: resource.key,
    filterByUpdatedDate: true,
    ...pollerDefaults,
    datesConfiguration: datesOf(resource),
  }
}

/** What is polled of an element unless an instance says otherwise, as `event.poller.configuration` would say it. */
export const usualPollers = (element: Element): Readonly<Record<string, JsonObject>> =>
  Object.fromEntries(
    Object.values(element.resources)
      .filter(({ polledUnasked }) => polledUnasked === true)
      .map((resource) => [resource.name, entryOf(element, resource)]),
  )
