import { Badge, Card, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { elementsQuery } from '../../api/queries.ts'
import { LinkButton } from '../../ui/LinkButton.tsx'
import { PageHead } from '../../ui/PageHead.tsx'

export const Catalogue = () => {
  const { data: elements } = useSuspenseQuery(elementsQuery)
  return (
    <>
      <PageHead title="Catalogue" about="Elements: the vendors that Amalgam speaks to." />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        {elements.map((element) => (
          <Card key={element.key} withBorder padding="lg" component="article">
            <Stack gap="sm" h="100%">
              <Group justify="space-between" gap="xs">
                <Title order={2} fz="xl">
                  {element.name}
                </Title>
                <Badge
                  variant="outline"
                  color="gray.8"
                  styles={{ label: { color: 'var(--mantine-color-text)' } }}
                >
                  {element.hub}
                </Badge>
              </Group>
              <Text size="sm">{element.description}</Text>
              <Text size="sm" c="dimmed">
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
            </Stack>
          </Card>
        ))}
      </SimpleGrid>
    </>
  )
}
