import { Alert, Group, Text } from '@mantine/core'
import type { Instance } from '../../api/shapes.ts'
import { expiryOf, stateOf } from '../../parts/instance-state.ts'
import { LinkButton } from '../../ui/LinkButton.tsx'
import { When } from '../../ui/When.tsx'

/** Instances that need a person, before anything else. */
export const Attention = ({ instances }: { readonly instances: readonly Instance[] }) => {
  const troubled = instances.filter((one) => ['needs-reconnect', 'expiring'].includes(stateOf(one)))
  return (
    <>
      {troubled.map((instance) => {
        const expiry = expiryOf(instance)
        const isOver = stateOf(instance) === 'needs-reconnect'
        return (
          <Alert
            key={instance.id}
            color={isOver ? 'red' : 'yellow'}
            variant="outline"
            mb="md"
            title={isOver ? `${instance.name} needs to be connected again` : `${instance.name} ends soon`}
          >
            <Group justify="space-between" gap="sm">
              <Text size="sm">
                {isOver || expiry === undefined ? (
                  'Its calls are refused until a person consents again.'
                ) : (
                  <>
                    Without use it ends at <When at={expiry} />.
                  </>
                )}
              </Text>
              <LinkButton
                size="xs"
                to="/instances/$instance"
                params={{ instance: String(instance.id) }}
                aria-label={`Open ${instance.name}`}
              >
                Open
              </LinkButton>
            </Group>
          </Alert>
        )
      })}
    </>
  )
}
