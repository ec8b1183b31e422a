import { Badge } from '@mantine/core'
import type { Instance } from '../api/shapes.ts'
import { stateColors, stateOf, stateWords } from './instance-state.ts'

export const StateChip = ({ instance }: { readonly instance: Instance }) => {
  const state = stateOf(instance)
  return (
    <Badge color={stateColors[state]} variant="filled" data-state={state} style={{ flexShrink: 0 }}>
      {stateWords[state]}
    </Badge>
  )
}
