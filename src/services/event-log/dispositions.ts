import type { DeliveryAttempt, EventSpan } from '#src/store/index.ts'
import type { EventLogNeed } from './need.ts'

/** A receiver without what its address may carry as a secret. */
const placeOf = (url: string | null): string => {
  if (url === null || !URL.canParse(url)) return 'its receiver'
  const { origin, pathname } = new URL(url)
  return `${origin}${pathname}`
}

const succeeded = ({ status }: DeliveryAttempt): boolean => status !== null && status >= 200 && status < 300

/** `Error delivering event` is what clients look for (spec/behaviour.md 7, dispositions). */
const messageOf = (eventId: string, url: string | null, attempt: DeliveryAttempt): string => {
  const what = attempt.error ?? (attempt.status === null ? 'no answer' : `HTTP ${attempt.status}`)
  return `Error delivering event ${eventId} to ${placeOf(url)} at ${attempt.at}: ${what}`
}

/** What went wrong with an account's events: one row an event, one message an attempt that failed. */
export const createDispositions =
  ({ store }: Pick<EventLogNeed, 'store'>) =>
  async (span: EventSpan, beforeId: number | null, pageSize: number) => {
    const rows = await store.eventLog.failures(span, beforeId, pageSize + 1)
    const byEvent = new Map<string, (typeof rows)[number][]>()
    for (const row of rows) byEvent.set(row.eventId, [...(byEvent.get(row.eventId) ?? []), row])
    const shown = [...byEvent].slice(0, pageSize)
    const items = shown.map(([eventId, deliveries]) => ({
      eventId,
      elementInstanceId: deliveries[0]?.instanceId ?? 0,
      notificationData: deliveries.flatMap(({ log, url }) =>
        log
          .filter((attempt) => !succeeded(attempt))
          .map((attempt) => ({ message: messageOf(eventId, url, attempt) })),
      ),
    }))
    return {
      items,
      nextBeforeId: byEvent.size > shown.length ? shown.at(-1)?.[1][0]?.notificationId : undefined,
    }
  }
