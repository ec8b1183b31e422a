import { Badge, Card, Group, Stack, Text } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { elementsQuery, instancesQuery } from '../../api/queries.ts'
import { useSignedIn } from '../../api/session.ts'
import { CurlLine } from '../../parts/CurlLine.tsx'
import { stateColors, stateOf } from '../../parts/instance-state.ts'
import { LinkButton } from '../../ui/LinkButton.tsx'
import { PageHead } from '../../ui/PageHead.tsx'
import { When } from '../../ui/When.tsx'
import { Attention } from './Attention.tsx'

const Step = ({
  number,
  title,
  done,
  children,
}: {
  readonly number: number
  readonly title: string
  readonly done: ReactNode | false
  readonly children: ReactNode
}) => (
  <Card withBorder component="li" padding="lg" data-step={number} data-done={done !== false}>
    <Stack gap="sm">
      <Group justify="space-between" gap="xs">
        <Text fw={600} component="h2" fz="lg">
          {number}. {title}
        </Text>
        <Badge color={done === false ? 'gray.8' : stateColors.ok} variant="filled">
          {done === false ? 'to do' : 'done'}
        </Badge>
      </Group>
      {done === false ? null : (
        <Text size="sm" c="dimmed" className="breaks">
          {done}
        </Text>
      )}
      {children}
    </Stack>
  </Card>
)

/** Three steps to the first data; each ticks itself when the server saw it happen. */
export const Home = () => {
  const user = useSignedIn()
  const { data: instances } = useSuspenseQuery(instancesQuery)
  const { data: elements } = useSuspenseQuery(elementsQuery)
  const working = instances.filter((one) => stateOf(one) === 'ok' || stateOf(one) === 'expiring')
  const [first] = working
  const [element] = elements
  return (
    <>
      <PageHead
        title={`Welcome${user.firstName === '' ? '' : `, ${user.firstName}`}`}
        about="Three steps to your first data. Each ticks itself."
      />
      <Attention instances={instances} />
      <Stack component="ol" p={0} m={0} gap="md" style={{ listStyle: 'none' }}>
        <Step
          number={1}
          title="Find your secrets"
          done={
            user.secretsSeenDate !== null && (
              <>
                Seen first at <When at={user.secretsSeenDate} />
              </>
            )
          }
        >
          <Text size="sm">
            Your Organization Secret and your User Secret prove who calls. They are in the profile menu, top
            right, and here:
          </Text>
          <Group>
            <LinkButton to="/secrets" variant="default">
              Open the secrets
            </LinkButton>
          </Group>
        </Step>
        <Step
          number={2}
          title={element === undefined ? 'Connect an element' : `Connect ${element.name}`}
          done={
            first !== undefined &&
            `${working.length === 1 ? `${first.name} is connected` : `${working.length} instances are connected`}.`
          }
        >
          <Text size="sm">
            Use the sandbox in one click, or your own company. An instance is one connection; its Element
            token names it in calls.
          </Text>
          <Group>
            {element === undefined ? null : (
              <LinkButton
                to="/connect/$element"
                params={{ element: element.key }}
                variant={first === undefined ? 'filled' : 'default'}
              >
                Connect {element.name}
              </LinkButton>
            )}
            <LinkButton to="/instances" variant="default">
              See the instances
            </LinkButton>
          </Group>
        </Step>
        <Step
          number={3}
          title="Make the first call"
          done={
            user.firstCallDate !== null && (
              <>
                First call at <When at={user.firstCallDate} />
              </>
            )
          }
        >
          {first === undefined ? (
            <Text size="sm">As soon as something is connected, a command line to copy stands here.</Text>
          ) : (
            <>
              <Text size="sm">
                Copy this line into a terminal; the copy holds your secrets. Or ask on the page:
              </Text>
              <CurlLine instance={first} />
              <Group>
                <LinkButton
                  to="/instances/$instance"
                  params={{ instance: String(first.id) }}
                  hash="query"
                  variant="default"
                  aria-label={`Query ${first.name}`}
                >
                  Query
                </LinkButton>
              </Group>
            </>
          )}
        </Step>
      </Stack>
    </>
  )
}
