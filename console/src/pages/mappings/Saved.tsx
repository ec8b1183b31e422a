import { Alert, Stack, Text } from '@mantine/core'
import type { Instance } from '../../api/shapes.ts'
import { CurlLine } from '../../parts/CurlLine.tsx'

/** What can be done with a mapping that was saved. */
export const Saved = ({
  name,
  hub,
  instance,
}: {
  readonly name: string
  readonly hub: string
  readonly instance: Instance | undefined
}) => (
  <Stack gap="sm">
    <Alert color="green" variant="outline" title="Saved" role="status">
      <Text size="sm" className="breaks">
        {name} is a resource like any other now, from the next call on.
      </Text>
    </Alert>
    {instance === undefined ? null : (
      <>
        <Text size="sm" fw={600}>
          Read it from a shell
        </Text>
        <CurlLine
          instance={instance}
          call={{ path: `hubs/${hub}/${name}`, parameters: { pageSize: '10' } }}
          what={`for ${name}`}
        />
      </>
    )}
  </Stack>
)
