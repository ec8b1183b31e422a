import { Table } from '@mantine/core'
import type { ReactNode } from 'react'
import type { ElementPreview } from '../../api/shapes.ts'

const asksWords = ({ asks }: ElementPreview['login']): string => {
  if (asks.length === 0) return 'Nothing is asked for.'
  const names = asks.map(({ name, isSecret }) => (isSecret ? `${name} (secret)` : name))
  return `Asked for: ${names.join(', ')}.`
}

const hookCount = ({ resources }: ElementPreview): number =>
  resources
    .flatMap(({ operations }) => operations)
    .filter(({ hooks: { before, after } }) => before + after > 0).length

/** What an element is, in brief. */
export const Facts = ({ preview }: { readonly preview: ElementPreview }) => {
  const { resources, login } = preview
  const operations = resources.reduce((sum, one) => sum + one.operations.length, 0)
  const rows: readonly (readonly [string, ReactNode])[] = [
    ['Name', preview.name],
    ['Key', preview.key],
    ['Hub', preview.hub],
    ['Login', `${login.type}: ${login.words} ${asksWords(login)}`],
    ['Base URL', preview.baseUrl],
    [
      'Resources',
      `${resources.length}; operations: ${operations}, of which have hooks: ${hookCount(preview)}`,
    ],
    [
      'Events',
      resources
        .filter(({ changes }) => changes !== undefined)
        .map(({ name }) => name)
        .join(', ') || 'none',
    ],
    [
      'Bulk',
      resources
        .filter(({ bulk }) => bulk.download || bulk.upload)
        .map(({ name }) => name)
        .join(', ') || 'none',
    ],
    ['Mappings', preview.transformations ? 'yes' : 'no'],
  ]
  return (
    <Table verticalSpacing={6} aria-label="What it is">
      <Table.Tbody>
        {rows.map(([name, value]) => (
          <Table.Tr key={name}>
            <Table.Th scope="row" w="7rem" style={{ verticalAlign: 'top' }}>
              {name}
            </Table.Th>
            <Table.Td className="breaks" data-fact={name}>
              {value}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
