import { Button, Group, PasswordInput, Stack, Switch, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Instance, Metadata } from '../api/shapes.ts'
import { CopyButton } from '../ui/CopyButton.tsx'
import { type EventSettings, hasSignatureKey, newSignatureKey } from './event-settings.ts'
import { IntervalSlider } from './IntervalSlider.tsx'
import { WatchedResources } from './WatchedResources.tsx'
import { configuredNames } from './watched-names.ts'

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
  instance,
  onChange,
}: {
  readonly element: Metadata
  readonly settings: EventSettings
  /** What is there already; none: it is a new connection. */
  readonly instance?: Instance
  readonly onChange: (settings: EventSettings) => void
}) => {
  const set = (change: Partial<EventSettings>): void => onChange({ ...settings, ...change })
  const [first] = useState(settings)
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
          <IntervalSlider
            minutes={settings.minutes}
            stored={first.minutes}
            onChange={(minutes) => set({ minutes })}
          />
          <WatchedResources
            element={element}
            chosen={settings.objects}
            before={first.objects}
            configured={instance === undefined ? [] : configuredNames(instance.configuration)}
            onChange={(objects) => set({ objects })}
          />
          <SignatureKey
            value={settings.signatureKey}
            isStored={instance !== undefined && hasSignatureKey(instance)}
            onChange={(signatureKey) => set({ signatureKey })}
          />
        </>
      ) : null}
    </Stack>
  )
}
