import { Alert, Group, Stack, Text } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { ApiError } from '../api/client.ts'
import { removeInstance, setEnabled, testInstance, useInstanceAction } from '../api/queries.ts'
import type { Instance } from '../api/shapes.ts'
import { BusyButton } from '../ui/BusyButton.tsx'
import { Confirm } from '../ui/Confirm.tsx'
import { LinkButton } from '../ui/LinkButton.tsx'
import { Problem } from '../ui/Problem.tsx'
import { stateOf } from './instance-state.ts'

const needsReconnect = (error: unknown): boolean =>
  error instanceof ApiError && error.code === 'needs-reconnect'

/** What can be done to an instance, and what came of it. */
export const InstanceActions = ({ instance }: { readonly instance: Instance }) => {
  const { id, name, disabled } = instance
  const navigate = useNavigate()
  const test = useInstanceAction(() => testInstance(id))
  const enable = useInstanceAction(() => setEnabled(id, disabled))
  const remove = useInstanceAction(() => removeInstance(id))
  return (
    <Stack gap="sm">
      <Group gap="xs">
        <BusyButton
          size="xs"
          variant="default"
          aria-label={`Test ${name}`}
          busy={test.isPending}
          onClick={() => test.mutate(undefined)}
        >
          Test
        </BusyButton>
        <LinkButton
          size="xs"
          variant={stateOf(instance) === 'needs-reconnect' ? 'filled' : 'default'}
          to="/connect/$element"
          params={{ element: instance.element.key }}
          search={{ instance: String(id) }}
          aria-label={`Reconnect ${name}`}
        >
          Reconnect
        </LinkButton>
        <BusyButton
          size="xs"
          variant="default"
          aria-label={`${disabled ? 'Enable' : 'Disable'} ${name}`}
          busy={enable.isPending}
          onClick={() => enable.mutate(undefined)}
        >
          {disabled ? 'Enable' : 'Disable'}
        </BusyButton>
        <Confirm
          label="Delete"
          what={name}
          title={`Delete ${name}?`}
          text="Its Element token is refused from then on, and what Amalgam stored of the connection is gone. Where this was the last connection of a person's consent, it is revoked at the vendor; the data there stays."
          action={async () => {
            await remove.mutateAsync(undefined)
            await navigate({ to: '/instances' })
          }}
        />
      </Group>
      {test.data === undefined || test.isPending ? null : (
        <Alert color="green" variant="outline" role="status" title="It works">
          {test.data.rows === 0
            ? `The vendor answered in ${test.data.ms} ms: it lists no ${test.data.resource} for this connection.`
            : `The vendor answered in ${test.data.ms} ms with a row of ${test.data.resource}.`}
        </Alert>
      )}
      {test.error === null ? null : (
        <>
          <Problem error={test.error} title="The test failed" />
          {needsReconnect(test.error) ? (
            <Text size="sm">Reconnect, above, does all of that here: id and Element token stay.</Text>
          ) : null}
        </>
      )}
      {enable.error === null ? null : <Problem error={enable.error} />}
    </Stack>
  )
}
