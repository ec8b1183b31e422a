import { Badge, Group, Stack, Text } from '@mantine/core'
import type { OperationPreview, ResourcePreview } from '../../api/shapes.ts'
import { howWords, resourceWords, verbWord } from './words.ts'

/** With so many resources or fewer, all are shown whole. */
const fewResources = 8

const OperationItem = ({ operation }: { readonly operation: OperationPreview }) => {
  const { method, path, vendorMethod, vendorPath } = operation
  return (
    <li className="event operation" data-operation={`${method} ${path}`}>
      <Badge color="gray.8" variant="filled" tt="none">
        {verbWord(operation)}
      </Badge>
      <Stack gap={2} style={{ minWidth: 0 }}>
        <Text size="sm" fw={600} className="breaks">
          {method} {path}
        </Text>
        <Text size="sm" className="breaks">
          at the vendor: {vendorMethod} {vendorPath}
        </Text>
        {howWords(operation).map((words) => (
          <Text key={words} size="sm" c="dimmed" className="breaks">
            {words}
          </Text>
        ))}
      </Stack>
    </li>
  )
}

/** What can be done with each resource, here and at the vendor. */
export const ResourceList = ({ resources }: { readonly resources: readonly ResourcePreview[] }) => (
  <Stack gap="xs">
    {resources.length === 0 ? <Text size="sm">It has no resource, so no call can be made.</Text> : null}
    {resources.map((resource) => (
      <details key={resource.name} open={resources.length <= fewResources} data-resource={resource.name}>
        <summary>
          <Group gap={6} component="span" display="inline-flex" style={{ maxWidth: 'calc(100% - 1.5rem)' }}>
            <Text span fw={600} className="breaks">
              {resource.name}
            </Text>
            <Text span size="sm" c="dimmed">
              {[...new Set(resource.operations.map(verbWord))].join(', ')}
            </Text>
          </Group>
        </summary>
        <Text size="sm" c="dimmed" className="breaks" py={4}>
          {resourceWords(resource)}
        </Text>
        <ul className="events">
          {resource.operations.map((operation) => (
            <OperationItem key={`${operation.method} ${operation.path}`} operation={operation} />
          ))}
        </ul>
      </details>
    ))}
  </Stack>
)
