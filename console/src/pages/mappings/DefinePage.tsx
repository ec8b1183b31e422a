import { Card, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { definitionsQuery, storeDefinition, templatesQuery, useMappingAction } from '../../api/mapping.ts'
import { organization, type Place, placeIn, placeKey } from '../../api/places.ts'
import { instancesQuery } from '../../api/queries.ts'
import { placeChoices, placeWords } from '../../parts/place-words.ts'
import { asTyped } from '../../ui/as-typed.ts'
import { PageHead } from '../../ui/PageHead.tsx'
import {
  DefinitionForm,
  definitionInputOf,
  nothingWritten,
  type WrittenDefinition,
  writtenOf,
} from './DefinitionForm.tsx'
import { TemplateChoice } from './TemplateChoice.tsx'

const route = getRouteApi('/shell/define')

const PlaceChoice = ({
  place,
  onChange,
}: {
  readonly place: Place
  readonly onChange: (key: string) => void
}) => {
  const { data: instances } = useSuspenseQuery(instancesQuery)
  return (
    <NativeSelect
      label="It holds for"
      description="What is defined for an instance comes before what is defined for its account, and that before the organization's."
      value={placeKey(place)}
      data={[...placeChoices(instances)]}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}

const useStore = (place: Place, isThere: boolean) => {
  const navigate = useNavigate()
  return useMappingAction(
    ({ name, written }: { readonly name: string; readonly written: WrittenDefinition }) =>
      storeDefinition(place, name, definitionInputOf(written), isThere),
    ({ name }) => navigate({ to: '/mappings/$name', params: { name } }),
  )
}

const NewResource = ({ place, move }: { readonly place: Place; readonly move: (key: string) => void }) => {
  const [name, setName] = useState('')
  const [written, setWritten] = useState(nothingWritten)
  const { data: templates } = useSuspenseQuery(templatesQuery)
  const [template, setTemplate] = useState('')
  const store = useStore(place, false)
  const choose = (chosen: string): void => {
    const found = templates[chosen]
    setTemplate(chosen)
    setName(found === undefined ? '' : chosen)
    setWritten(found === undefined ? nothingWritten() : writtenOf(found))
  }
  return (
    <DefinitionForm
      written={written}
      onChange={setWritten}
      onStore={() => store.mutate({ name: name.trim(), written })}
      isBusy={store.isPending}
      error={store.error}
      label="Define it"
    >
      <TemplateChoice
        names={Object.keys(templates)}
        chosen={template}
        description="Fills in name and fields, which may be changed."
        onChoose={choose}
      />
      <TextInput
        label="Name"
        description="As calls name it: GET /hubs/{hub}/{name}"
        required
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        {...asTyped}
      />
      <PlaceChoice place={place} onChange={move} />
    </DefinitionForm>
  )
}

const KnownResource = ({
  name,
  place,
  move,
}: {
  readonly name: string
  readonly place: Place
  readonly move: (key: string) => void
}) => {
  const { data: definitions } = useSuspenseQuery(definitionsQuery(place))
  const { data: instances } = useSuspenseQuery(instancesQuery)
  const there = definitions[name]
  const [written, setWritten] = useState(() => (there === undefined ? nothingWritten() : writtenOf(there)))
  const store = useStore(place, there !== undefined)
  return (
    <DefinitionForm
      written={written}
      onChange={setWritten}
      onStore={() => store.mutate({ name, written })}
      isBusy={store.isPending}
      error={store.error}
      label={there === undefined ? 'Define it' : 'Save'}
    >
      <PlaceChoice place={place} onChange={move} />
      <Text size="sm" role="status">
        {there === undefined
          ? `Nothing of this name is defined for ${placeWords(place, instances)} yet.`
          : `As it is defined for ${placeWords(place, instances)}.`}
      </Text>
    </DefinitionForm>
  )
}

/** Defines a common resource, or changes its fields; each level by itself. */
export const DefinePage = () => {
  const { name, place: text } = route.useSearch()
  const navigate = useNavigate()
  const place = placeIn(text) ?? organization
  const move = (to: string): void =>
    void navigate({
      to: '/define',
      search: { ...(name === undefined ? {} : { name }), place: to },
      replace: true,
    })
  return (
    <>
      <PageHead
        title={name === undefined ? 'Define a common resource' : `Fields of ${name}`}
        about="Which fields it has. What each is at a vendor is said afterwards, by a mapping."
      />
      <Card withBorder padding="lg" component="section" aria-label="Definition">
        <Stack maw="52rem">
          {name === undefined ? (
            <NewResource place={place} move={move} />
          ) : (
            <KnownResource key={placeKey(place)} name={name} place={place} move={move} />
          )}
        </Stack>
      </Card>
    </>
  )
}
