import { Group, Stack } from '@mantine/core'
import type { Instance, Metadata } from '../../api/shapes.ts'
import { BusyButton } from '../../ui/BusyButton.tsx'
import { Problem } from '../../ui/Problem.tsx'
import { useStart } from './use-start.ts'

/** A person consents anew on the vendor's page. */
export const ReconnectByConsent = ({
  element,
  instance,
}: {
  readonly element: Metadata
  readonly instance: Instance
}) => {
  const start = useStart()
  const reconnect = (): void =>
    start.mutate({
      element: element.key,
      name: instance.name,
      tags: undefined,
      configuration: {},
      instanceId: instance.id,
    })
  return (
    <Stack gap="sm">
      {start.error === null ? null : <Problem error={start.error} />}
      <Group>
        <BusyButton
          busy={start.isPending || start.isSuccess}
          onClick={reconnect}
          aria-label={`Reconnect ${instance.name}`}
        >
          Reconnect
        </BusyButton>
      </Group>
    </Stack>
  )
}
