import { Box, Container, Divider, Group, Text } from '@mantine/core'
import { Link, Navigate, Outlet, useRouterState } from '@tanstack/react-router'
import { Suspense, useState } from 'react'
import { useSession } from '../api/session.ts'
import { ProfileMenu } from '../parts/ProfileMenu.tsx'
import { LinkButton } from '../ui/LinkButton.tsx'
import { Waiting } from '../ui/Waiting.tsx'

const places = [
  { to: '/', title: 'Home' },
  { to: '/catalogue', title: 'Catalogue' },
  { to: '/instances', title: 'Instances' },
  { to: '/mappings', title: 'Mappings' },
] as const

const Header = () => (
  <Box component="header">
    <Container size="lg" py="sm">
      <Group gap="sm">
        <Text span fw={700} fz="lg" mr="md">
          Amalgam
        </Text>
        <Group gap="lg" component="nav" aria-label="Pages" className="pages">
          {places.map(({ to, title }) => (
            <Link
              key={to}
              to={to}
              className="place"
              activeOptions={{ exact: to === '/' }}
              activeProps={{ 'data-here': true }}
            >
              {title}
            </Link>
          ))}
        </Group>
        <Group gap="xs" ml="auto">
          <LinkButton to="/secrets" variant="default">
            Secrets
          </LinkButton>
          <ProfileMenu />
        </Group>
      </Group>
    </Container>
    <Divider />
  </Box>
)

const Footer = () => (
  <Box component="footer" mt="xl">
    <Divider />
    <Container size="lg" py="md">
      <Text size="sm" c="dimmed">
        Amalgam. Everything here can be done through the API as well; its documents stand with each element in
        the{' '}
        <Link to="/catalogue" style={{ color: 'var(--mantine-color-anchor)' }}>
          catalogue
        </Link>
        .
      </Text>
    </Container>
  </Box>
)

/** Remembers the address of the moment: on the way it is already another one. */
const ToSignIn = () => {
  const here = useRouterState({ select: (state) => state.location.href })
  const [from] = useState(here)
  return <Navigate to="/sign-in" search={from === '/' ? {} : { next: from }} replace />
}

/** What every page has around it; whoever has not signed in is asked to, and then comes back. */
export const Shell = () => {
  const { user } = useSession()
  if (user === null) return <ToSignIn />
  return (
    <>
      <a className="skip" href="#main">
        To the content
      </a>
      <Header />
      <Container size="lg" py="lg" component="main" id="main" tabIndex={-1}>
        <Suspense fallback={<Waiting what="Loading" />}>
          <Outlet />
        </Suspense>
      </Container>
      <Footer />
    </>
  )
}
