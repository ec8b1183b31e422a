import { Alert, Button, Group, Text } from '@mantine/core'
import { ApiError } from '../api/client.ts'

const whose: Readonly<Record<string, string>> = {
  provider: 'The vendor refused',
  network: 'The way between failed',
  amalgam: 'This did not work',
}

/** A failure in the API's own words, which name the fix; what the vendor said stands apart. */
export const Problem = ({
  error,
  title,
  again,
}: {
  readonly error: unknown
  readonly title?: string
  readonly again?: () => void
}) => {
  const known = error instanceof ApiError ? error : undefined
  const text = error instanceof Error ? error.message : 'Something failed on this page. Load it again.'
  return (
    <Alert
      color="red"
      variant="outline"
      title={title ?? whose[known?.hop ?? 'amalgam'] ?? 'This did not work'}
      role="alert"
    >
      <Text size="sm" className="breaks">
        {text}
      </Text>
      {known?.providerMessage === undefined ? null : (
        <Text size="sm" mt="xs" className="breaks">
          The vendor's words: {known.providerMessage}
        </Text>
      )}
      {known?.requestId === undefined ? null : (
        <Text size="xs" c="dimmed" mt="xs" className="breaks">
          Request {known.requestId}, code {known.code}
        </Text>
      )}
      {again === undefined ? null : (
        <Group mt="sm">
          <Button size="xs" variant="default" onClick={again}>
            Try again
          </Button>
        </Group>
      )}
    </Alert>
  )
}
