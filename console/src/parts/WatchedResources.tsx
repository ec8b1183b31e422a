import { Checkbox, SimpleGrid } from '@mantine/core'
import type { Metadata } from '../api/shapes.ts'

/** Which resources are watched. Names that the element does not list, as of common resources, are shown as they are. */
export const WatchedResources = ({
  element,
  chosen,
  before,
  configured,
  onChange,
}: {
  readonly element: Metadata
  readonly chosen: readonly string[]
  /** Chosen at first: what is taken out can be put back. */
  readonly before: readonly string[]
  /** What holds where none is chosen; none: what the element watches by itself. */
  readonly configured: readonly string[]
  readonly onChange: (names: readonly string[]) => void
}) => {
  const titles = new Map(element.resources.map(({ canonicalName, title }) => [canonicalName, title]))
  const titleOf = (name: string): string => titles.get(name) ?? name
  const watchable = element.resources
    .filter(({ events }) => events.supported)
    .map(({ canonicalName }) => canonicalName)
  const names = [...new Set([...watchable, ...before, ...configured, ...chosen])]
  if (names.length === 0) return null
  const otherwise =
    configured.length === 0
      ? `what ${element.name} watches by itself`
      : `what the poller configuration of the instance names: ${configured.map(titleOf).join(', ')}`
  return (
    <Checkbox.Group
      label="Resources to watch"
      description={`None chosen: ${otherwise}`}
      value={[...chosen]}
      onChange={onChange}
    >
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xs" verticalSpacing="xs" mt="xs">
        {names.map((name) => (
          <Checkbox key={name} value={name} label={titleOf(name)} className="breaks" />
        ))}
      </SimpleGrid>
    </Checkbox.Group>
  )
}
