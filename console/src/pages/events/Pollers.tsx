import { Badge, Card, Group, Stack, Text } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { pollersQuery } from '../../api/events.ts'
import type { Poller } from '../../api/shapes.ts'
import { intervalWords } from '../../parts/event-settings.ts'
import { stateColors } from '../../parts/instance-state.ts'
import { When } from '../../ui/When.tsx'

const At = ({ name, at }: { readonly name: string; readonly at: string | undefined }) => (
  <Text size="sm">
    {name}: {at === undefined ? 'not yet' : <When at={at} exact />}
  </Text>
)

const PollerCard = ({ poller }: { readonly poller: Poller }) => {
  const isFailing = poller.failures > 0
  return (
    <Card
      withBorder
      padding="md"
      component="article"
      aria-label={poller.objectType}
      data-poller={poller.objectType}
    >
      <Stack gap={4}>
        <Group justify="space-between" gap="xs">
          <Text fw={600} component="h2">
            {poller.objectType}
          </Text>
          <Badge color={isFailing ? 'red.9' : stateColors.ok} variant="filled">
            {isFailing ? `${poller.failures} failed in a row` : 'ok'}
          </Badge>
        </Group>
        {poller.failure === undefined ? null : (
          <Text size="sm" className="breaks">
            {poller.failure}
          </Text>
        )}
        <Text size="sm" c="dimmed">
          Every {intervalWords(poller.interval)}; {poller.eventCount} events so far
        </Text>
        <At name="Last poll" at={poller.lastPolledDate} />
        <At name="Next poll" at={poller.nextPollDate} />
        <At name="Last change found" at={poller.lastFoundDate} />
        <details>
          <summary>
            <Text span size="sm">
              How it asks
            </Text>
          </summary>
          <pre className="code">{JSON.stringify(poller.configuration, null, 2)}</pre>
        </details>
      </Stack>
    </Card>
  )
}

/** What is polled of an instance, and how that goes. */
export const Pollers = ({ instanceId }: { readonly instanceId: number }) => {
  const { data: pollers } = useSuspenseQuery(pollersQuery(instanceId))
  if (pollers.length === 0) {
    return <Text role="status">Nothing is polled. Switch events on in the settings.</Text>
  }
  return (
    <Stack gap="sm">
      {pollers.map((poller) => (
        <PollerCard key={poller.objectType} poller={poller} />
      ))}
    </Stack>
  )
}
