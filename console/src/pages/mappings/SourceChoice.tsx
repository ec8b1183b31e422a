import { Group, NativeSelect } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Instance, Metadata } from '../../api/shapes.ts'

/** Which of the vendor's resources is mapped, and which instance shows a sample of it. */
export const SourceChoice = ({
  element,
  resource,
  onResource,
  instances,
  sampled,
  onSampled,
  children,
}: {
  readonly element: Metadata
  readonly resource: string
  readonly onResource: (resource: string) => void
  /** To choose from; none where there is no choice. */
  readonly instances: readonly Instance[]
  readonly sampled: number | undefined
  readonly onSampled: (id: number) => void
  readonly children?: ReactNode
}) => (
  <Group align="flex-end" gap="sm">
    <NativeSelect
      label="Resource of the vendor"
      value={resource}
      data={element.resources.map(({ canonicalName, title }) => ({
        value: canonicalName,
        label: `${canonicalName} (${title})`,
      }))}
      onChange={(event) => onResource(event.currentTarget.value)}
      style={{ flex: '1 1 14rem' }}
    />
    {instances.length === 0 ? null : (
      <NativeSelect
        label="Sample rows from"
        value={String(sampled)}
        data={instances.map(({ id, name }) => ({ value: String(id), label: `instance ${id}, ${name}` }))}
        onChange={(event) => onSampled(Number(event.currentTarget.value))}
        style={{ flex: '1 1 14rem' }}
      />
    )}
    {children}
  </Group>
)
