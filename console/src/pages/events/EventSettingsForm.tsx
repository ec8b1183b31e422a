import { Card, Group, Stack, Text } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { configureInstance } from '../../api/events.ts'
import { elementQuery, useInstanceAction } from '../../api/queries.ts'
import type { Instance } from '../../api/shapes.ts'
import { EventFields } from '../../parts/EventFields.tsx'
import { eventConfiguration, eventSettingsOf } from '../../parts/event-settings.ts'
import { BusyButton } from '../../ui/BusyButton.tsx'
import { Problem } from '../../ui/Problem.tsx'

/** The events part of an instance's configuration. */
export const EventSettingsForm = ({ instance }: { readonly instance: Instance }) => {
  const { data: element } = useSuspenseQuery(elementQuery(instance.element.key))
  const [settings, setSettings] = useState(() => eventSettingsOf(instance))
  // What was first shown and not what the instance says by now: what nobody touched here is not sent.
  const [before, setBefore] = useState(settings)
  const save = useInstanceAction(async () => {
    const changed = await configureInstance(instance.id, eventConfiguration(settings, before))
    const stored = eventSettingsOf(changed)
    setBefore(stored)
    return stored
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    // A key that was made here stays to be copied: the API does not tell it.
    save.mutate(undefined, {
      onSuccess: (stored) => setSettings({ ...stored, signatureKey: settings.signatureKey }),
    })
  }
  return (
    <Card withBorder padding="lg" component="section" aria-label="Settings">
      <form onSubmit={submit}>
        <Stack maw="40rem">
          <EventFields
            element={element}
            settings={settings}
            instance={instance}
            onChange={(changed) => {
              save.reset()
              setSettings(changed)
            }}
          />
          {save.error === null ? null : <Problem error={save.error} title="The settings are not saved" />}
          <Group gap="sm">
            <BusyButton type="submit" busy={save.isPending}>
              Save
            </BusyButton>
            {save.isSuccess ? (
              <Text size="sm" role="status">
                Saved. {settings.enabled ? 'Events are on.' : 'Events are off.'}
              </Text>
            ) : null}
          </Group>
        </Stack>
      </form>
    </Card>
  )
}
