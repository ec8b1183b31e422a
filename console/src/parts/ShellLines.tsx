import { Stack, Text } from '@mantine/core'
import type { Instance } from '../api/shapes.ts'
import { CurlLine } from './CurlLine.tsx'
import type { ShownCall } from './curl-line.ts'

/** Command lines for calls, out of the way until they are wanted. */
export const ShellLines = ({
  title,
  instance,
  lines,
}: {
  readonly title: string
  readonly instance: Instance
  readonly lines: readonly { readonly call: ShownCall; readonly what: string }[]
}) => (
  <details>
    <summary>
      <Text span size="sm">
        {title}
      </Text>
    </summary>
    <Stack gap="sm" pt="xs">
      {lines.map(({ call, what }) => (
        <CurlLine key={what} instance={instance} call={call} what={what} />
      ))}
    </Stack>
  </details>
)
