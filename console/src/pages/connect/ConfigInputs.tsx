import { Stack, Text } from '@mantine/core'
import type { ConnectInputField, ConnectWay } from '../../api/shapes.ts'
import { ConfigInput } from './ConfigInput.tsx'

/** What a login needs, and what may be set besides. */
export const ConfigInputs = ({
  way,
  values,
  isFolded,
  onChange,
}: {
  readonly way: ConnectWay
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
  const { inputs, fields } = way
  const options = inputs.filter(({ key }) => !fields.includes(key))
  return (
    <>
      {inputs.filter(({ key }) => fields.includes(key)).map(inputOf)}
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
