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
  const { key, name, description, kind, required, defaultValue } = field
  const common = {
    label: name,
    name: key,
    value,
    required,
    autoComplete: 'off',
    ...(description === '' ? {} : { description }),
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
  return (
    <TextInput
      {...common}
      autoCapitalize="none"
      spellCheck={false}
      {...(defaultValue === undefined ? {} : { placeholder: defaultValue })}
    />
  )
}
