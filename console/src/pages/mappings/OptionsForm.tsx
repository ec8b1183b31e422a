import { Checkbox, NativeSelect, Stack } from '@mantine/core'
import type { Place } from '../../api/places.ts'
import type { Draft, Passing } from './draft.ts'

const passings: readonly { readonly value: Passing; readonly label: string }[] = [
  { value: 'none', label: 'is left out, read and written' },
  { value: 'both', label: 'passes under its own name, read and written' },
  { value: 'read', label: 'is shown to readers, and not sent to the vendor' },
  { value: 'write', label: 'is hidden from readers, and sent to the vendor' },
  { value: 'unsaid', label: 'as the levels above say, else it passes' },
]

/** What holds for a whole mapping. */
export const OptionsForm = ({
  draft,
  place,
  onChange,
  onInherit,
}: {
  readonly draft: Draft
  readonly place: Place
  readonly onChange: (draft: Draft) => void
  readonly onInherit: (inherits: boolean) => void
}) => (
  <Stack gap="sm">
    <NativeSelect
      label="What is not mapped"
      value={draft.passing}
      data={[...passings]}
      onChange={(event) =>
        onChange({
          ...draft,
          passing: passings.find(({ value }) => value === event.currentTarget.value)?.value ?? 'unsaid',
        })
      }
    />
    {place.level === 'organization' ? null : (
      <Checkbox
        label="Inherit"
        description="Fields and options of the levels above hold where this level says nothing of them."
        checked={draft.inherits}
        onChange={(event) => onInherit(event.currentTarget.checked)}
      />
    )}
    <Checkbox
      label="Add to documentation"
      description="It is shown in the documents of each instance."
      checked={draft.isDocumented}
      onChange={(event) => onChange({ ...draft, isDocumented: event.currentTarget.checked })}
    />
  </Stack>
)
