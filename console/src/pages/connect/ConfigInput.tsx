import { NativeSelect, PasswordInput, TextInput } from '@mantine/core'
import type { ConnectInputField } from '../../api/shapes.ts'

const yesAndNo = [
  { value: 'true', label: 'yes' },
  { value: 'false', label: 'no' },
] as const

/** What there is to choose from; what holds unless something is chosen stands first. */
const choicesOf = ({ kind, choices, defaultValue }: ConnectInputField) => {
  const all = kind === 'boolean' ? yesAndNo : choices.map((value) => ({ value, label: value }))
  const usual = all.find(({ value }) => value === defaultValue)?.label ?? defaultValue
  return [{ value: '', label: usual === undefined ? 'not set' : `${usual}, as usual` }, ...all]
}

/** What it is, and what holds where nothing is filled in. */
const aboutOf = ({ description, kind, defaultValue }: ConnectInputField): string => {
  if (kind !== 'text' || defaultValue === undefined) return description
  const what = description === '' || /[.!?]$/.test(description) ? description : `${description}.`
  return `${what} Empty: ${defaultValue}`.trim()
}

/** One configuration key as the element describes it. */
export const ConfigInput = ({
  field,
  value,
  onChange,
}: {
  readonly field: ConnectInputField
  readonly value: string
  readonly onChange: (value: string) => void
}) => {
  const { key, name, kind, required } = field
  const about = aboutOf(field)
  const common = {
    label: name,
    name: key,
    value,
    required,
    autoComplete: 'off',
    ...(about === '' ? {} : { description: <span className="breaks">{about}</span> }),
    onChange: (event: { readonly currentTarget: { readonly value: string } }) =>
      onChange(event.currentTarget.value),
  }
  if (kind === 'choice' || kind === 'boolean') return <NativeSelect {...common} data={choicesOf(field)} />
  if (kind === 'secret')
    return (
      <PasswordInput
        {...common}
        visibilityToggleButtonProps={{ 'aria-label': `Show ${name}`, tabIndex: 0 }}
      />
    )
  return <TextInput {...common} autoCapitalize="none" spellCheck={false} />
}
