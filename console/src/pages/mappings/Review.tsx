import { Badge, Button, Group, Stack, Text } from '@mantine/core'
import type { TransformationInput } from '../../api/mapping.ts'
import { BusyButton } from '../../ui/BusyButton.tsx'
import type { Change } from './difference.ts'
import { NotTaken } from './NotTaken.tsx'

const colors: Readonly<Record<Change['kind'], string>> = {
  added: '#1d6b2f',
  removed: 'red.9',
  changed: '#8f5500',
}

const ChangeItem = ({ change: { kind, what, before, after } }: { readonly change: Change }) => (
  <li className="event" data-change={kind}>
    <Group gap="xs" wrap="nowrap" align="flex-start">
      <Badge color={colors[kind]} variant="filled" style={{ flexShrink: 0 }}>
        {kind}
      </Badge>
      <Stack gap={2} style={{ minWidth: 0 }}>
        <Text size="sm" fw={600} className="breaks">
          {what}
        </Text>
        {before === undefined ? null : (
          <Text size="sm" className="breaks as-it-is">
            <del>{before}</del>
          </Text>
        )}
        {after === undefined ? null : (
          <Text size="sm" className="breaks as-it-is">
            {after}
          </Text>
        )}
      </Stack>
    </Group>
  </li>
)

/** What saving would change, and the button that does. */
export const Review = ({
  changes,
  input,
  isNew,
  isBusy,
  error,
  onSave,
  onLeave,
}: {
  readonly changes: readonly Change[]
  /** What is saved. */
  readonly input: TransformationInput
  readonly isNew: boolean
  readonly isBusy: boolean
  readonly error: Error | null
  readonly onSave: () => void
  readonly onLeave: () => void
}) => (
  <Stack gap="sm">
    {changes.length === 0 ? (
      <Text role="status">Nothing differs from what is stored.</Text>
    ) : (
      <>
        <Text size="sm" role="status">
          {isNew
            ? 'Nothing is stored at this level yet. This will be:'
            : 'This will differ from what is stored:'}
        </Text>
        <ul className="events" aria-label="What will change">
          {changes.map((change) => (
            <ChangeItem key={change.what} change={change} />
          ))}
        </ul>
      </>
    )}
    {error === null ? null : <NotTaken error={error} title="It is not saved" input={input} />}
    <Group gap="xs">
      {changes.length === 0 ? null : (
        <BusyButton busy={isBusy} onClick={onSave}>
          Save the mapping
        </BusyButton>
      )}
      <Button variant="default" onClick={onLeave}>
        Go on editing
      </Button>
    </Group>
  </Stack>
)
