import { Group, Stack, Text } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { ApiError } from '../../api/client.ts'
import { connectionQuery } from '../../api/connects.ts'
import { elementQuery } from '../../api/queries.ts'
import type { Connection } from '../../api/shapes.ts'
import { LinkButton } from '../../ui/LinkButton.tsx'
import { PageHead } from '../../ui/PageHead.tsx'
import { Problem } from '../../ui/Problem.tsx'
import { Waiting } from '../../ui/Waiting.tsx'
import { LiveCheck } from './LiveCheck.tsx'

const route = getRouteApi('/shell/connects/$connect')

const errorOf = ({ error }: Connection): ApiError =>
  new ApiError(0, typeof error === 'object' && error !== null ? error : {})

const Failed = ({ connection }: { readonly connection: Connection }) => {
  const { data: element } = useSuspenseQuery(elementQuery(connection.elementKey))
  return (
    <Stack>
      <Problem error={errorOf(connection)} title={`${element.name} is not connected`} />
      <Text size="sm">
        <strong>Who can consent:</strong> {element.connect.ways[0]?.who}
      </Text>
      <Group>
        <LinkButton
          to="/connect/$element"
          params={{ element: element.key }}
          search={connection.instanceId === undefined ? {} : { instance: String(connection.instanceId) }}
        >
          Start again
        </LinkButton>
      </Group>
    </Stack>
  )
}

/** Where the vendor's page leads back to: what became of a connection. */
export const Connected = () => {
  const { connect } = route.useParams()
  const { data: connection } = useSuspenseQuery(connectionQuery(connect))
  const { state, instanceId } = connection
  return (
    <>
      <PageHead title="Connection" />
      {state === 'waiting' ? <Waiting what="Waiting for the consent on the vendor's page" /> : null}
      {state === 'failed' ? <Failed connection={connection} /> : null}
      {state === 'connected' && instanceId !== undefined ? <LiveCheck instanceId={instanceId} /> : null}
    </>
  )
}
