import { Button, Card, Group, SegmentedControl, Stack, Title } from '@mantine/core'
import { useState } from 'react'
import { storeTransformation, useMappingAction } from '../../api/mapping.ts'
import type { Place } from '../../api/places.ts'
import type { Definition, Instance, Metadata, Transformation } from '../../api/shapes.ts'
import { Problem } from '../../ui/Problem.tsx'
import { changesBetween } from './difference.ts'
import {
  type Draft,
  draftOf,
  draftOfTemplate,
  emptyField,
  firstDraft,
  inputOf,
  mappedTo,
  suits,
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
import { TemplateChoice } from './TemplateChoice.tsx'
import { type Direction, ResultPane, SamplePane } from './TrialPanes.tsx'
import { useLeaveQuestion } from './use-leave-question.ts'
import { type Source, useTrial } from './use-trial.ts'
import { useVendorFields } from './use-vendor-fields.ts'
import { sameNamed, type VendorField } from './vendor-fields.ts'

export interface EditorProps {
  readonly name: string
  readonly element: Metadata
  readonly place: Place
  /** What the place has; null: nothing yet. */
  readonly stored: Transformation | null
  /** What the nearest level above has. */
  readonly above: Transformation | null
  readonly defined: Definition['fields']
  /** Ready-made mappings of the element, by name. */
  readonly templates: Readonly<Record<string, Transformation>>
  /** Of the element. */
  readonly instances: readonly Instance[]
}

/** Maps what is called alike, and nothing that is mapped already. */
const filledIn = (draft: Draft, fields: readonly VendorField[]): Draft => ({
  ...draft,
  fields: draft.fields.map((field) => {
    if (field.vendorPath !== '' || field.inherited !== undefined) return field
    const found = sameNamed(field.path, fields)
    return found === undefined ? field : { ...field, ...mappedTo(field, found.path, found.type) }
  }),
})

const directions = [
  { value: 'read', label: 'Try a read' },
  { value: 'write', label: 'Try a write' },
]

/** A mapping under the hands of a person: a vendor's row on its left, what becomes of it on its right. */
export const Editor = (props: EditorProps) => {
  const { name, element, place, stored, above, defined, templates, instances } = props
  const listed = element.resources.filter(({ operations }) => operations.includes('SEARCH'))
  const named = templates[name]
  const suiting = above === null && named !== undefined && suits(named, defined) ? named : undefined
  const [draft, setDraft] = useState(() =>
    firstDraft(stored, above, place, defined, suiting, listed[0]?.canonicalName ?? ''),
  )
  const [template, setTemplate] = useState(stored === null && suiting !== undefined ? name : '')
  const [isTouched, setTouched] = useState(false)
  const [direction, setDirection] = useState<Direction>('read')
  const [isReviewed, setReviewed] = useState(false)
  const [sampled, setSampled] = useState(place.level === 'instance' ? place.id : instances[0]?.id)
  const source: Source = {
    instance: instances.find(({ id }) => id === sampled),
    hub: element.hub,
    resource: draft.vendorName,
    isListed: listed.some(({ canonicalName }) => canonicalName === draft.vendorName),
  }
  const input = inputOf(draft)
  const trial = useTrial({ place, element: element.key, name, input }, source, direction === 'write')
  const { fields, error: unknownFields } = useVendorFields(source, trial.rows)
  const save = useMappingAction(() => storeTransformation(place, element.key, name, input, stored !== null))
  const change = (changed: Draft): void => {
    setTouched(true)
    save.reset()
    setReviewed(false)
    setDraft(changed)
  }
  const chooseTemplate = (chosen: string): void => {
    const found = templates[chosen]
    setTemplate(chosen)
    trial.reset()
    change(
      found === undefined
        ? firstDraft(stored, above, place, defined, undefined, listed[0]?.canonicalName ?? '')
        : draftOfTemplate(found, place, defined),
    )
  }
  const afterSave = (): void => {
    setTouched(false)
    setReviewed(false)
  }
  useLeaveQuestion(isTouched)
  const isSaved = save.isSuccess && !isReviewed
  return (
    <Stack>
      <Card withBorder padding="md" component="section" aria-label="What is mapped">
        <Stack gap="sm">
          {stored === null ? (
            <TemplateChoice
              names={Object.keys(templates)}
              chosen={template}
              description="Fills in the whole mapping, which may be changed."
              onChoose={chooseTemplate}
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
          canRead={source.instance !== undefined && source.isListed}
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
            {unknownFields === null ? null : (
              <Problem error={unknownFields} title="The vendor's fields were not read" />
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
        <ResultPane trial={trial} direction={direction} name={name} input={input} />
      </div>
      <Card withBorder padding="md" component="section" aria-label="Save">
        {isReviewed ? (
          <Review
            changes={changesBetween(stored === null ? undefined : draftOf(stored, place), draft)}
            input={input}
            isNew={stored === null}
            isBusy={save.isPending}
            error={save.error}
            onSave={() => save.mutate(undefined, { onSuccess: afterSave })}
            onLeave={() => setReviewed(false)}
          />
        ) : (
          <Stack gap="sm">
            {isSaved ? <Saved name={name} hub={element.hub} instance={source.instance} /> : null}
            <Group>
              <Button onClick={() => setReviewed(true)}>See what will change</Button>
            </Group>
          </Stack>
        )}
      </Card>
    </Stack>
  )
}
