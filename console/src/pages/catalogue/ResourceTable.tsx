import { Badge, Group, Table, Text } from '@mantine/core'
import type { Metadata } from '../../api/shapes.ts'
import { Sideways } from '../../ui/Sideways.tsx'

const verbs: Readonly<Record<string, string>> = {
  SEARCH: 'GET list',
  RETRIEVE: 'GET one',
  CREATE: 'POST',
  UPDATE: 'PATCH',
  DELETE: 'DELETE',
}

const yes = (value: boolean): string => (value ? 'yes' : 'no')

/** What can be done with each resource. */
export const ResourceTable = ({ element }: { readonly element: Metadata }) => (
  <Sideways label="Resources, a table">
    <Table verticalSpacing="sm">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Resource</Table.Th>
          <Table.Th>Verbs</Table.Th>
          <Table.Th>Change events</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {element.resources.map((resource) => (
          <Table.Tr key={resource.canonicalName}>
            <Table.Td>
              <Text size="sm" fw={600}>
                {resource.canonicalName}
              </Text>
              <Text size="sm" c="dimmed">
                {resource.title}
              </Text>
            </Table.Td>
            <Table.Td>
              <Group gap={4}>
                {resource.operations.map((operation) => (
                  <Badge key={operation} color="gray.8" variant="filled" tt="none">
                    {verbs[operation] ?? operation}
                  </Badge>
                ))}
              </Group>
            </Table.Td>
            <Table.Td>{yes(resource.events.supported)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  </Sideways>
)
