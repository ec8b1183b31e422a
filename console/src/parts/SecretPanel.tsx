import { Button, Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useReadSecrets, useResetSecret } from '../api/session.ts'
import type { Secrets } from '../api/shapes.ts'
import { Confirm } from '../ui/Confirm.tsx'
import { CopyButton } from '../ui/CopyButton.tsx'
import { Masked } from '../ui/Masked.tsx'
import { Problem } from '../ui/Problem.tsx'

const kinds = [
  {
    key: 'organization',
    field: 'organizationSecret',
    title: 'Organization Secret',
    about: 'Who your organization is. Calls to the platform send it.',
    warning:
      'Every application of your organization that sends the old Organization Secret is refused from now on.',
  },
  {
    key: 'user',
    field: 'userSecret',
    title: 'User Secret',
    about: 'Who you are. Every call sends it.',
    warning: 'Every application that sends your old User Secret is refused from now on.',
  },
] as const

const SecretRow = ({
  kind,
  secrets,
  read,
  keep,
}: {
  readonly kind: (typeof kinds)[number]
  readonly secrets: Secrets | undefined
  readonly read: () => Promise<Secrets>
  readonly keep: (secrets: Secrets) => void
}) => {
  const [isShown, setShown] = useState(false)
  const [error, setError] = useState<unknown>()
  const reset = useResetSecret()
  const value = isShown ? secrets?.[kind.field] : undefined
  const show = async (): Promise<void> => {
    setError(undefined)
    try {
      await read()
      setShown(true)
    } catch (thrown) {
      setError(thrown)
    }
  }
  return (
    <Stack gap={6} component="section" aria-label={kind.title}>
      <Text fw={600}>{kind.title}</Text>
      <Text size="sm" c="dimmed">
        {kind.about}
      </Text>
      <div className="code" data-secret={kind.key}>
        {value ?? <Masked />}
      </div>
      <Group gap="xs">
        {value === undefined ? (
          <Button size="xs" variant="default" aria-label={`Show ${kind.title}`} onClick={() => void show()}>
            Show
          </Button>
        ) : (
          <Button
            size="xs"
            variant="default"
            aria-label={`Hide ${kind.title}`}
            onClick={() => setShown(false)}
          >
            Hide
          </Button>
        )}
        <CopyButton what={kind.title} text={async () => (await read())[kind.field]} />
        <Confirm
          label="Reset"
          what={kind.title}
          title={`Reset the ${kind.title}?`}
          text={`${kind.warning} The new one stands here at once.`}
          action={async () => {
            keep(await reset.mutateAsync(kind.key))
            setShown(true)
          }}
        />
      </Group>
      {error === undefined ? null : <Problem error={error} />}
    </Stack>
  )
}

/** Both secrets: masked until shown, fetched only when they are wanted. */
export const SecretPanel = () => {
  const [secrets, setSecrets] = useState<Secrets>()
  const readSecrets = useReadSecrets()
  const read = async (): Promise<Secrets> => {
    const found = await readSecrets()
    setSecrets(found)
    return found
  }
  return (
    <Stack gap="md">
      {kinds.map((kind) => (
        <SecretRow key={kind.key} kind={kind} secrets={secrets} read={read} keep={setSecrets} />
      ))}
    </Stack>
  )
}
