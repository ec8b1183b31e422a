import { Container, Group, Stack } from '@mantine/core'
import { useRouter } from '@tanstack/react-router'
import { ApiError } from '../api/client.ts'
import { LinkButton } from '../ui/LinkButton.tsx'
import { PageHead } from '../ui/PageHead.tsx'
import { Problem } from '../ui/Problem.tsx'

interface FailedProps {
  readonly error: unknown
  readonly reset: () => void
}

/** Stands where a page could not be shown, with the frame of the pages around it. */
export const Failed = ({ error, reset }: FailedProps) => {
  const { invalidate } = useRouter()
  const isMissing = error instanceof ApiError && error.status === 404
  const again = (): void => {
    reset()
    void invalidate()
  }
  return (
    <>
      <PageHead title={isMissing ? 'Nothing is here' : 'This page cannot be shown'} />
      <Stack>
        {isMissing ? <Problem error={error} /> : <Problem error={error} again={again} />}
        <Group gap="xs">
          <LinkButton to="/instances" variant="default" onClick={reset}>
            See the instances
          </LinkButton>
          <LinkButton to="/catalogue" variant="default" onClick={reset}>
            See the catalogue
          </LinkButton>
        </Group>
      </Stack>
    </>
  )
}

/** The same where the frame failed as well. */
export const FailedAlone = (props: FailedProps) => (
  <Container py="lg" component="main">
    <Failed {...props} />
  </Container>
)
