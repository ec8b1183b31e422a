import { Badge, Card, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { elementsKey, elementsQuery } from '../../api/queries.ts'
import { OwnBadge } from '../../parts/OwnBadge.tsx'
import { LinkButton } from '../../ui/LinkButton.tsx'
import { PageHead } from '../../ui/PageHead.tsx'
import { OwnActions } from './OwnActions.tsx'

export const Catalogue = () => {
  const { data: elements } = useSuspenseQuery(elementsQuery)
  const client = useQueryClient()
  return (
    <>
      <PageHead title="Catalogue" about="Elements: the vendors that Amalgam speaks to.">
        <LinkButton to="/import" variant="default">
          Import an element
        </LinkButton>
      </PageHead>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        {elements.map((element) => (
          <Card key={element.key} withBorder padding="lg" component="article">
            <Stack gap="sm" h="100%">
              <Group justify="space-between" gap="xs">
                <Title order={2} fz="xl" className="breaks">
                  {element.name}
                </Title>
                <Group gap={6}>
                  <OwnBadge element={element} />
                  <Badge
                    variant="outline"
                    color="gray.8"
                    styles={{ label: { color: 'var(--mantine-color-text)' } }}
                  >
                    {element.hub}
                  </Badge>
                </Group>
              </Group>
              <Text size="sm" className="breaks">
                {element.description}
              </Text>
              <Text size="sm" c="dimmed" className="breaks">
                Resources: {element.resources.map(({ canonicalName }) => canonicalName).join(', ')}
              </Text>
              <Group gap="xs" mt="auto">
                <LinkButton to="/connect/$element" params={{ element: element.key }}>
                  Connect {element.name}
                </LinkButton>
                <LinkButton to="/catalogue/$element" params={{ element: element.key }} variant="default">
                  Details of {element.name}
                </LinkButton>
              </Group>
              {element.posted === undefined ? null : (
                <OwnActions
                  element={element}
                  onRemoved={() => client.invalidateQueries({ queryKey: elementsKey })}
                />
              )}
            </Stack>
          </Card>
        ))}
      </SimpleGrid>
    </>
  )
}
