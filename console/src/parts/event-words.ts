import type { EventDelivery, LoggedEvent } from '../api/shapes.ts'
import { stateColors } from './instance-state.ts'

type Status = LoggedEvent['status']

/** What a status of the API means to a person. */
export const eventStatusWords: Readonly<Record<Status, string>> = {
  NEW: 'nobody told',
  RECEIVED: 'to be sent',
  DISPATCHED: 'not delivered yet',
  CONSUMED: 'handed on',
  NOTIFIED: 'delivered',
}

export const eventStatusColors: Readonly<Record<Status, string>> = {
  NEW: stateColors.disabled,
  RECEIVED: stateColors.disabled,
  DISPATCHED: stateColors.expiring,
  CONSUMED: stateColors.ok,
  NOTIFIED: stateColors.ok,
}

export const deliveryWords: Readonly<Record<EventDelivery['status'], string>> = {
  created: 'to be sent',
  retry: 'to be retried',
  queued: 'queued until released',
  notified: 'handed on',
  delivered: 'delivered',
}

export const deliveryColors: Readonly<Record<EventDelivery['status'], string>> = {
  created: stateColors.disabled,
  retry: stateColors.expiring,
  queued: stateColors.expiring,
  notified: stateColors.ok,
  delivered: stateColors.ok,
}

const origins: Readonly<Record<string, string>> = {
  poll: 'found by polling',
  inbound: 'sent by the vendor',
  authentication: 'about the connection itself',
  test: 'made for a test',
}

/** How an event came in. */
export const originOf = ({ kind }: Pick<LoggedEvent, 'kind'>): string => origins[kind] ?? kind

/** What an event is about: `reports`, `3 reports`. */
export const subjectOf = ({
  objectType,
  objectCount,
}: Pick<LoggedEvent, 'objectType' | 'objectCount'>): string =>
  objectCount === 1 ? (objectType ?? 'event') : `${objectCount} × ${objectType ?? 'events'}`
