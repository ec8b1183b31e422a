import { Button, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { type EventChoice, replayRange } from '../../api/events.ts'
import { useInstanceAction } from '../../api/queries.ts'
import { eventStatusWords } from '../../parts/event-words.ts'
import { Confirm } from '../../ui/Confirm.tsx'

/** A time of a field without a zone, which means the person's own. */
const isoOf = (local: string): string => {
  const date = new Date(local)
  return Number.isNaN(date.getTime()) ? '' : date.toISOString()
}

const statuses = [
  { value: '', label: 'all' },
  ...Object.entries(eventStatusWords).map(([value, label]) => ({ value, label })),
]

const nothing = { from: '', to: '' }

const Replay = ({ instanceId, choice }: { readonly instanceId: number; readonly choice: EventChoice }) => {
  const replay = useInstanceAction(() => replayRange(instanceId, choice))
  return (
    <>
      <Confirm
        label="Replay"
        what="this time range"
        title="Send all events of this time range again?"
        text="Those that were delivered too, whatever their status. Each keeps its event id, by which a receiver knows it."
        action={() => replay.mutateAsync(undefined)}
      />
      {replay.data === undefined || replay.isPending ? null : (
        <Text size="sm" role="status">
          {replay.data === 0 ? 'Nothing of it was to be sent again.' : `Sent again: ${replay.data}.`}
        </Text>
      )}
    </>
  )
}

/** Which events are listed, and a replay of the time range that is chosen. */
export const LogFilter = ({
  instanceId,
  choice,
  onChange,
}: {
  readonly instanceId: number
  readonly choice: EventChoice
  readonly onChange: (choice: EventChoice) => void
}) => {
  const [times, setTimes] = useState(nothing)
  const setTime = (change: Partial<typeof nothing>): void => {
    const next = { ...times, ...change }
    setTimes(next)
    onChange({ ...choice, from: isoOf(next.from), to: isoOf(next.to) })
  }
  const clear = (): void => {
    setTimes(nothing)
    onChange({ status: '', from: '', to: '' })
  }
  return (
    <details>
      <summary>
        <Text span size="sm">
          Choose by status and time, replay a range
        </Text>
      </summary>
      <Stack gap="sm" pt="sm">
        <Group align="flex-end" gap="sm">
          <NativeSelect
            label="Status"
            value={choice.status}
            data={statuses}
            onChange={(event) => onChange({ ...choice, status: event.currentTarget.value })}
            style={{ flex: '1 1 10rem' }}
          />
          <TextInput
            type="datetime-local"
            label="From"
            value={times.from}
            onChange={(event) => setTime({ from: event.currentTarget.value })}
            style={{ flex: '1 1 12rem' }}
          />
          <TextInput
            type="datetime-local"
            label="To"
            value={times.to}
            onChange={(event) => setTime({ to: event.currentTarget.value })}
            style={{ flex: '1 1 12rem' }}
          />
        </Group>
        <Group gap="xs">
          <Button size="xs" variant="default" onClick={clear}>
            Show all
          </Button>
          {choice.from === '' && choice.to === '' ? (
            <Text size="sm" c="dimmed">
              With a time chosen, its events can be sent again.
            </Text>
          ) : (
            <Replay instanceId={instanceId} choice={choice} />
          )}
        </Group>
      </Stack>
    </details>
  )
}
