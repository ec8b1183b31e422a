import { Alert, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { usesQuery } from '../../api/mapping.ts'

/** Says where a sample is no vendor's row: its resource's name is that of a common resource, which takes its place. */
export const Shadowed = ({
  resource,
  element,
  instanceId,
}: {
  readonly resource: string
  readonly element: string
  /** Which the sample is read through. */
  readonly instanceId: number | undefined
}) => {
  const { data: uses = [] } = useQuery(usesQuery(resource))
  const isShadowed = uses.some(
    (use) => use.element.key === element && (use.level !== 'instance' || use.instance?.id === instanceId),
  )
  if (!isShadowed) return null
  return (
    <Alert color="yellow" variant="outline" title={`${resource} is mapped itself`} role="status">
      <Text size="sm" className="breaks">
        What is read of it, and its fields in the list, are in common names already. To try this mapping,
        write a row as the vendor has it on the left.
      </Text>
    </Alert>
  )
}
