import { Alert, Group, PasswordInput, Stack } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useChangePassword } from '../../api/session.ts'
import { BusyButton } from '../../ui/BusyButton.tsx'
import { Problem } from '../../ui/Problem.tsx'

export const PasswordForm = () => {
  const change = useChangePassword()
  const [oldPassword, setOld] = useState('')
  const [newPassword, setNew] = useState('')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    change.mutate(
      { oldPassword, newPassword },
      {
        onSuccess: () => {
          setOld('')
          setNew('')
        },
      },
    )
  }
  const toggle = (what: string) => ({ 'aria-label': `Show the ${what} password`, tabIndex: 0 })
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <PasswordInput
          label="Password of today"
          autoComplete="current-password"
          required
          value={oldPassword}
          onChange={(event) => setOld(event.currentTarget.value)}
          visibilityToggleButtonProps={toggle('old')}
        />
        <PasswordInput
          label="New password"
          description="At least 8 characters"
          autoComplete="new-password"
          required
          minLength={8}
          value={newPassword}
          onChange={(event) => setNew(event.currentTarget.value)}
          visibilityToggleButtonProps={toggle('new')}
        />
        {change.error === null ? null : <Problem error={change.error} title="The password is not changed" />}
        {change.isSuccess ? (
          <Alert color="green" variant="outline" role="status">
            The password is changed. Other browsers and devices are signed out.
          </Alert>
        ) : null}
        <Group>
          <BusyButton type="submit" busy={change.isPending}>
            Change password
          </BusyButton>
        </Group>
      </Stack>
    </form>
  )
}
