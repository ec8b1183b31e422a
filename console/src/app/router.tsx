import { Container } from '@mantine/core'
import { createRootRoute, createRoute, createRouter, Outlet, redirect } from '@tanstack/react-router'
import { Suspense } from 'react'
import { BulkPage } from '../pages/bulk/BulkPage.tsx'
import { JobPage } from '../pages/bulk/JobPage.tsx'
import { Catalogue } from '../pages/catalogue/Catalogue.tsx'
import { ElementPage } from '../pages/catalogue/ElementPage.tsx'
import { Connect } from '../pages/connect/Connect.tsx'
import { Connected } from '../pages/connect/Connected.tsx'
import { EventPage } from '../pages/events/EventPage.tsx'
import { EventsPage } from '../pages/events/EventsPage.tsx'
import { Home } from '../pages/home/Home.tsx'
import { ImportPage } from '../pages/import/ImportPage.tsx'
import { InstancePage } from '../pages/instances/InstancePage.tsx'
import { Instances } from '../pages/instances/Instances.tsx'
import { DefinePage } from '../pages/mappings/DefinePage.tsx'
import { MapPage } from '../pages/mappings/MapPage.tsx'
import { MappingsPage } from '../pages/mappings/MappingsPage.tsx'
import { ResourcePage } from '../pages/mappings/ResourcePage.tsx'
import { NotFound } from '../pages/not-found/NotFound.tsx'
import { SecretsPage } from '../pages/secrets/SecretsPage.tsx'
import { SignIn } from '../pages/sign-in/SignIn.tsx'
import { Waiting } from '../ui/Waiting.tsx'
import { Failed, FailedAlone } from './Failed.tsx'
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
  createRoute({ getParentRoute: () => shell, path, component, errorComponent: Failed })

const connect = createRoute({
  getParentRoute: () => shell,
  path: '/connect/$element',
  component: Connect,
  errorComponent: Failed,
  validateSearch: (search: Record<string, unknown>) => given('instance', text(search.instance)),
})

const events = createRoute({
  getParentRoute: () => shell,
  path: '/instances/$instance/events',
  component: EventsPage,
  errorComponent: Failed,
  validateSearch: (search: Record<string, unknown>) => given('view', text(search.view)),
})

const bulk = createRoute({
  getParentRoute: () => shell,
  path: '/instances/$instance/bulk',
  component: BulkPage,
  errorComponent: Failed,
  validateSearch: (search: Record<string, unknown>) => given('view', text(search.view)),
})

const define = createRoute({
  getParentRoute: () => shell,
  path: '/define',
  component: DefinePage,
  errorComponent: Failed,
  validateSearch: (search: Record<string, unknown>) => ({
    ...given('name', text(search.name)),
    ...given('place', text(search.place)),
  }),
})

/** An address with its end cut off leads to where the whole one is found. */
const cut = (path: string, to: '/catalogue' | '/instances') =>
  createRoute({
    getParentRoute: () => root,
    path,
    beforeLoad: () => {
      throw redirect({ to, replace: true })
    },
  })

const tree = root.addChildren([
  signIn,
  cut('/connect', '/catalogue'),
  cut('/connects', '/instances'),
  shell.addChildren([
    inShell('/', Home),
    inShell('/secrets', SecretsPage),
    inShell('/catalogue', Catalogue),
    inShell('/catalogue/$element', ElementPage),
    inShell('/import', ImportPage),
    connect,
    inShell('/connects/$connect', Connected),
    inShell('/instances', Instances),
    inShell('/instances/$instance', InstancePage),
    bulk,
    inShell('/instances/$instance/bulk/$job', JobPage),
    events,
    inShell('/instances/$instance/events/$event', EventPage),
    inShell('/mappings', MappingsPage),
    inShell('/mappings/$name', ResourcePage),
    inShell('/mappings/$name/$element/$place', MapPage),
    define,
  ]),
])

export const router = createRouter({
  routeTree: tree,
  defaultErrorComponent: FailedAlone,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
