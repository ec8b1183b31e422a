import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { fieldsQuery } from '../api/hub.ts'
import type { Instance } from '../api/shapes.ts'
import { Problem } from '../ui/Problem.tsx'

/** The fields of a resource, for whoever writes a query; read when opened. */
export const FieldList = ({
  instance,
  hub,
  resource,
}: {
  readonly instance: Instance
  readonly hub: string
  readonly resource: string
}) => {
  const [isOpen, setOpen] = useState(false)
  const { data, error } = useQuery({ ...fieldsQuery(instance, hub, resource), enabled: isOpen })
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <Text span size="sm">
          Fields of {resource}
        </Text>
      </summary>
      {error === null ? (
        <Text size="sm" c="dimmed" className="breaks" pt="xs">
          {data === undefined
            ? 'Reading …'
            : data.fields.map(({ path, type }) => `${path} (${type})`).join(', ')}
        </Text>
      ) : (
        <Problem error={error} />
      )}
    </details>
  )
}
