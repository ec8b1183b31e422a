import { Button, Checkbox, Group, PasswordInput, SimpleGrid, Stack, Switch, TextInput } from '@mantine/core'
import type { Metadata } from '../api/shapes.ts'
import { CopyButton } from '../ui/CopyButton.tsx'
import { type EventSettings, newSignatureKey } from './event-settings.ts'
import { IntervalSlider } from './IntervalSlider.tsx'

const SignatureKey = ({
  value,
  isStored,
  onChange,
}: {
  readonly value: string
  readonly isStored: boolean
  readonly onChange: (value: string) => void
}) => (
  <Stack gap="xs">
    <PasswordInput
      label="Signature key"
      description={
        isStored
          ? 'A key is stored. Leave this empty to keep it.'
          : 'Events are signed with it, so that their receiver can tell them from others. Empty: they are not signed.'
      }
      autoComplete="off"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      visibilityToggleButtonProps={{ 'aria-label': 'Show signature key', tabIndex: 0 }}
    />
    <Group gap="xs">
      <Button
        size="xs"
        variant="default"
        aria-label="Make one: a signature key"
        onClick={() => onChange(newSignatureKey())}
      >
        Make one
      </Button>
      {value === '' ? null : <CopyButton what="the signature key" text={value} />}
    </Group>
  </Stack>
)

/** Whether and how an instance's events are sent; for a new connection and for one that is there. */
export const EventFields = ({
  element,
  settings,
  hasKey,
  onChange,
}: {
  readonly element: Metadata
  readonly settings: EventSettings
  /** Whether a signature key is stored already. */
  readonly hasKey: boolean
  readonly onChange: (settings: EventSettings) => void
}) => {
  const set = (change: Partial<EventSettings>): void => onChange({ ...settings, ...change })
  const watchable = element.resources.filter(({ events }) => events.supported)
  return (
    <Stack gap="md">
      <Switch
        label="Events"
        description="Each change is sent to an address of yours."
        checked={settings.enabled}
        onChange={(event) => set({ enabled: event.currentTarget.checked })}
      />
      {settings.enabled ? (
        <>
          <TextInput
            type="url"
            label="Callback URL"
            description="Your address that events are sent to by POST"
            placeholder="https://app.example.com/hook"
            required
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            value={settings.callbackUrl}
            onChange={(event) => set({ callbackUrl: event.currentTarget.value })}
          />
          <IntervalSlider minutes={settings.minutes} onChange={(minutes) => set({ minutes })} />
          {watchable.length === 0 ? null : (
            <Checkbox.Group
              label="Resources to watch"
              description={`None chosen: what ${element.name} watches by itself`}
              value={[...settings.objects]}
              onChange={(objects) => set({ objects })}
            >
              <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xs" verticalSpacing="xs" mt="xs">
                {watchable.map(({ canonicalName, title }) => (
                  <Checkbox key={canonicalName} value={canonicalName} label={title} />
                ))}
              </SimpleGrid>
            </Checkbox.Group>
          )}
          <SignatureKey
            value={settings.signatureKey}
            isStored={hasKey}
            onChange={(signatureKey) => set({ signatureKey })}
          />
        </>
      ) : null}
    </Stack>
  )
}
