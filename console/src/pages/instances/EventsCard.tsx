import { Card, Group, Stack, Title } from '@mantine/core'
import type { Instance } from '../../api/shapes.ts'
import { Receiver } from '../../parts/Receiver.tsx'
import { LinkButton } from '../../ui/LinkButton.tsx'

/** How an instance's events stand, and the way to them. */
export const EventsCard = ({ instance }: { readonly instance: Instance }) => {
  const label = instance.eventsEnabled ? 'Open the events' : 'Set up events'
  return (
    <Card withBorder padding="lg" component="section" aria-label="Events">
      <Title order={2} fz="lg" mb="sm">
        Events
      </Title>
      <Stack gap="sm">
        <Receiver instanceId={instance.id} />
        <Group gap="xs">
          <LinkButton
            size="xs"
            variant="default"
            to="/instances/$instance/events"
            params={{ instance: String(instance.id) }}
            search={instance.eventsEnabled ? {} : { view: 'settings' }}
            aria-label={`${label} of ${instance.name}`}
          >
            {label}
          </LinkButton>
        </Group>
      </Stack>
    </Card>
  )
}
