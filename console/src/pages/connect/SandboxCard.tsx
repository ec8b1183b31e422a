import { Card, Group, Stack, Text, Title } from '@mantine/core'
import type { Metadata } from '../../api/shapes.ts'
import { BusyButton } from '../../ui/BusyButton.tsx'
import { Problem } from '../../ui/Problem.tsx'
import { useStart } from './use-start.ts'

/** The vendor's sandbox in one click: its application is known, so there is nothing to fill in. */
export const SandboxCard = ({ element }: { readonly element: Metadata }) => {
  const start = useStart()
  const { sandbox } = element.connect
  if (sandbox === undefined) return null
  const connect = (): void =>
    start.mutate({
      element: element.key,
      name: `${element.name} sandbox`,
      tags: undefined,
      configuration: sandbox.configuration,
    })
  return (
    <Card withBorder padding="lg" component="section" aria-label="The sandbox">
      <Stack gap="sm">
        <Title order={2} fz="lg">
          The sandbox
        </Title>
        <Text size="sm">
          A copy of the vendor that runs beside this page, with made-up data. Nothing to register, nothing to
          fill in. {sandbox.logins}
        </Text>
        <Group>
          <BusyButton busy={start.isPending || start.isSuccess} onClick={connect}>
            Connect the sandbox
          </BusyButton>
        </Group>
        {start.error === null ? null : <Problem error={start.error} />}
      </Stack>
    </Card>
  )
}
