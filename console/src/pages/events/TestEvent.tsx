import { Alert, Group, Stack, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { sendTestEvent } from '../../api/events.ts'
import { useInstanceAction } from '../../api/queries.ts'
import { BusyButton } from '../../ui/BusyButton.tsx'
import { Problem } from '../../ui/Problem.tsx'

/** Sends an event about nothing the way of every other, and leads to it. */
export const TestEvent = ({ instanceId }: { readonly instanceId: number }) => {
  const test = useInstanceAction(() => sendTestEvent(instanceId))
  return (
    <Stack gap="sm">
      <Group gap="xs">
        <BusyButton size="xs" busy={test.isPending} onClick={() => test.mutate(undefined)}>
          Send a test event
        </BusyButton>
      </Group>
      {test.error === null ? null : <Problem error={test.error} title="No test event was sent" />}
      {test.data === undefined || test.isPending ? null : (
        <Alert color="green" variant="outline" role="status" title="A test event is on its way">
          <Text size="sm" className="breaks">
            <Link
              to="/instances/$instance/events/$event"
              params={{ instance: String(instanceId), event: test.data.eventId }}
              className="shown-link"
            >
              See event {test.data.eventId}
            </Link>
          </Text>
        </Alert>
      )}
    </Stack>
  )
}
