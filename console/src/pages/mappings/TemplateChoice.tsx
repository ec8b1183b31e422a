import { NativeSelect } from '@mantine/core'

/** Ready-made things by name, where the server has such. */
export const TemplateChoice = ({
  names,
  chosen,
  description,
  onChoose,
}: {
  readonly names: readonly string[]
  readonly chosen: string
  readonly description: string
  readonly onChoose: (name: string) => void
}) =>
  names.length === 0 ? null : (
    <NativeSelect
      label="Start from a template"
      description={description}
      value={chosen}
      data={[{ value: '', label: 'no template' }, ...names]}
      onChange={(event) => onChoose(event.currentTarget.value)}
    />
  )
