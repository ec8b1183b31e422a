import { Checkbox, NativeSelect, Stack } from '@mantine/core'
import type { Place } from '../../api/places.ts'
import { type Draft, type Passing, passingWords } from './draft.ts'

const passings: readonly Passing[] = ['none', 'both', 'read', 'write', 'unsaid']

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
      data={passings.map((value) => ({ value, label: passingWords[value] }))}
      onChange={(event) =>
        onChange({
          ...draft,
          passing: passings.find((one) => one === event.currentTarget.value) ?? 'unsaid',
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
