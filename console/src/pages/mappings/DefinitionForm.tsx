import { Button, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import type { FormEvent, ReactNode } from 'react'
import type { DefinitionInput } from '../../api/mapping.ts'
import type { Definition } from '../../api/shapes.ts'
import { asTyped } from '../../ui/as-typed.ts'
import { BusyButton } from '../../ui/BusyButton.tsx'
import { Problem } from '../../ui/Problem.tsx'
import { typeChoices } from './types.ts'

/** A field as it is written on the page. */
export interface WrittenField {
  readonly id: number
  readonly path: string
  readonly type: string
  readonly displayName: string
}

export interface WrittenDefinition {
  readonly description: string
  readonly fields: readonly WrittenField[]
}

let lastId = 0
const emptyField = (): WrittenField => {
  lastId += 1
  return { id: lastId, path: '', type: 'string', displayName: '' }
}

/** For changing what there is, or for making something of a template. */
export const writtenOf = ({
  description,
  fields,
}: Pick<Definition, 'description' | 'fields'>): WrittenDefinition => ({
  description,
  fields: fields.map(({ path, type, displayName = '' }) => ({ ...emptyField(), path, type, displayName })),
})

export const nothingWritten = (): WrittenDefinition => ({ description: '', fields: [emptyField()] })

/** As the API takes it; lines without a path are not there. */
export const definitionInputOf = ({ description, fields }: WrittenDefinition): DefinitionInput => ({
  description: description.trim(),
  fields: fields
    .filter(({ path }) => path.trim() !== '')
    .map(({ path, type, displayName }) => ({
      ...{ path: path.trim(), type },
      ...(displayName.trim() === '' ? {} : { displayName: displayName.trim() }),
    })),
})

const FieldLine = ({
  field,
  at,
  onChange,
  onRemove,
}: {
  readonly field: WrittenField
  readonly at: number
  readonly onChange: (field: WrittenField) => void
  readonly onRemove: () => void
}) => (
  <li className="defined-field">
    <TextInput
      size="xs"
      label="Field"
      aria-label={`Field ${at + 1}, its path`}
      placeholder="owner.name"
      value={field.path}
      onChange={(event) => onChange({ ...field, path: event.currentTarget.value })}
      {...asTyped}
    />
    <NativeSelect
      size="xs"
      label="Type"
      aria-label={`Field ${at + 1}, its type`}
      value={field.type}
      data={typeChoices(field.type)}
      onChange={(event) => onChange({ ...field, type: event.currentTarget.value })}
    />
    <TextInput
      size="xs"
      label="Name for people"
      aria-label={`Field ${at + 1}, its name for people`}
      value={field.displayName}
      onChange={(event) => onChange({ ...field, displayName: event.currentTarget.value })}
    />
    <Button
      size="xs"
      variant="default"
      aria-label={`Remove field ${at + 1} ${field.path}`}
      onClick={onRemove}
    >
      Remove
    </Button>
  </li>
)

/** The fields of a common resource. */
export const DefinitionForm = ({
  written,
  onChange,
  onStore,
  isBusy,
  error,
  label,
  children,
}: {
  readonly written: WrittenDefinition
  readonly onChange: (written: WrittenDefinition) => void
  readonly onStore: () => void
  readonly isBusy: boolean
  readonly error: Error | null
  readonly label: string
  readonly children?: ReactNode
}) => {
  const { fields, description } = written
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    onStore()
  }
  const replace = (field: WrittenField): void =>
    onChange({ ...written, fields: fields.map((one) => (one.id === field.id ? field : one)) })
  const add = (): void => onChange({ ...written, fields: [...fields, emptyField()] })
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        {children}
        <TextInput
          label="Description"
          description="What it is, for whoever reads with it. May be empty."
          value={description}
          onChange={(event) => onChange({ ...written, description: event.currentTarget.value })}
        />
        <Stack gap={4}>
          <Text size="sm" fw={500} id="fields-label">
            Fields
          </Text>
          <Text size="sm" c="dimmed">
            A path is names with dots between them, and [*] for every item of a list: title, owner.name,
            lines[*].amount
          </Text>
          <ol className="events" aria-labelledby="fields-label">
            {fields.map((field, at) => (
              <FieldLine
                key={field.id}
                field={field}
                at={at}
                onChange={replace}
                onRemove={() => onChange({ ...written, fields: fields.filter(({ id }) => id !== field.id) })}
              />
            ))}
          </ol>
          <Group>
            <Button size="xs" variant="default" onClick={add}>
              Add a field
            </Button>
          </Group>
        </Stack>
        {error === null ? null : <Problem error={error} title="It is not saved" />}
        <Group>
          <BusyButton type="submit" busy={isBusy}>
            {label}
          </BusyButton>
        </Group>
      </Stack>
    </form>
  )
}
