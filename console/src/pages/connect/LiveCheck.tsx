import { Alert, Group, Stack, Text } from '@mantine/core'
import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { elementQuery, instanceQuery, testInstance } from '../../api/queries.ts'
import { CurlLine } from '../../parts/CurlLine.tsx'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { LinkButton } from '../../ui/LinkButton.tsx'
import { Problem } from '../../ui/Problem.tsx'
import { Waiting } from '../../ui/Waiting.tsx'

/** One live call before anybody reads "connected"; where it fails, who must do what. */
export const LiveCheck = ({ instanceId }: { readonly instanceId: number }) => {
  const id = String(instanceId)
  const { data: instance } = useSuspenseQuery(instanceQuery(id))
  const { data: element } = useSuspenseQuery(elementQuery(instance.element.key))
  const [grant] = instance.authentication
  const way = element.connect.ways.find(({ type }) => type === grant?.type) ?? element.connect.ways[0]
  const check = useQuery({
    queryKey: ['live-check', instanceId, instance.updatedDate],
    queryFn: () => testInstance(instanceId),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (check.error !== null) {
    return (
      <Stack>
        <Problem
          error={check.error}
          title={
            way?.consent === false
              ? `${instance.name} is stored, but a first call failed`
              : `${element.name} gave its consent, but a first call failed`
          }
          again={() => void check.refetch()}
        />
        <Text size="sm">
          <strong>{way?.consent === false ? 'Who can connect' : 'Who can consent'}:</strong> {way?.who}
        </Text>
        <Group>
          <LinkButton
            to="/connect/$element"
            params={{ element: element.key }}
            search={{ instance: id }}
            aria-label={`Reconnect ${instance.name}`}
          >
            Reconnect
          </LinkButton>
        </Group>
      </Stack>
    )
  }
  if (check.data === undefined) return <Waiting what={`Asking ${element.name} for one row`} />
  const { rows, resource, ms } = check.data
  return (
    <Stack>
      <Alert color="green" variant="outline" role="status" title={`${instance.name} is connected`}>
        {rows === 0
          ? `${element.name} answered in ${ms} ms; it lists no ${resource} for this connection yet.`
          : `${element.name} answered in ${ms} ms with a row of ${resource}.`}
      </Alert>
      <Text size="sm">
        Calls name this connection by its Element token. It stays the same when the connection is renewed.
      </Text>
      <Group gap="xs">
        <CopyButton what={`of ${instance.name}`} text={instance.token} size="sm">
          Copy Element token
        </CopyButton>
        <LinkButton to="/instances/$instance" params={{ instance: id }} aria-label={`Open ${instance.name}`}>
          Open
        </LinkButton>
      </Group>
      <CurlLine instance={instance} />
    </Stack>
  )
}
