import { Card, Group, Stack, Title } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { instanceQuery } from '../../api/queries.ts'
import { InstanceActions } from '../../parts/InstanceActions.tsx'
import { StateChip } from '../../parts/StateChip.tsx'
import { PageHead } from '../../ui/PageHead.tsx'
import { BulkCard } from './BulkCard.tsx'
import { EventsCard } from './EventsCard.tsx'
import { InstanceFacts } from './InstanceFacts.tsx'
import { QueryBox } from './QueryBox.tsx'

const route = getRouteApi('/shell/instances/$instance')

export const InstancePage = () => {
  const { instance: id } = route.useParams()
  const { data: instance } = useSuspenseQuery(instanceQuery(id))
  return (
    <>
      <PageHead
        title={instance.name}
        about={
          <Group gap="xs">
            <StateChip instance={instance} /> {instance.element.name as string}
          </Group>
        }
      />
      <Stack>
        <InstanceActions instance={instance} />
        <Card withBorder padding="lg" component="section" aria-label="Connection">
          <Title order={2} fz="lg" mb="sm">
            Connection
          </Title>
          <InstanceFacts instance={instance} />
        </Card>
        <EventsCard instance={instance} />
        <BulkCard instance={instance} />
        <Card withBorder padding="lg" component="section" aria-label="Query" id="query">
          <Title order={2} fz="lg" mb="sm">
            Query
          </Title>
          <QueryBox instance={instance} />
        </Card>
      </Stack>
    </>
  )
}
