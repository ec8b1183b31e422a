import { Stack, Tabs, Text } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { instanceQuery } from '../../api/queries.ts'
import type { Instance } from '../../api/shapes.ts'
import { Receiver } from '../../parts/Receiver.tsx'
import { LinkButton } from '../../ui/LinkButton.tsx'
import { PageHead } from '../../ui/PageHead.tsx'
import { EventLog } from './EventLog.tsx'
import { EventSettingsForm } from './EventSettingsForm.tsx'
import { Pollers } from './Pollers.tsx'

const route = getRouteApi('/shell/instances/$instance/events')

const views = ['log', 'pollers', 'settings'] as const

const EventTabs = ({ instance }: { readonly instance: Instance }) => {
  const { view } = route.useSearch()
  const navigate = useNavigate()
  // Decided once: the form that switches events on must stay, with a new key in it that nobody copied yet.
  const [first] = useState(instance.eventsEnabled ? 'log' : 'settings')
  const show = (to: string): void =>
    void navigate({
      to: '/instances/$instance/events',
      params: { instance: String(instance.id) },
      search: { view: to },
      replace: true,
    })
  return (
    <Tabs
      value={views.find((one) => one === view) ?? first}
      onChange={(to) => show(to ?? 'log')}
      keepMounted={false}
    >
      <Tabs.List mb="md">
        <Tabs.Tab value="log">Log</Tabs.Tab>
        <Tabs.Tab value="pollers">Pollers</Tabs.Tab>
        <Tabs.Tab value="settings">Settings</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="log">
        <EventLog instanceId={instance.id} />
      </Tabs.Panel>
      <Tabs.Panel value="pollers">
        <Pollers instanceId={instance.id} />
      </Tabs.Panel>
      <Tabs.Panel value="settings">
        <EventSettingsForm instance={instance} />
      </Tabs.Panel>
    </Tabs>
  )
}

/** What happened to an instance's events, who looks for them, and where they go. */
export const EventsPage = () => {
  const { instance: id } = route.useParams()
  const { data: instance } = useSuspenseQuery(instanceQuery(id))
  return (
    <>
      <PageHead title={`Events of ${instance.name}`} about="Changes at the vendor, and what became of each.">
        <LinkButton to="/instances/$instance" params={{ instance: id }} variant="default">
          Back to the instance
        </LinkButton>
      </PageHead>
      <Stack>
        <Receiver instanceId={instance.id} />
        <EventTabs key={instance.id} instance={instance} />
        <Text size="sm" c="dimmed">
          The same through the API: GET /instances/{instance.id}/events
        </Text>
      </Stack>
    </>
  )
}
