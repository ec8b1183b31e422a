import { Button, Group, Stack, Table, Text, TextInput } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { removeDefinition, renameDefinition, useMappingAction } from '../../api/mapping.ts'
import { type Place, placeKey } from '../../api/places.ts'
import { instancesQuery } from '../../api/queries.ts'
import type { Definition } from '../../api/shapes.ts'
import { placeWords } from '../../parts/place-words.ts'
import { asTyped } from '../../ui/as-typed.ts'
import { BusyButton } from '../../ui/BusyButton.tsx'
import { Confirm } from '../../ui/Confirm.tsx'
import { LinkButton } from '../../ui/LinkButton.tsx'
import { Problem } from '../../ui/Problem.tsx'

const Rename = ({
  name,
  place,
  where,
}: {
  readonly name: string
  readonly place: Place
  readonly where: string
}) => {
  const [isOpen, setOpen] = useState(false)
  const [newName, setNewName] = useState(name)
  const navigate = useNavigate()
  const rename = useMappingAction(
    (to: string) => renameDefinition(place, name, to),
    (to) => navigate({ to: '/mappings/$name', params: { name: to } }),
  )
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    rename.mutate(newName.trim())
  }
  return (
    <>
      <Button
        size="xs"
        variant="default"
        aria-expanded={isOpen}
        aria-label={`Rename what is defined for ${where}`}
        onClick={() => setOpen(!isOpen)}
      >
        Rename
      </Button>
      {isOpen ? (
        <form onSubmit={submit} style={{ flex: '1 0 100%', order: 1 }}>
          <Stack gap="xs">
            <TextInput
              label="New name"
              description="What is mapped to it takes the new name, too; calls by the old one find nothing then."
              required
              value={newName}
              onChange={(event) => setNewName(event.currentTarget.value)}
              {...asTyped}
            />
            {rename.error === null ? null : <Problem error={rename.error} />}
            <Group>
              <BusyButton size="xs" type="submit" busy={rename.isPending}>
                Rename it
              </BusyButton>
            </Group>
          </Stack>
        </form>
      ) : null}
    </>
  )
}

const FieldTable = ({ fields }: Pick<Definition, 'fields'>) => (
  <Table variant="vertical" layout="fixed">
    <Table.Tbody>
      {fields.map(({ path, type, displayName }) => (
        <Table.Tr key={path}>
          <Table.Th scope="row" className="breaks" w="50%">
            {path}
          </Table.Th>
          <Table.Td className="breaks">
            {type}
            {displayName === undefined ? '' : `, ${displayName}`}
          </Table.Td>
        </Table.Tr>
      ))}
    </Table.Tbody>
  </Table>
)

/** What one place defines, and what can be done to it. */
export const DefinitionCard = ({
  name,
  place,
  definition,
  isLast,
}: {
  readonly name: string
  readonly place: Place
  readonly definition: Definition
  /** Whether nothing of the name is left without it. */
  readonly isLast: boolean
}) => {
  const { data: instances } = useSuspenseQuery(instancesQuery)
  const navigate = useNavigate()
  const where = placeWords(place, instances)
  const remove = useMappingAction(
    (at: Place) => removeDefinition(at, name),
    async () => (isLast ? navigate({ to: '/mappings' }) : undefined),
  )
  return (
    <Stack gap="xs" component="section" aria-label={`Defined for ${where}`} data-place={placeKey(place)}>
      <Text fw={600} className="breaks">
        For {where}
      </Text>
      {definition.fields.length === 0 ? <Text size="sm">No fields.</Text> : <FieldTable {...definition} />}
      <Group gap="xs">
        <LinkButton
          size="xs"
          variant="default"
          to="/define"
          search={{ name, place: placeKey(place) }}
          aria-label={`Change the fields for ${where}`}
        >
          Change the fields
        </LinkButton>
        <Rename name={name} place={place} where={where} />
        <Confirm
          label="Delete"
          what={`what is defined for ${where}`}
          title={`Delete the fields of ${name} for ${where}?`}
          text="It cannot be undone. While something is mapped to it, it is not deleted."
          action={() => remove.mutateAsync(place)}
        />
      </Group>
    </Stack>
  )
}
