import { NativeSelect } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { templateMappingsQuery } from '../../api/mapping.ts'
import type { Transformation } from '../../api/shapes.ts'

/** Ready-made mappings of an element, where the server has such. */
export const TemplateMapping = ({
  element,
  onChoose,
}: {
  readonly element: string
  readonly onChoose: (template: Transformation) => void
}) => {
  const { data: templates } = useSuspenseQuery(templateMappingsQuery(element))
  const [chosen, setChosen] = useState('')
  if (Object.keys(templates).length === 0) return null
  const choose = (name: string): void => {
    setChosen(name)
    const template = templates[name]
    if (template !== undefined) onChoose(template)
  }
  return (
    <NativeSelect
      label="Start from a template"
      description="Fills in the whole mapping, which may be changed."
      value={chosen}
      data={[{ value: '', label: 'no template' }, ...Object.keys(templates)]}
      onChange={(event) => choose(event.currentTarget.value)}
    />
  )
}
