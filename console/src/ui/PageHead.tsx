import { Group, Stack, Text, Title } from '@mantine/core'
import { type ReactNode, useEffect } from 'react'

/** A page's heading, which also names the browser's tab. */
export const PageHead = ({
  title,
  about,
  children,
}: {
  readonly title: string
  readonly about?: ReactNode
  readonly children?: ReactNode
}) => {
  useEffect(() => {
    document.title = `${title} · Amalgam`
  }, [title])
  return (
    <Group justify="space-between" align="flex-start" mb="lg" gap="md">
      <Stack gap={4} style={{ minWidth: 0, flex: '1 1 18rem' }}>
        <Title order={1} fz={{ base: 24, sm: 30 }} className="breaks">
          {title}
        </Title>
        {about === undefined ? null : (
          <Text c="dimmed" component="div">
            {about}
          </Text>
        )}
      </Stack>
      {children === undefined ? null : <Group gap="xs">{children}</Group>}
    </Group>
  )
}
