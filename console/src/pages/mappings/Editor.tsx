import { Button, Card, Group, SegmentedControl, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { fieldsQuery } from '../../api/hub.ts'
import { storeTransformation, useMappingAction } from '../../api/mapping.ts'
import type { Place } from '../../api/places.ts'
import type { Definition, Instance, Metadata, Transformation } from '../../api/shapes.ts'
import { changesBetween } from './difference.ts'
import {
  type Draft,
  draftOf,
  emptyField,
  inputOf,
  newDraft,
  withDefined,
  withInherited,
  withoutInherited,
} from './draft.ts'
import { FieldRows } from './FieldRows.tsx'
import { OptionsForm } from './OptionsForm.tsx'
import { Review } from './Review.tsx'
import { Saved } from './Saved.tsx'
import { ScriptForm } from './ScriptForm.tsx'
import { Shadowed } from './Shadowed.tsx'
import { SourceChoice } from './SourceChoice.tsx'
import { TemplateMapping } from './TemplateMapping.tsx'
import { type Direction, ResultPane, SamplePane } from './TrialPanes.tsx'
import { useTrial } from './use-trial.ts'
import { sameNamed, type VendorField, vendorFields } from './vendor-fields.ts'

export interface EditorProps {
  readonly name: string
  readonly element: Metadata
  readonly place: Place
  /** What the place has; null: nothing yet. */
  readonly stored: Transformation | null
  /** What the nearest level above has. */
  readonly above: Transformation | null
  readonly defined: Definition['fields']
  /** Of the element. */
  readonly instances: readonly Instance[]
}

const firstDraft = ({ stored, above, element, place, defined }: EditorProps): Draft => {
  const first = element.resources.find(({ operations }) => operations.includes('SEARCH'))
  const draft =
    stored === null ? newDraft(above?.vendorName ?? first?.canonicalName ?? '') : draftOf(stored, place)
  return withDefined(draft, defined)
}

/** Maps what is called alike, and nothing that is mapped already. */
const filledIn = (draft: Draft, fields: readonly VendorField[]): Draft => ({
  ...draft,
  fields: draft.fields.map((field) =>
    field.vendorPath === '' && field.inherited === undefined
      ? { ...field, vendorPath: sameNamed(field.path, fields) ?? '' }
      : field,
  ),
})

const directions = [
  { value: 'read', label: 'Try a read' },
  { value: 'write', label: 'Try a write' },
]

/** A mapping under the hands of a person: a vendor's row on its left, what becomes of it on its right. */
export const Editor = (props: EditorProps) => {
  const { name, element, place, stored, above, defined, instances } = props
  const [draft, setDraft] = useState(() => firstDraft(props))
  const [direction, setDirection] = useState<Direction>('read')
  const [isReviewed, setReviewed] = useState(false)
  const [sampled, setSampled] = useState(place.level === 'instance' ? place.id : instances[0]?.id)
  const instance = instances.find(({ id }) => id === sampled)
  const resource = element.resources.find(({ canonicalName }) => canonicalName === draft.vendorName)
  const isListed = resource?.operations.includes('SEARCH') ?? false
  const input = inputOf(draft)
  const trial = useTrial(
    { place, element: element.key, name, input },
    { instance, hub: element.hub, resource: draft.vendorName, isListed },
    direction === 'write',
  )
  const named = useQuery({
    ...fieldsQuery(instance ?? ({} as Instance), element.hub, draft.vendorName),
    enabled: instance !== undefined && draft.vendorName !== '',
  })
  const fields = vendorFields(named.data?.fields ?? [], trial.rows)
  const save = useMappingAction(() => storeTransformation(place, element.key, name, input, stored !== null))
  const change = (changed: Draft): void => {
    save.reset()
    setReviewed(false)
    setDraft(changed)
  }
  const isSaved = save.isSuccess && !isReviewed
  return (
    <Stack>
      <Card withBorder padding="md" component="section" aria-label="What is mapped">
        <Stack gap="sm">
          {stored === null ? (
            <TemplateMapping
              element={element.key}
              onChoose={(template) =>
                change(withDefined({ ...draftOf(template, place), settings: [] }, defined))
              }
            />
          ) : null}
          <SourceChoice
            element={element}
            resource={draft.vendorName}
            onResource={(vendorName) => {
              trial.reset()
              change({ ...draft, vendorName })
            }}
            instances={place.level === 'instance' ? [] : instances}
            sampled={sampled}
            onSampled={(id) => {
              trial.reset()
              setSampled(id)
            }}
          >
            <SegmentedControl
              aria-label="Direction that is tried"
              value={direction}
              data={directions}
              onChange={(value) => setDirection(value === 'write' ? 'write' : 'read')}
            />
          </SourceChoice>
          <Shadowed resource={draft.vendorName} element={element.key} instanceId={sampled} />
        </Stack>
      </Card>
      <div className="mapping">
        <SamplePane
          trial={trial}
          direction={direction}
          vendor={draft.vendorName}
          canRead={instance !== undefined && isListed}
        />
        <Card withBorder padding="md" component="section" aria-label="The mapping">
          <Stack gap="sm">
            <Group justify="space-between" gap="xs">
              <Title order={2} fz="md">
                The mapping
              </Title>
              <Button size="xs" variant="default" onClick={() => change(filledIn(draft, fields))}>
                Map what is called alike
              </Button>
            </Group>
            {named.error === null ? null : (
              <Text size="sm">The vendor's fields could not be read: {named.error.message}</Text>
            )}
            <FieldRows
              rows={draft.fields}
              fields={fields}
              onChange={(rows) => change({ ...draft, fields: rows })}
            />
            <Group>
              <Button
                size="xs"
                variant="default"
                onClick={() => change({ ...draft, fields: [...draft.fields, emptyField()] })}
              >
                Add a field
              </Button>
            </Group>
            <OptionsForm
              draft={draft}
              place={place}
              onChange={change}
              onInherit={(inherits) =>
                change(inherits ? withInherited(draft, above, place) : withoutInherited(draft, defined))
              }
            />
            <ScriptForm draft={draft} onChange={change} />
          </Stack>
        </Card>
        <ResultPane trial={trial} direction={direction} name={name} />
      </div>
      <Card withBorder padding="md" component="section" aria-label="Save">
        {isReviewed ? (
          <Review
            changes={changesBetween(stored === null ? undefined : draftOf(stored, place), draft)}
            isNew={stored === null}
            isBusy={save.isPending}
            error={save.error}
            onSave={() => save.mutate(undefined, { onSuccess: () => setReviewed(false) })}
            onLeave={() => setReviewed(false)}
          />
        ) : (
          <Stack gap="sm">
            {isSaved ? <Saved name={name} hub={element.hub} instance={instance} /> : null}
            <Group>
              <Button onClick={() => setReviewed(true)}>See what will change</Button>
            </Group>
          </Stack>
        )}
      </Card>
    </Stack>
  )
}
