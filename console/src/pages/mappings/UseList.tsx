import { Group, Stack, Text } from '@mantine/core'
import { removeTransformation, useMappingAction } from '../../api/mapping.ts'
import { placeKey, placeOfUse } from '../../api/places.ts'
import type { MappingUse } from '../../api/shapes.ts'
import { Confirm } from '../../ui/Confirm.tsx'
import { LinkButton } from '../../ui/LinkButton.tsx'
import { useUseWords } from './use-words.ts'

const Use = ({
  name,
  use,
  words,
}: {
  readonly name: string
  readonly use: MappingUse
  readonly words: string
}) => {
  const place = placeOfUse(use)
  const remove = useMappingAction(() => removeTransformation(place, use.element.key, name))
  return (
    <li className="event" data-mapped={`${use.element.key}/${placeKey(place)}`}>
      <Stack gap="xs">
        <Text className="breaks">{words}</Text>
        <Group gap="xs">
          <LinkButton
            size="xs"
            variant="default"
            to="/mappings/$name/$element/$place"
            params={{ name, element: use.element.key, place: placeKey(place) }}
            aria-label={`Open the mapping of ${words}`}
          >
            Open
          </LinkButton>
          <Confirm
            label="Delete"
            what={`the mapping of ${words}`}
            title={`Delete the mapping of ${words}?`}
            text={`It cannot be undone. Calls of ${name} find nothing then, unless another level maps it.`}
            action={() => remove.mutateAsync(undefined)}
          />
        </Group>
      </Stack>
    </li>
  )
}

/** Where a common resource is mapped. */
export const UseList = ({ name, uses }: { readonly name: string; readonly uses: readonly MappingUse[] }) => {
  const wordsOf = useUseWords()
  if (uses.length === 0) return <Text role="status">Nothing is mapped to it yet.</Text>
  return (
    <ul className="events" aria-label="Where it is mapped">
      {uses.map((use) => (
        <Use key={wordsOf(use)} name={name} use={use} words={wordsOf(use)} />
      ))}
    </ul>
  )
}
