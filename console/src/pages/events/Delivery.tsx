import { Badge, Group, Paper, Stack, Text } from '@mantine/core'
import type { EventDelivery } from '../../api/shapes.ts'
import { deliveryColors, deliveryWords } from '../../parts/event-words.ts'
import { When } from '../../ui/When.tsx'

const Attempts = ({ delivery }: { readonly delivery: EventDelivery }) => (
  <ol className="events" aria-label={`Attempts of delivery ${delivery.id}`}>
    {delivery.attempts.map((attempt, at) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: attempts are only added at the end
      <li key={at} className="event">
        <Group justify="space-between" gap="xs" wrap="nowrap" align="flex-start">
          <Text size="sm">
            <When at={attempt.at} exact />
          </Text>
          <Text size="sm" fw={600} style={{ flexShrink: 0 }}>
            {attempt.status ?? 'no answer'}
          </Text>
        </Group>
        <Text size="sm" c="dimmed" className="breaks">
          {attempt.ms} ms{attempt.error === undefined ? '' : `: ${attempt.error}`}
        </Text>
      </li>
    ))}
  </ol>
)

/** One way of an event to a receiver. */
export const Delivery = ({ delivery }: { readonly delivery: EventDelivery }) => (
  <Paper
    withBorder
    p="sm"
    component="article"
    aria-label={`Delivery ${delivery.id}`}
    data-delivery={delivery.status}
  >
    <Stack gap="xs">
      <Group justify="space-between" gap="xs" wrap="nowrap" align="flex-start">
        <Text size="sm" fw={600} className="breaks">
          {delivery.channel === 'webhook' ? 'To' : `By ${delivery.channel} to`}{' '}
          {delivery.url ?? 'its receiver'}
        </Text>
        <Badge color={deliveryColors[delivery.status]} variant="filled" style={{ flexShrink: 0 }}>
          {deliveryWords[delivery.status]}
        </Badge>
      </Group>
      <Text size="sm" c="dimmed">
        Subscription {delivery.subscriptionId}
        {delivery.nextDate === undefined ? null : (
          <>
            ; the next attempt comes at <When at={delivery.nextDate} exact />
          </>
        )}
      </Text>
      {delivery.attempts.length === 0 ? (
        <Text size="sm">No attempt yet.</Text>
      ) : (
        <Attempts delivery={delivery} />
      )}
    </Stack>
  </Paper>
)
