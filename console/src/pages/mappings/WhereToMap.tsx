import { Group, NativeSelect, Stack, Text } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type Place, placeIn, placeKey, placeOf } from '../../api/places.ts'
import { elementsQuery, instancesQuery } from '../../api/queries.ts'
import { placeChoices } from '../../parts/place-words.ts'
import { LinkButton } from '../../ui/LinkButton.tsx'

/** Whether a definition holds there: it stands at that place, or above it. */
const isBelow = (place: Place, defined: readonly Place[]): boolean =>
  defined.some(
    ({ level, ...rest }) =>
      level === 'organization' ||
      (level === 'account' && place.level !== 'organization') ||
      placeKey({ level, ...rest } as Place) === placeKey(place),
  )

/** The choice of an element and a level, and the way to the mapping there. */
export const WhereToMap = ({
  name,
  places,
}: {
  readonly name: string
  readonly places: readonly Place[]
}) => {
  const { data: elements } = useSuspenseQuery(elementsQuery)
  const { data: instances } = useSuspenseQuery(instancesQuery)
  const [element, setElement] = useState(elements[0]?.key ?? '')
  const own = instances.filter((instance) => instance.element.key === element)
  const choices = placeChoices(own).filter(({ value }) => {
    const place = placeIn(value)
    return place !== undefined && isBelow(place, places)
  })
  const [wanted, setWanted] = useState(own[0] === undefined ? 'organization' : placeKey(placeOf(own[0])))
  const place = choices.find(({ value }) => value === wanted)?.value ?? choices[0]?.value ?? 'organization'
  return (
    <Stack gap="sm">
      <Text fw={600}>Map it</Text>
      <Group align="flex-end" gap="sm">
        <NativeSelect
          label="Element"
          value={element}
          data={elements.map(({ key, name: label }) => ({ value: key, label }))}
          onChange={(event) => setElement(event.currentTarget.value)}
          style={{ flex: '1 1 12rem' }}
        />
        <NativeSelect
          label="The mapping holds for"
          value={place}
          data={[...choices]}
          onChange={(event) => setWanted(event.currentTarget.value)}
          style={{ flex: '1 1 16rem' }}
        />
        <LinkButton to="/mappings/$name/$element/$place" params={{ name, element, place }}>
          Go to the mapping
        </LinkButton>
      </Group>
    </Stack>
  )
}
