import { Stack, Text } from '@mantine/core'
import type { ConnectInputField } from '../../api/shapes.ts'
import { ConfigInput } from './ConfigInput.tsx'

/** What a login needs, and what may be set besides. */
export const ConfigInputs = ({
  inputs,
  values,
  isFolded,
  onChange,
}: {
  readonly inputs: readonly ConnectInputField[]
  readonly values: Readonly<Record<string, string>>
  /** What may be set is out of sight until somebody looks for it. */
  readonly isFolded: boolean
  readonly onChange: (key: string, value: string) => void
}) => {
  const inputOf = (field: ConnectInputField) => (
    <ConfigInput
      key={field.key}
      field={field}
      value={values[field.key] ?? ''}
      onChange={(value) => onChange(field.key, value)}
    />
  )
  const options = inputs.filter(({ required }) => !required)
  return (
    <>
      {inputs.filter(({ required }) => required).map(inputOf)}
      {isFolded && options.length > 0 ? (
        <details>
          <summary>
            <Text span size="sm">
              More settings
            </Text>
          </summary>
          <Stack gap="sm" pt="sm">
            {options.map(inputOf)}
          </Stack>
        </details>
      ) : (
        options.map(inputOf)
      )}
    </>
  )
}
