import { Container } from '@mantine/core'
import { createRootRoute, createRoute, createRouter, Outlet, useRouter } from '@tanstack/react-router'
import { Suspense } from 'react'
import { Catalogue } from '../pages/catalogue/Catalogue.tsx'
import { ElementPage } from '../pages/catalogue/ElementPage.tsx'
import { Connect } from '../pages/connect/Connect.tsx'
import { Connected } from '../pages/connect/Connected.tsx'
import { Home } from '../pages/home/Home.tsx'
import { InstancePage } from '../pages/instances/InstancePage.tsx'
import { Instances } from '../pages/instances/Instances.tsx'
import { NotFound } from '../pages/not-found/NotFound.tsx'
import { SecretsPage } from '../pages/secrets/SecretsPage.tsx'
import { SignIn } from '../pages/sign-in/SignIn.tsx'
import { Problem } from '../ui/Problem.tsx'
import { Waiting } from '../ui/Waiting.tsx'
import { Shell } from './Shell.tsx'

const Root = () => (
  <Suspense
    fallback={
      <Container>
        <Waiting what="Loading" />
      </Container>
    }
  >
    <Outlet />
  </Suspense>
)

const Failed = ({ error, reset }: { readonly error: unknown; readonly reset: () => void }) => {
  const { invalidate } = useRouter()
  return (
    <Container py="lg">
      <Problem
        error={error}
        again={() => {
          reset()
          void invalidate()
        }}
      />
    </Container>
  )
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** Only what is given, so that addresses stay short. */
const given = <Key extends string>(key: Key, value: string | undefined): { [K in Key]?: string } =>
  (value === undefined ? {} : { [key]: value }) as { [K in Key]?: string }

const root = createRootRoute({ component: Root, notFoundComponent: NotFound })

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  component: SignIn,
  validateSearch: (search: Record<string, unknown>) => given('next', text(search.next)),
})

const shell = createRoute({ getParentRoute: () => root, id: 'shell', component: Shell })
const inShell = <Path extends string>(path: Path, component: () => React.ReactNode) =>
  createRoute({ getParentRoute: () => shell, path, component })

const connect = createRoute({
  getParentRoute: () => shell,
  path: '/connect/$element',
  component: Connect,
  validateSearch: (search: Record<string, unknown>) => given('instance', text(search.instance)),
})

const tree = root.addChildren([
  signIn,
  shell.addChildren([
    inShell('/', Home),
    inShell('/secrets', SecretsPage),
    inShell('/catalogue', Catalogue),
    inShell('/catalogue/$element', ElementPage),
    connect,
    inShell('/connects/$connect', Connected),
    inShell('/instances', Instances),
    inShell('/instances/$instance', InstancePage),
  ]),
])

export const router = createRouter({
  routeTree: tree,
  defaultErrorComponent: Failed,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
