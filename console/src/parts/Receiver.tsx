import { Alert, Group, Stack, Text } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { eventSubscriptionQuery, releaseQueued } from '../api/events.ts'
import { useInstanceAction } from '../api/queries.ts'
import type { EventSubscription } from '../api/shapes.ts'
import { BusyButton } from '../ui/BusyButton.tsx'
import { Problem } from '../ui/Problem.tsx'

const waitingWords = ({ queued, onTheWay }: EventSubscription): string => {
  const parts = [
    queued === 0 ? '' : `${queued} queued until released`,
    onTheWay === 0 ? '' : `${onTheWay} on the way`,
  ].filter((part) => part !== '')
  return parts.length === 0 ? 'Nothing waits.' : `Deliveries: ${parts.join(', ')}.`
}

const placeWords = ({ enabled, callbackUrl }: EventSubscription): string => {
  if (!enabled) return 'Events are off.'
  return callbackUrl === undefined
    ? 'Events are on, but there is no callback URL: nobody is told.'
    : `Events go to ${callbackUrl}.`
}

const isGivenUp = ({ subscriptionId, active }: EventSubscription): boolean =>
  subscriptionId !== undefined && !active

const State = ({ receiver }: { readonly receiver: EventSubscription }) =>
  isGivenUp(receiver) ? (
    <Alert color="yellow" variant="outline" role="status" title="Events are held back">
      <Text size="sm" className="breaks">
        {receiver.inactiveReason ?? 'The receiver was given up.'}
      </Text>
      <Text size="sm" className="breaks">
        {placeWords(receiver)} {waitingWords(receiver)}
      </Text>
    </Alert>
  ) : (
    <Text size="sm" className="breaks">
      {placeWords(receiver)}{' '}
      {receiver.enabled || receiver.queued + receiver.onTheWay > 0 ? waitingWords(receiver) : null}
    </Text>
  )

/** Where an instance's events go, why none go there any more, and what waits. */
export const Receiver = ({ instanceId }: { readonly instanceId: number }) => {
  const { data: receiver } = useSuspenseQuery(eventSubscriptionQuery(instanceId))
  const release = useInstanceAction(() => releaseQueued(instanceId))
  return (
    <Stack gap="sm" data-receiver={isGivenUp(receiver) ? 'given-up' : receiver.enabled ? 'on' : 'off'}>
      <State receiver={receiver} />
      {isGivenUp(receiver) || receiver.queued > 0 ? (
        <Group gap="xs">
          <BusyButton size="xs" busy={release.isPending} onClick={() => release.mutate(undefined)}>
            Release what is queued
          </BusyButton>
        </Group>
      ) : null}
      {release.error === null ? null : <Problem error={release.error} />}
      {release.data === undefined ? null : (
        <Text size="sm" role="status">
          {release.data === 0 ? 'Nothing was queued.' : `${release.data} deliveries are sent.`}
        </Text>
      )}
    </Stack>
  )
}
