import { Button, Group, Paper, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { BusyButton } from './BusyButton.tsx'
import { Problem } from './Problem.tsx'

/**
 * A button that says what will be lost before it does something that cannot be undone. It asks where it stands, below
 * the row of buttons that it is part of: a window over the profile menu would close the menu.
 */
export const Confirm = ({
  label,
  what,
  title,
  text,
  action,
}: {
  readonly label: string
  /** What the button is about, for people who do not see what stands beside it. */
  readonly what: string
  readonly title: string
  readonly text: string
  readonly action: () => Promise<unknown>
}) => {
  const [isOpen, setOpen] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const toggle = (): void => {
    setError(undefined)
    setOpen(!isOpen)
  }
  const run = async (): Promise<void> => {
    setBusy(true)
    setError(undefined)
    try {
      await action()
      setOpen(false)
    } catch (thrown) {
      setError(thrown)
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <Button
        size="xs"
        variant="default"
        aria-label={`${label} ${what}`}
        aria-expanded={isOpen}
        onClick={toggle}
      >
        {label}
      </Button>
      {isOpen ? (
        <Paper
          withBorder
          p="sm"
          component="section"
          aria-label={title}
          style={{ flex: '1 0 100%', order: 1 }}
        >
          <Stack gap="xs">
            <Text size="sm" fw={600} className="breaks">
              {title}
            </Text>
            <Text size="sm" role="status">
              {text}
            </Text>
            {error === undefined ? null : <Problem error={error} />}
            <Group gap="xs">
              <BusyButton size="xs" color="red.9" busy={isBusy} onClick={() => void run()}>
                {`Yes, ${label.toLowerCase()}`}
              </BusyButton>
              <Button size="xs" variant="default" onClick={toggle} autoFocus>
                No
              </Button>
            </Group>
          </Stack>
        </Paper>
      ) : null}
    </>
  )
}
