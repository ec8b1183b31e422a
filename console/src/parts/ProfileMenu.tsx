import { Button, Divider, Group, Popover, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useSignedIn, useSignOut } from '../api/session.ts'
import { BusyButton } from '../ui/BusyButton.tsx'
import { LinkButton } from '../ui/LinkButton.tsx'
import { Problem } from '../ui/Problem.tsx'
import { SecretPanel } from './SecretPanel.tsx'

/** Top right, as people know it from Cloud Elements: who is signed in, the two secrets, the way out. */
export const ProfileMenu = () => {
  const user = useSignedIn()
  const signOut = useSignOut()
  const [isOpen, setOpen] = useState(false)
  return (
    <Popover
      opened={isOpen}
      onChange={setOpen}
      position="bottom-end"
      width="min(26rem, calc(100vw - 1rem))"
      trapFocus
      returnFocus
      shadow="md"
      withRoles={false}
    >
      <Popover.Target>
        <Button
          variant="default"
          aria-haspopup="dialog"
          aria-expanded={isOpen}
          onClick={() => setOpen((open) => !open)}
        >
          Profile
        </Button>
      </Popover.Target>
      <Popover.Dropdown
        role="dialog"
        aria-label="Profile"
        mah="calc(100dvh - 5rem)"
        style={{ overflowY: 'auto' }}
      >
        <Stack gap="md">
          <div>
            <Text fw={600} className="breaks">
              {user.email}
            </Text>
            <Text size="sm" c="dimmed" className="breaks">
              {user.organization.name}, organization {user.organization.id}, user {user.id}
            </Text>
          </div>
          <Divider />
          <SecretPanel />
          <Divider />
          <Group gap="xs">
            <LinkButton to="/secrets" hash="password" variant="default" onClick={() => setOpen(false)}>
              Change password
            </LinkButton>
            <BusyButton busy={signOut.isPending} onClick={() => signOut.mutate()}>
              Sign out
            </BusyButton>
          </Group>
          {signOut.error === null ? null : <Problem error={signOut.error} />}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}
