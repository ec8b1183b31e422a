import { Button, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { useRef, useState } from 'react'
import { type EventChoice, replayRange } from '../../api/events.ts'
import { useInstanceAction } from '../../api/queries.ts'
import { eventStatusWords } from '../../parts/event-words.ts'
import { Confirm } from '../../ui/Confirm.tsx'
import { faultsOf, isoOf, lastTime, noFault } from './time-range.ts'

const statuses = [
  { value: '', label: 'all' },
  ...Object.entries(eventStatusWords).map(([value, label]) => ({ value, label })),
]

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

const Hint = ({ children }: { readonly children: string }) => (
  <Text size="sm" c="dimmed">
    {children}
  </Text>
)

const ReplayOrHint = ({
  instanceId,
  choice,
  isWrong,
}: {
  readonly instanceId: number
  readonly choice: EventChoice
  readonly isWrong: boolean
}) => {
  if (isWrong) return <Hint>The list stays as it is until the times are right.</Hint>
  const { from, to } = choice
  if (from === '' && to === '') return <Hint>With a time chosen, its events can be sent again.</Hint>
  // Of another range nothing was asked yet, nor was anything sent.
  return <Replay key={`${from} ${to}`} instanceId={instanceId} choice={choice} />
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
  const from = useRef<HTMLInputElement>(null)
  const to = useRef<HTMLInputElement>(null)
  const [faults, setFaults] = useState(noFault)
  const isWrong = faults.from !== undefined || faults.to !== undefined
  const setTimes = (): void => {
    if (from.current === null || to.current === null) return
    const found = faultsOf(from.current, to.current)
    setFaults(found)
    if (found.from === undefined && found.to === undefined)
      onChange({ ...choice, from: isoOf(from.current), to: isoOf(to.current) })
  }
  const clear = (): void => {
    for (const { current } of [from, to]) if (current !== null) current.value = ''
    setFaults(noFault)
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
        <Group align="flex-start" gap="sm">
          <NativeSelect
            label="Status"
            value={choice.status}
            data={statuses}
            onChange={(event) => onChange({ ...choice, status: event.currentTarget.value })}
            style={{ flex: '1 1 10rem' }}
          />
          <TextInput
            ref={from}
            type="datetime-local"
            label="From"
            max={lastTime}
            error={faults.from}
            onChange={setTimes}
            style={{ flex: '1 1 12rem' }}
          />
          <TextInput
            ref={to}
            type="datetime-local"
            label="To"
            max={lastTime}
            error={faults.to}
            onChange={setTimes}
            style={{ flex: '1 1 12rem' }}
          />
        </Group>
        <Group gap="xs">
          <Button size="xs" variant="default" onClick={clear}>
            Show all
          </Button>
          <ReplayOrHint instanceId={instanceId} choice={choice} isWrong={isWrong} />
        </Group>
      </Stack>
    </details>
  )
}
