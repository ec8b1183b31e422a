import { Badge, Card, Group, Stack, Text, Title } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { eventQuery, replayEvent } from '../../api/events.ts'
import { instanceQuery, useInstanceAction } from '../../api/queries.ts'
import type { OneEvent } from '../../api/shapes.ts'
import { eventStatusColors, eventStatusWords, originOf, subjectOf } from '../../parts/event-words.ts'
import { BusyButton } from '../../ui/BusyButton.tsx'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { LinkButton } from '../../ui/LinkButton.tsx'
import { PageHead } from '../../ui/PageHead.tsx'
import { Problem } from '../../ui/Problem.tsx'
import { TextBlock } from '../../ui/TextBlock.tsx'
import { When } from '../../ui/When.tsx'
import { Delivery } from './Delivery.tsx'

const route = getRouteApi('/shell/instances/$instance/events/$event')

const pretty = (text: string): string => {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

const Section = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <Card withBorder padding="lg" component="section" aria-label={title}>
    <Title order={2} fz="lg" mb="sm">
      {title}
    </Title>
    <Stack gap="sm">{children}</Stack>
  </Card>
)

const Incoming = ({ event }: { readonly event: OneEvent }) => (
  <Section title="In">
    <Text size="sm" className="breaks">
      {subjectOf(event)}, {originOf(event)} at <When at={event.eventDate} exact />
    </Text>
    <TextBlock label="What came in" text={pretty(event.providerData)} />
    <Group>
      <CopyButton what="what came in" text={event.providerData}>
        Copy JSON
      </CopyButton>
    </Group>
  </Section>
)

const Outgoing = ({ event }: { readonly event: OneEvent }) => {
  const [instance] = event.eventElementInstances
  const replay = useInstanceAction(() => replayEvent(instance?.notificationId ?? 0))
  return (
    <Section title="Out">
      {event.deliveries.length === 0 ? (
        <Text size="sm">Nobody wanted it when it came in, so it is sent to nobody.</Text>
      ) : (
        <Group gap="sm">
          <BusyButton size="xs" busy={replay.isPending} onClick={() => replay.mutate(undefined)}>
            Replay this event
          </BusyButton>
          {replay.isSuccess ? (
            <Text size="sm" role="status">
              {replay.data === 0 ? 'It is being sent at this moment.' : 'It is sent again.'}
            </Text>
          ) : null}
        </Group>
      )}
      {replay.error === null ? null : <Problem error={replay.error} title="It is not sent again" />}
      {event.deliveries.map((delivery) => (
        <Delivery key={delivery.id} delivery={delivery} />
      ))}
      <details>
        <summary>
          <Text span size="sm">
            What is sent, byte by byte
          </Text>
        </summary>
        <TextBlock label="What is sent" text={event.notification} />
        <Group mt="xs">
          <CopyButton what="what is sent" text={event.notification} />
        </Group>
      </details>
    </Section>
  )
}

/** One event: what came in, and each way out with every attempt. */
export const EventPage = () => {
  const { instance: id, event: eventId } = route.useParams()
  const { data: instance } = useSuspenseQuery(instanceQuery(id))
  const { data: event } = useSuspenseQuery(eventQuery(instance.id, eventId))
  return (
    <>
      <PageHead
        title={`Event ${event.id}`}
        about={
          <Group gap="xs">
            <Badge color={eventStatusColors[event.status]} variant="filled" data-status={event.status}>
              {eventStatusWords[event.status]}
            </Badge>
            of {instance.name}
          </Group>
        }
      >
        <CopyButton what="the id of the event" text={event.id} size="sm">
          Copy id
        </CopyButton>
        <LinkButton to="/instances/$instance/events" params={{ instance: id }} variant="default">
          All events
        </LinkButton>
      </PageHead>
      <Stack>
        <Incoming event={event} />
        <Outgoing event={event} />
      </Stack>
    </>
  )
}
