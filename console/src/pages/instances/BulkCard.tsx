import { Card, Group, Stack, Text, Title } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { elementQuery } from '../../api/queries.ts'
import type { Instance } from '../../api/shapes.ts'
import { LinkButton } from '../../ui/LinkButton.tsx'

/** The way to an instance's bulk jobs, where its element has such. */
export const BulkCard = ({ instance }: { readonly instance: Instance }) => {
  const { data: element } = useSuspenseQuery(elementQuery(instance.element.key))
  if (!element.bulk.download && !element.bulk.upload) return null
  return (
    <Card withBorder padding="lg" component="section" aria-label="Bulk">
      <Title order={2} fz="lg" mb="sm">
        Bulk
      </Title>
      <Stack gap="sm">
        <Text size="sm">
          Whole listings as CSV or JSON files, however long, and whole files of records to the vendor.
        </Text>
        <Group gap="xs">
          <LinkButton
            size="xs"
            variant="default"
            to="/instances/$instance/bulk"
            params={{ instance: String(instance.id) }}
            aria-label={`Open the bulk jobs of ${instance.name}`}
          >
            Open the bulk jobs
          </LinkButton>
        </Group>
      </Stack>
    </Card>
  )
}
