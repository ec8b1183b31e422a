import { Checkbox, NativeSelect, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { CodeField } from '../../ui/CodeField.tsx'
import type { Draft } from './draft.ts'

const engines = [
  { value: 'done', label: 'calls done(object) at its end' },
  { value: 'return', label: 'returns the object (legacy)' },
]

const scope: readonly (readonly [name: string, what: string])[] = [
  ['transformedObject', 'what the fields above made of the row'],
  ['originalObject', 'the row as it came'],
  ['fromVendor', 'true while rows are read, false while they are written'],
  ['isWhere', 'true while conditions of a query are rewritten: originalObject.where'],
  ['configuration', 'host and tokens for calls of this API'],
  ['done(object)', 'ends the script: this is the row'],
  ['CE', 'helpers: b64, decode64, hmac, hmacSha256Hex, randomEmail, currencyCode, iso2CountryCode …'],
]

/** The option by which a script rewrites conditions as well. */
const onWhere = 'applyJSOnQueryFieldValue'

/** A script that changes what the fields have made. */
export const ScriptForm = ({
  draft,
  onChange,
}: {
  readonly draft: Draft
  readonly onChange: (draft: Draft) => void
}) => {
  const { script, isLegacy, settings, scriptFrom } = draft
  const [isOpen, setOpen] = useState(script.body !== '' || scriptFrom !== undefined)
  const others = settings.filter(({ type }) => type !== onWhere)
  return (
    <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <Text span size="sm" fw={600}>
          Script
        </Text>
      </summary>
      <Stack gap="sm" pt="sm">
        {scriptFrom === undefined ? null : (
          <Text size="sm">A script of the level above ({scriptFrom}) runs, unless one is written here.</Text>
        )}
        <CodeField
          label="JavaScript"
          description="Runs on each row after the fields are mapped. Empty: none."
          value={script.body}
          onChange={(body) => onChange({ ...draft, script: { ...script, body } })}
        />
        <NativeSelect
          label="Engine"
          description="How the script gives its object back."
          value={isLegacy ? 'return' : 'done'}
          data={engines}
          onChange={(event) => onChange({ ...draft, isLegacy: event.currentTarget.value === 'return' })}
        />
        <Checkbox
          label="Leave out empty results"
          checked={script.filterEmptyResponse}
          onChange={(event) =>
            onChange({ ...draft, script: { ...script, filterEmptyResponse: event.currentTarget.checked } })
          }
        />
        <Checkbox
          label="Run it on the values of where, too"
          checked={others.length < settings.length}
          onChange={(event) =>
            onChange({
              ...draft,
              settings: event.currentTarget.checked ? [...others, { type: onWhere }] : others,
            })
          }
        />
        <Text size="sm" fw={600}>
          In scope
        </Text>
        <dl className="scope">
          {scope.map(([name, what]) => (
            <div key={name}>
              <dt>
                <code>{name}</code>
              </dt>
              <dd>{what}</dd>
            </div>
          ))}
        </dl>
      </Stack>
    </details>
  )
}
