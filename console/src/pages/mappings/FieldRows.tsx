import { Autocomplete, Button, Checkbox, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { levelWords } from '../../parts/place-words.ts'
import { asTyped } from '../../ui/as-typed.ts'
import { type DraftField, mappedTo } from './draft.ts'
import { typeChoices } from './types.ts'
import type { VendorField } from './vendor-fields.ts'

const mostOptions = 60

const aboutField = ({ type, sample }: VendorField): string =>
  sample === undefined ? type : `${type}, such as ${sample}`

const Options = ({
  field,
  onChange,
}: {
  readonly field: DraftField
  readonly onChange: (field: DraftField) => void
}) => {
  const { remove } = field
  return (
    <Stack gap="xs" className="whole" pb="xs">
      <Checkbox
        size="xs"
        label="Keep it back from readers"
        checked={remove.fromVendor}
        onChange={(event) =>
          onChange({ ...field, remove: { ...remove, fromVendor: event.currentTarget.checked } })
        }
      />
      <Checkbox
        size="xs"
        label="Never send it to the vendor"
        checked={remove.toVendor}
        onChange={(event) =>
          onChange({ ...field, remove: { ...remove, toVendor: event.currentTarget.checked } })
        }
      />
      <TextInput
        size="xs"
        label="Date pattern"
        description="Such as dd/MM/yyyy. Empty: as the vendor writes it."
        value={field.datePattern}
        onChange={(event) => onChange({ ...field, datePattern: event.currentTarget.value })}
        {...asTyped}
      />
    </Stack>
  )
}

const optionWords = ({ remove, datePattern }: DraftField): string => {
  const set = [remove.fromVendor, remove.toVendor, datePattern.trim() !== ''].filter(Boolean).length
  return set === 0 ? 'Options' : `Options (${set})`
}

const FieldRow = ({
  field,
  fields,
  onChange,
  onRemove,
}: {
  readonly field: DraftField
  readonly fields: ReadonlyMap<string, VendorField>
  readonly onChange: (field: DraftField) => void
  readonly onRemove: () => void
}) => {
  const [isOpen, setOpen] = useState(false)
  const known = fields.get(field.vendorPath)
  const called = field.path === '' ? 'a new field' : field.path
  /** What is changed is this level's own. */
  const set = (change: Partial<DraftField>): void => onChange({ ...field, inherited: undefined, ...change })
  return (
    <li className="mapped-field" data-field={field.path}>
      <TextInput
        size="xs"
        label="Common field"
        aria-label={`Common field ${called}`}
        value={field.path}
        onChange={(event) => set({ path: event.currentTarget.value })}
        {...asTyped}
      />
      <NativeSelect
        size="xs"
        label="Type"
        aria-label={`Type of ${called}`}
        value={field.type}
        data={typeChoices(field.type)}
        onChange={(event) => set({ type: event.currentTarget.value })}
      />
      <Autocomplete
        className="from"
        size="xs"
        label="Vendor's field"
        aria-label={`Vendor's field of ${called}`}
        placeholder="not mapped"
        value={field.vendorPath}
        data={[...fields.keys()]}
        limit={mostOptions}
        maxDropdownHeight={280}
        onChange={(vendorPath) => set(mappedTo(field, vendorPath, fields.get(vendorPath)?.type))}
        renderOption={({ option }) => {
          const one = fields.get(option.value)
          return (
            <div className="breaks">
              <Text size="xs">{option.value}</Text>
              <Text size="xs" c="dimmed">
                {one === undefined ? '' : aboutField(one)}
              </Text>
            </div>
          )
        }}
        {...asTyped}
      />
      <Group className="whole" gap="xs" justify="space-between">
        <Text size="xs" c="dimmed" className="breaks" style={{ flex: '1 1 8rem' }}>
          {field.inherited === undefined
            ? known === undefined
              ? ''
              : aboutField(known)
            : `From ${levelWords[field.inherited]}; what is changed here holds at this level alone.`}
        </Text>
        <Group gap="xs">
          <Button
            size="compact-xs"
            variant="default"
            aria-expanded={isOpen}
            aria-label={`${optionWords(field)} of ${called}`}
            onClick={() => setOpen(!isOpen)}
          >
            {optionWords(field)}
          </Button>
          {field.inherited === undefined ? (
            <Button size="compact-xs" variant="default" aria-label={`Remove ${called}`} onClick={onRemove}>
              Remove
            </Button>
          ) : null}
        </Group>
      </Group>
      {isOpen ? <Options field={field} onChange={set} /> : null}
    </li>
  )
}

/** The fields of a mapping, each beside the vendor's that it is. */
export const FieldRows = ({
  rows,
  fields,
  onChange,
}: {
  readonly rows: readonly DraftField[]
  readonly fields: readonly VendorField[]
  readonly onChange: (rows: readonly DraftField[]) => void
}) => {
  const byPath = new Map(fields.map((field) => [field.path, field]))
  return (
    <ol className="events" aria-label="Fields">
      {rows.map((row) => (
        <FieldRow
          key={row.id}
          field={row}
          fields={byPath}
          onChange={(changed) => onChange(rows.map((one) => (one.id === changed.id ? changed : one)))}
          onRemove={() => onChange(rows.filter(({ id }) => id !== row.id))}
        />
      ))}
    </ol>
  )
}
