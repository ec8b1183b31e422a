import { Alert, Card, Group, Stack, Text } from '@mantine/core'
import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { usesQuery } from '../../api/mapping.ts'
import { placeKey } from '../../api/places.ts'
import { instancesQuery } from '../../api/queries.ts'
import type { Instance } from '../../api/shapes.ts'
import { counted } from '../../parts/bulk-words.ts'
import { placeWords } from '../../parts/place-words.ts'
import { LinkButton } from '../../ui/LinkButton.tsx'
import { PageHead } from '../../ui/PageHead.tsx'
import { type Defined, mostInstances, useDefinitions } from './use-definitions.ts'
import { useUseWords } from './use-words.ts'

const ResourceCard = ({
  name,
  defined,
  instances,
}: {
  readonly name: string
  readonly defined: readonly Defined[]
  readonly instances: readonly Instance[]
}) => {
  const { data: uses } = useQuery(usesQuery(name))
  const wordsOf = useUseWords()
  const about = defined.map(({ definition }) => definition.description).find((text) => text !== '')
  return (
    <Card withBorder padding="lg" component="article" aria-label={name} data-resource={name}>
      <Stack gap={4}>
        <Text fz="lg" fw={600} component="h2" className="breaks">
          <Link to="/mappings/$name" params={{ name }} className="plain-link">
            {name}
          </Link>
        </Text>
        {about === undefined ? null : (
          <Text size="sm" className="breaks">
            {about}
          </Text>
        )}
        {defined.map(({ place, definition }) => (
          <Text key={placeKey(place)} size="sm" c="dimmed" className="breaks">
            Defined for {placeWords(place, instances)}: {counted(definition.fields.length, 'field')}
          </Text>
        ))}
        {uses === undefined ? null : uses.length === 0 ? (
          <Text size="sm">Not mapped yet.</Text>
        ) : (
          uses.map((use) => (
            <Text key={wordsOf(use)} size="sm" className="breaks">
              Mapped: {wordsOf(use)}
            </Text>
          ))
        )}
        <Group gap="xs" mt="xs">
          <LinkButton size="xs" to="/mappings/$name" params={{ name }} aria-label={`Open ${name}`}>
            Open
          </LinkButton>
        </Group>
      </Stack>
    </Card>
  )
}

const Nothing = () => (
  <Card withBorder padding="lg">
    <Stack gap="sm">
      <Text role="status">
        Nothing is defined yet. A common resource is a vendor's resource in the shape of your own application:
        you define its fields, then say for each which of the vendor's it is.
      </Text>
      <Group>
        <LinkButton size="xs" to="/define">
          Define the first
        </LinkButton>
      </Group>
    </Stack>
  </Card>
)

/** All common resources: where each is defined, and where it is mapped. */
export const MappingsPage = () => {
  const { data: instances } = useSuspenseQuery(instancesQuery)
  const all = useDefinitions()
  return (
    <>
      <PageHead
        title="Common resources"
        about="Vendors' resources in your own shape, read and written alike."
      >
        <LinkButton to="/define">Define one</LinkButton>
      </PageHead>
      <Stack>
        {all.size === 0 ? <Nothing /> : null}
        {[...all]
          .sort(([one], [other]) => one.localeCompare(other))
          .map(([name, defined]) => (
            <ResourceCard key={name} name={name} defined={defined} instances={instances} />
          ))}
        {instances.length <= mostInstances ? null : (
          <Alert color="blue" variant="outline">
            What is defined for single instances is shown of {mostInstances} of the {instances.length}.
          </Alert>
        )}
      </Stack>
    </>
  )
}
