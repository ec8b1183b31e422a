import { Text } from '@mantine/core'
import { useSuspenseQueries, useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { ApiError } from '../../api/client.ts'
import { definitionsQuery, templateMappingsQuery, transformationQuery } from '../../api/mapping.ts'
import { account, organization, type Place, placeIn, placeKey } from '../../api/places.ts'
import { elementQuery, instancesQuery } from '../../api/queries.ts'
import type { Definition } from '../../api/shapes.ts'
import { placeWords } from '../../parts/place-words.ts'
import { LinkButton } from '../../ui/LinkButton.tsx'
import { PageHead } from '../../ui/PageHead.tsx'
import { Editor } from './Editor.tsx'

const route = getRouteApi('/shell/mappings/$name/$element/$place')

/** A place and those above it, the lowest first. */
const upFrom = (place: Place): readonly Place[] => {
  if (place.level === 'organization') return [place]
  return place.level === 'account' ? [place, organization] : [place, account, organization]
}

/** What is defined at some places, the lower first where both define a field. */
const fieldsOf = (definitions: readonly (Definition | undefined)[]): Definition['fields'] => {
  const byPath = new Map<string, Definition['fields'][number]>()
  for (const definition of definitions)
    for (const field of definition?.fields ?? []) if (!byPath.has(field.path)) byPath.set(field.path, field)
  return [...byPath.values()]
}

const asPlace = (text: string): Place => {
  const place = placeIn(text)
  if (place !== undefined) return place
  throw new ApiError(404, {
    code: 'not-found',
    message: `'${text}' is no level. There are organization, account and instance-1, with the instance's id.`,
  })
}

/** How an element's resource is mapped to a common one, at one level. */
export const MapPage = () => {
  const { name, element: key, place: text } = route.useParams()
  const place = asPlace(text)
  const { data: element } = useSuspenseQuery(elementQuery(key))
  const { data: instances } = useSuspenseQuery(instancesQuery)
  const { data: templates } = useSuspenseQuery(templateMappingsQuery(key))
  const levels = upFrom(place)
  const definitions = useSuspenseQueries({ queries: levels.map(definitionsQuery) })
  const found = useSuspenseQueries({ queries: levels.map((one) => transformationQuery(one, key, name)) })
  const [stored = null, ...above] = found.map(({ data }) => data)
  return (
    <>
      <PageHead
        title={`${name} from ${element.name}`}
        about={<Text span>The mapping that holds for {placeWords(place, instances)}.</Text>}
      >
        <LinkButton to="/mappings/$name" params={{ name }} variant="default">
          Back to {name}
        </LinkButton>
      </PageHead>
      <Editor
        key={`${name}/${key}/${placeKey(place)}`}
        name={name}
        element={element}
        place={place}
        stored={stored}
        above={above.find((one) => one !== null) ?? null}
        defined={fieldsOf(definitions.map(({ data }) => data[name]))}
        templates={templates}
        instances={instances.filter((instance) => instance.element.key === key)}
      />
    </>
  )
}
