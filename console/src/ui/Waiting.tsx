import { Button, Group, Loader, Text } from '@mantine/core'
import { useEffect, useState } from 'react'

const slowAfterMs = 8_000

/** Says what is awaited, and after a while that it takes long and what can be done. */
export const Waiting = ({ what }: { readonly what: string }) => {
  const [isSlow, setSlow] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), slowAfterMs)
    return () => clearTimeout(timer)
  }, [])
  return (
    <Group role="status" gap="sm" py="md">
      <Loader size="sm" aria-hidden />
      <Text size="sm">
        {what} …{isSlow ? ' It takes longer than usual.' : ''}
      </Text>
      {isSlow ? (
        <Button size="xs" variant="default" onClick={() => window.location.reload()}>
          Load the page again
        </Button>
      ) : null}
    </Group>
  )
}
