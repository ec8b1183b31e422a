import { hasEvents } from '../pollers/index.ts'
import type { EventLogNeed } from './need.ts'

/** Whether an instance's events are on, and where they go (spec/contract.md 6.1). */
export interface EventSettings {
  readonly enabled: boolean
  readonly callbackUrl: string | undefined
}

export const eventSettings = (
  configuration: Awaited<ReturnType<EventLogNeed['instances']['wholeConfiguration']>>,
): EventSettings => ({
  enabled: hasEvents(configuration),
  callbackUrl: configuration['event.notification.callback.url']?.trim() || undefined,
})
