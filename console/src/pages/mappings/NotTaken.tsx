import { Text } from '@mantine/core'
import type { TransformationInput } from '../../api/mapping.ts'
import { Problem } from '../../ui/Problem.tsx'

/** Why the server does not take a mapping; its words count fields as they are sent, which are fewer than on the page. */
export const NotTaken = ({
  error,
  title,
  input,
}: {
  readonly error: Error
  readonly title: string
  readonly input: TransformationInput
}) => {
  const [words, at] = /(?:^|\.)fields\.(\d+)/.exec(error.message) ?? []
  const field = input.fields[Number(at)]
  return (
    <>
      <Problem error={error} title={title} />
      {words === undefined || field === undefined ? null : (
        <Text size="sm" className="breaks">
          fields.{at} is the field <b>{field.path}</b>.
        </Text>
      )}
    </>
  )
}
