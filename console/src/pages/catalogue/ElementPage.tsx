import { Card, List, Stack, Text, Title } from '@mantine/core'
import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { elementQuery, elementsKey } from '../../api/queries.ts'
import { useSignedIn } from '../../api/session.ts'
import { LinkButton } from '../../ui/LinkButton.tsx'
import { PageHead } from '../../ui/PageHead.tsx'
import { Documents } from './Documents.tsx'
import { OwnActions } from './OwnActions.tsx'
import { ResourceTable } from './ResourceTable.tsx'

const route = getRouteApi('/shell/catalogue/$element')

const Section = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <Card withBorder padding="lg" component="section" aria-label={title}>
    <Title order={2} fz="lg" mb="sm">
      {title}
    </Title>
    {children}
  </Card>
)

export const ElementPage = () => {
  const { element: key } = route.useParams()
  const { data: element } = useSuspenseQuery(elementQuery(key))
  const { accountId } = useSignedIn()
  const client = useQueryClient()
  const navigate = useNavigate()
  const { connect, events } = element
  const polled = Object.keys(events.polling ?? {})
  const leave = async (): Promise<void> => {
    await navigate({ to: '/catalogue' })
    client.removeQueries({ queryKey: [...elementsKey, key] })
    await client.invalidateQueries({ queryKey: elementsKey })
  }
  return (
    <>
      <PageHead title={element.name} about={element.description}>
        <LinkButton to="/connect/$element" params={{ element: key }}>
          Connect {element.name}
        </LinkButton>
      </PageHead>
      <Stack>
        <Section title="Ways to connect">
          <Stack gap="md">
            {connect.ways.map((way) => (
              <div key={way.type}>
                <Text fw={600}>{way.title}</Text>
                <Text size="sm">{way.about}</Text>
                <Text size="sm" c="dimmed">
                  Who: {way.who}
                </Text>
                {way.scopes.length === 0 ? null : (
                  <Text size="sm" c="dimmed" className="breaks">
                    Scopes: {way.scopes.join(' ')}
                  </Text>
                )}
              </div>
            ))}
          </Stack>
        </Section>
        <Section title="Resources">
          <ResourceTable element={element} />
        </Section>
        <Section title="Events">
          <Text size="sm">
            {events.supported
              ? `Changes are found by ${events.methods.join(' and ')}${polled.length === 0 ? '' : `, for ${polled.join(', ')}`}.`
              : 'This element tells no changes.'}
          </Text>
        </Section>
        {connect.limits.length === 0 ? null : (
          <Section title="Limits">
            <List size="sm" spacing="xs">
              {connect.limits.map((limit) => (
                <List.Item key={limit}>{limit}</List.Item>
              ))}
            </List>
          </Section>
        )}
        <Section title="Documents">
          <Documents element={element} />
        </Section>
        {element.posted === undefined ? null : (
          <Section title="Its JSON">
            <Stack gap="sm">
              <Text size="sm">
                {element.posted.accountId === accountId ? 'Your account' : 'Another account'} posted this
                element as Cloud Elements JSON.
              </Text>
              <OwnActions element={element} onRemoved={leave} />
            </Stack>
          </Section>
        )}
      </Stack>
    </>
  )
}
