import { Badge, Group, Stack, Text } from '@mantine/core'
import { useQueryErrorResetBoundary, useSuspenseInfiniteQuery } from '@tanstack/react-query'
import { CatchBoundary, Link } from '@tanstack/react-router'
import { Suspense, useState } from 'react'
import { type EventChoice, eventsQuery } from '../../api/events.ts'
import type { LoggedEvent } from '../../api/shapes.ts'
import { eventStatusColors, eventStatusWords, originOf, subjectOf } from '../../parts/event-words.ts'
import { MoreButton } from '../../ui/MoreButton.tsx'
import { Problem } from '../../ui/Problem.tsx'
import { Waiting } from '../../ui/Waiting.tsx'
import { When } from '../../ui/When.tsx'
import { LogFilter } from './LogFilter.tsx'
import { TestEvent } from './TestEvent.tsx'

const EventItem = ({ instanceId, event }: { readonly instanceId: number; readonly event: LoggedEvent }) => (
  <li className="event" data-event={event.id} data-status={event.status}>
    <Group justify="space-between" gap="xs" wrap="nowrap" align="flex-start">
      <Text fw={600} className="breaks">
        <Link
          to="/instances/$instance/events/$event"
          params={{ instance: String(instanceId), event: event.id }}
          aria-label={`Open ${subjectOf(event)}, event ${event.id}`}
        >
          {subjectOf(event)}
        </Link>
      </Text>
      <Badge color={eventStatusColors[event.status]} variant="filled" style={{ flexShrink: 0 }}>
        {eventStatusWords[event.status]}
      </Badge>
    </Group>
    <Text size="sm" c="dimmed" className="breaks">
      <When at={event.eventDate} exact />, {originOf(event)}, <code>{event.id}</code>
    </Text>
  </li>
)

const EventList = ({ instanceId, choice }: { readonly instanceId: number; readonly choice: EventChoice }) => {
  const list = useSuspenseInfiniteQuery(eventsQuery(instanceId, choice))
  const events = list.data.pages.flatMap((page) => page.events)
  const isChosen = Object.values(choice).some((value) => value !== '')
  if (events.length === 0) {
    return <Text role="status">{isChosen ? 'No event fits.' : 'No event yet.'}</Text>
  }
  return (
    <Stack gap="sm">
      <ul className="events">
        {events.map((event) => (
          <EventItem key={event.id} instanceId={instanceId} event={event} />
        ))}
      </ul>
      <MoreButton list={list} words="Older events" />
    </Stack>
  )
}

const Unread = ({ error, reset }: { readonly error: unknown; readonly reset: () => void }) => {
  const failed = useQueryErrorResetBoundary()
  const again = (): void => {
    failed.reset()
    reset()
  }
  return <Problem error={error} title="The events cannot be shown" again={again} />
}

const everything: EventChoice = { status: '', from: '', to: '' }

/** An instance's events, newest first, and what can be done to many. */
export const EventLog = ({ instanceId }: { readonly instanceId: number }) => {
  const [choice, setChoice] = useState(everything)
  return (
    <Stack>
      <TestEvent instanceId={instanceId} />
      <LogFilter instanceId={instanceId} choice={choice} onChange={setChoice} />
      <CatchBoundary getResetKey={() => Object.values(choice).join(' ')} errorComponent={Unread}>
        <Suspense fallback={<Waiting what="Reading the events" />}>
          <EventList instanceId={instanceId} choice={choice} />
        </Suspense>
      </CatchBoundary>
    </Stack>
  )
}
