import { Anchor, Card, List, Stack, Text, Title } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { elementQuery } from '../../api/queries.ts'
import { LinkButton } from '../../ui/LinkButton.tsx'
import { PageHead } from '../../ui/PageHead.tsx'
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
  const { connect, events } = element
  const polled = Object.keys(events.polling ?? {})
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
        <Section title="Limits">
          <List size="sm" spacing="xs">
            {connect.limits.map((limit) => (
              <List.Item key={limit}>{limit}</List.Item>
            ))}
          </List>
        </Section>
        <Section title="Documents">
          <Stack gap={4}>
            <Anchor
              href={element.apiDocumentationUrl}
              target="_blank"
              rel="noreferrer"
              className="breaks"
              size="sm"
            >
              The vendor's documentation ({element.apiDocumentationUrl})
            </Anchor>
            <Text size="sm" className="breaks">
              Of the calls here: GET /elements/api-v2/elements/{key}/docs (Swagger 2.0), /elements/{key}
              /openapi (OpenAPI 3.1)
            </Text>
            <Text size="sm" c="dimmed">
              Element {element.id}, key {element.key}, hub {element.hub}
            </Text>
          </Stack>
        </Section>
      </Stack>
    </>
  )
}
