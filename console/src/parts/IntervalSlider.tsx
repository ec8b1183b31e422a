import { Input, Slider, Text } from '@mantine/core'
import { intervalWords } from './event-settings.ts'

/** A minute to a week, the longest that the API takes, in steps that people use. */
const steps = [
  1, 2, 3, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 360, 480, 720, 1440, 2880, 4320, 7200, 10_080,
]

const marks: Readonly<Record<number, string>> = {
  1: '1 min',
  15: '15 min',
  60: '1 h',
  240: '4 h',
  1440: '1 day',
  10080: '7 days',
}

/** How often changes are looked for. */
export const IntervalSlider = ({
  minutes,
  stored,
  onChange,
}: {
  readonly minutes: number
  /** What the API was told, which may lie between the steps: it stays one, so that the way back to it is open. */
  readonly stored: number
  readonly onChange: (minutes: number) => void
}) => {
  const all = [...new Set([...steps, stored, minutes])].sort((one, two) => one - two)
  const words = (at: number): string => intervalWords(all[at] ?? minutes)
  return (
    <Input.Wrapper
      label="Interval"
      description="How often changes are looked for. A short one takes more of the vendor's limits."
      labelElement="div"
    >
      <Text size="sm" mt="xs" data-interval={minutes}>
        Every {intervalWords(minutes)}
      </Text>
      <Slider
        mt={4}
        mb="xl"
        mx="sm"
        color="blue.8"
        min={0}
        max={all.length - 1}
        value={all.indexOf(minutes)}
        label={words}
        thumbLabel="Interval"
        styles={{ markLabel: { color: 'var(--mantine-color-dimmed)' } }}
        marks={all.flatMap((one, at) => (marks[one] === undefined ? [] : [{ value: at, label: marks[one] }]))}
        onChange={(at) => onChange(all[at] ?? minutes)}
      />
    </Input.Wrapper>
  )
}
