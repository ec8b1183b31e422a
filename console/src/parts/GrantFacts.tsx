import { Badge, Group, Stack, Text } from '@mantine/core'
import type { Grant } from '../api/shapes.ts'
import { When } from '../ui/When.tsx'
import { stateColors, stateWords } from './instance-state.ts'

/** How one grant of an instance stands: in whose name, until when, where. */
export const GrantFacts = ({ grant }: { readonly grant: Grant }) => (
  <Stack gap={4}>
    <Group gap="xs">
      <Badge color={stateColors[grant.state]} variant="filled" data-grant={grant.principal}>
        {stateWords[grant.state]}
      </Badge>
      <Text size="sm" fw={600}>
        {grant.principal === 'company' ? 'The company' : 'A person'} ({grant.type})
      </Text>
    </Group>
    {grant.reason === undefined ? null : (
      <Text size="sm" className="breaks">
        {grant.reason}
      </Text>
    )}
    <Text size="sm" c="dimmed" className="breaks">
      {grant.state === 'needs-reconnect' ? null : grant.refreshExpiresAt === null ? (
        'The vendor tells no end of it. '
      ) : (
        <>
          Without use it ends <When at={grant.refreshExpiresAt} />.{' '}
        </>
      )}
      At {grant.geolocation}.
    </Text>
    {grant.scopes.length === 0 ? null : (
      <details>
        <summary>
          <Text span size="sm">
            {grant.scopes.length} scopes
          </Text>
        </summary>
        <Text size="sm" c="dimmed" className="breaks">
          {grant.scopes.join(' ')}
        </Text>
      </details>
    )}
  </Stack>
)
