import { Stack, Text } from '@mantine/core'
import type { ElementPreview } from '../../api/shapes.ts'

/** What of an element has no effect here, or another one, and why. */
export const Findings = ({ findings }: Pick<ElementPreview, 'findings'>) =>
  findings.length === 0 ? (
    <Text size="sm">Nothing was found in it that this product leaves out.</Text>
  ) : (
    <ul className="events">
      {findings.map(({ where, operation, words }) => (
        <li key={`${where} ${words}`} className="event" data-finding={where}>
          <Stack gap={2}>
            <Text size="sm" className="breaks">
              {words}
            </Text>
            <Text size="sm" c="dimmed" className="breaks">
              {operation === undefined ? where : `${operation}, at ${where}`}
            </Text>
          </Stack>
        </li>
      ))}
    </ul>
  )
