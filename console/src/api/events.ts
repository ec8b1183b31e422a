import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { ask, call } from './client.ts'
import type { EventSubscription, Instance, LoggedEvent, OneEvent, Poller } from './shapes.ts'

/** Which events are listed; empty texts hold for all. Times in ISO 8601. */
export interface EventChoice {
  readonly status: string
  readonly from: string
  readonly to: string
}

interface EventPage {
  readonly events: readonly LoggedEvent[]
  readonly nextPage: string | undefined
}

const lookEveryMs = 5_000
const pageSize = '25'

/** Below the key of all instances, so that whatever is done to one shows here too. */
const keyOf = (id: number, ...rest: readonly unknown[]) => ['instances', String(id), 'events', ...rest]

const given = (values: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''))

/** Newest first, without their payloads. */
export const eventsQuery = (id: number, choice: EventChoice) =>
  infiniteQueryOptions({
    queryKey: keyOf(id, 'log', choice),
    queryFn: async ({ pageParam }): Promise<EventPage> => {
      const query =
        pageParam === '' ? given({ ...choice, pageSize, hydrate: 'false' }) : { nextPage: pageParam }
      const { data, headers } = await ask<LoggedEvent[]>(`/instances/${id}/events`, { query })
      return { events: data, nextPage: headers.get('elements-next-page-token') ?? undefined }
    },
    initialPageParam: '',
    getNextPageParam: ({ nextPage }) => nextPage,
    refetchInterval: lookEveryMs,
  })

const isUnderWay = ({ deliveries }: OneEvent): boolean =>
  deliveries.some(({ status }) => status === 'created' || status === 'retry')

export const eventQuery = (id: number, eventId: string) =>
  queryOptions({
    queryKey: keyOf(id, 'one', eventId),
    queryFn: () => call<OneEvent>(`/instances/${id}/events/${encodeURIComponent(eventId)}`),
    refetchInterval: ({ state }) => (state.data !== undefined && isUnderWay(state.data) ? 2_000 : false),
  })

export const pollersQuery = (id: number) =>
  queryOptions({
    queryKey: keyOf(id, 'pollers'),
    queryFn: () => call<Poller[]>(`/instances/${id}/event-poller-records`),
    refetchInterval: lookEveryMs,
  })

export const eventSubscriptionQuery = (id: number) =>
  queryOptions({
    queryKey: keyOf(id, 'subscription'),
    queryFn: () => call<EventSubscription>(`/instances/${id}/event-subscription`),
    refetchInterval: lookEveryMs,
  })

/** Sends an event about nothing; its id comes back. @throws ApiError */
export const sendTestEvent = (id: number): Promise<{ readonly eventId: string }> =>
  call(`/instances/${id}/events/test`, { method: 'POST' })

/** @returns how many deliveries are sent. @throws ApiError */
const release = async (query: Readonly<Record<string, string>>): Promise<number> => {
  const { headers } = await ask('/notifications/subscriptions/deliveries', { method: 'PUT', query })
  return Number(headers.get('elements-total-count') ?? headers.get('elements-returned-count') ?? 0)
}

/** Sends what an instance's receivers have not got yet; a receiver that was given up is tried again. */
export const releaseQueued = (id: number): Promise<number> => release({ where: `instanceId=${id}` })

/** Sends one event again, delivered or not. */
export const replayEvent = (notificationId: number): Promise<number> =>
  release({ where: `notificationId=${notificationId}`, replay: 'true' })

/** Sends again all events of an instance between two times, delivered or not. */
export const replayRange = (id: number, { from, to }: Pick<EventChoice, 'from' | 'to'>): Promise<number> =>
  release({ where: `instanceId=${id}`, replay: 'true', ...given({ from, to }) })

/** Overwrites configuration values of an instance; null removes one. @throws ApiError */
export const configureInstance = (
  id: number,
  configuration: Readonly<Record<string, string | null>>,
): Promise<Instance> => call(`/instances/${id}`, { method: 'PATCH', body: { configuration } })
