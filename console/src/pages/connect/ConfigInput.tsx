import { NativeSelect, PasswordInput, TextInput } from '@mantine/core'
import type { ConfigField } from '../../api/shapes.ts'

/** One configuration key as the element describes it. */
export const ConfigInput = ({
  field,
  name,
  value,
  onChange,
}: {
  readonly field: ConfigField | undefined
  readonly name: string
  readonly value: string
  readonly onChange: (value: string) => void
}) => {
  const common = {
    label: field?.name ?? name,
    description: field?.description,
    name,
    value,
    required: field?.required ?? false,
    autoComplete: 'off',
    onChange: (event: { readonly currentTarget: { readonly value: string } }) =>
      onChange(event.currentTarget.value),
  }
  if (field?.type === 'COMBO') {
    const options = (field.options ?? []).map((one) => ({ value: one.value, label: one.description }))
    return <NativeSelect {...common} data={[{ value: '', label: 'not set' }, ...options]} />
  }
  return field?.type === 'PASSWORD' ? (
    <PasswordInput
      {...common}
      visibilityToggleButtonProps={{ 'aria-label': `Show ${common.label}`, tabIndex: 0 }}
    />
  ) : (
    <TextInput {...common} autoCapitalize="none" spellCheck={false} />
  )
}
