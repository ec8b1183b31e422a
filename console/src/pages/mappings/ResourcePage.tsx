import { Card, Stack, Text, Title } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { usesQuery } from '../../api/mapping.ts'
import { placeKey } from '../../api/places.ts'
import { LinkButton } from '../../ui/LinkButton.tsx'
import { PageHead } from '../../ui/PageHead.tsx'
import { DefinitionCard } from './DefinitionCard.tsx'
import { UseList } from './UseList.tsx'
import { useDefinitions } from './use-definitions.ts'
import { WhereToMap } from './WhereToMap.tsx'

const route = getRouteApi('/shell/mappings/$name')

/** One common resource: its fields at each level, and what is mapped to it. */
export const ResourcePage = () => {
  const { name } = route.useParams()
  const { data: uses } = useSuspenseQuery(usesQuery(name))
  const defined = useDefinitions().get(name) ?? []
  const about = defined.map(({ definition }) => definition.description).find((text) => text !== '')
  return (
    <>
      <PageHead title={name} about={about ?? 'A common resource: its fields, and what is mapped to it.'}>
        <LinkButton to="/mappings" variant="default">
          All common resources
        </LinkButton>
      </PageHead>
      <Stack>
        <Card withBorder padding="lg" component="section" aria-label="Mappings">
          <Title order={2} fz="lg" mb="sm">
            Mappings
          </Title>
          <Stack>
            <UseList name={name} uses={uses} />
            {defined.length === 0 ? null : (
              <WhereToMap name={name} places={defined.map(({ place }) => place)} />
            )}
          </Stack>
        </Card>
        <Card withBorder padding="lg" component="section" aria-label="Fields">
          <Title order={2} fz="lg" mb="sm">
            Fields
          </Title>
          <Stack>
            {defined.length === 0 ? <Text role="status">Nothing of this name is defined.</Text> : null}
            {defined.map(({ place, definition }) => (
              <DefinitionCard
                key={placeKey(place)}
                name={name}
                place={place}
                definition={definition}
                isLast={defined.length === 1}
              />
            ))}
            <div>
              <LinkButton size="xs" variant="default" to="/define" search={{ name }}>
                {defined.length === 0 ? 'Define it' : 'Define fields for another level'}
              </LinkButton>
            </div>
          </Stack>
        </Card>
      </Stack>
    </>
  )
}
