import { Code, Container, Paper, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { getRouteApi, Navigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useSession, useSignIn } from '../../api/session.ts'
import { BusyButton } from '../../ui/BusyButton.tsx'
import { PageHead } from '../../ui/PageHead.tsx'
import { Problem } from '../../ui/Problem.tsx'

const route = getRouteApi('/sign-in')

/** Only a path of this page: an address from elsewhere must lead nowhere else. */
const ownPath = (next: string | undefined): string =>
  next !== undefined && /^\/(?![/\\])/.test(next) ? next : '/'

export const SignIn = () => {
  const { next } = route.useSearch()
  const { user } = useSession()
  const signIn = useSignIn()
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  if (user !== null) return <Navigate to={ownPath(next)} replace />
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    signIn.mutate({ username, password })
  }
  return (
    <Container size={460} py={{ base: 'lg', sm: 64 }} component="main">
      <PageHead title="Sign in" about="Amalgam, your API hub" />
      <Paper withBorder p="lg">
        <form onSubmit={submit}>
          <Stack>
            <TextInput
              label="E-mail"
              type="email"
              name="username"
              autoComplete="username"
              required
              autoFocus
              value={username}
              onChange={(event) => setUsername(event.currentTarget.value)}
            />
            <PasswordInput
              label="Password"
              name="password"
              autoComplete="current-password"
              required
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
              visibilityToggleButtonProps={{ 'aria-label': 'Show the password', tabIndex: 0 }}
            />
            {signIn.error === null ? null : <Problem error={signIn.error} title="You are not signed in" />}
            <BusyButton type="submit" busy={signIn.isPending}>
              Sign in
            </BusyButton>
          </Stack>
        </form>
      </Paper>
      <Text size="sm" c="dimmed" mt="md">
        The first administrator's e-mail and password stand in <Code>credentials.sh</Code> in the data folder
        (<Code>data/credentials.sh</Code> where <Code>npm start</Code> runs).
      </Text>
    </Container>
  )
}
