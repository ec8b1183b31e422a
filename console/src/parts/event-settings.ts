import type { Instance } from '../api/shapes.ts'

/** The events part of an instance's configuration, as a person sets it. */
export interface EventSettings {
  readonly enabled: boolean
  readonly callbackUrl: string
  readonly minutes: number
  /** Names of resources; none: what the element watches by itself. */
  readonly objects: readonly string[]
  /** A new one; empty: what is stored stays. */
  readonly signatureKey: string
}

const enabledKey = 'event.notification.enabled'
const callbackKey = 'event.notification.callback.url'
const intervalKey = 'event.poller.refresh_interval'
const objectsKey = 'event.objects'
const pollersKey = 'event.poller.configuration'
const signatureKey = 'event.notification.signature.key'

const usualMinutes = 15

export const newEventSettings: EventSettings = {
  enabled: false,
  callbackUrl: '',
  minutes: usualMinutes,
  objects: [],
  signatureKey: '',
}

type Configuration = Instance['configuration']

/** The resources that a poller configuration names; a text that is none names none. */
const namesIn = (text: string): readonly string[] => {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? Object.keys(value) : []
  } catch {
    return []
  }
}

const watched = (configuration: Configuration): readonly string[] => {
  const chosen = (configuration[objectsKey] ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  return chosen.length > 0 ? chosen : namesIn(configuration[pollersKey] ?? '')
}

const minutesIn = (text: string | null | undefined): number => {
  const minutes = Math.round(Number(text ?? usualMinutes))
  return Number.isFinite(minutes) && minutes >= 1 ? minutes : usualMinutes
}

export const eventSettingsOf = ({ configuration, eventsEnabled }: Instance): EventSettings => ({
  enabled: eventsEnabled,
  callbackUrl: configuration[callbackKey] ?? '',
  minutes: minutesIn(configuration[intervalKey]),
  objects: watched(configuration),
  signatureKey: '',
})

/** Whether events are signed already; the key itself is never shown. */
export const hasSignatureKey = ({ configuration }: Instance): boolean =>
  (configuration[signatureKey] ?? '') !== ''

/** What is stored of them; null removes a value. */
export const eventConfiguration = (settings: EventSettings): Readonly<Record<string, string | null>> => {
  if (!settings.enabled) return { [enabledKey]: 'false' }
  const key = settings.signatureKey.trim()
  return {
    [enabledKey]: 'true',
    [callbackKey]: settings.callbackUrl.trim(),
    [intervalKey]: String(settings.minutes),
    [objectsKey]: settings.objects.length === 0 ? null : settings.objects.join(','),
    ...(key === '' ? {} : { [signatureKey]: key }),
  }
}

/** The same for a new instance, which has nothing to remove; nothing while events are off. */
export const newEventConfiguration = (settings: EventSettings): Readonly<Record<string, string>> => {
  if (!settings.enabled) return {}
  return Object.fromEntries(
    Object.entries(eventConfiguration(settings)).flatMap(([key, value]): [string, string][] =>
      value === null ? [] : [[key, value]],
    ),
  )
}

/** 32 random bytes as text that may stand anywhere. */
export const newSignatureKey = (): string => {
  const bytes = crypto.getRandomValues(new Uint8Array(32))
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

const counted = (count: number, unit: string): string => `${count} ${unit}${count === 1 ? '' : 's'}`

/** An interval in words: `90 minutes`, `2 hours`, `1 day`. */
export const intervalWords = (minutes: number): string => {
  if (minutes % 1440 === 0) return counted(minutes / 1440, 'day')
  return minutes % 60 === 0 ? counted(minutes / 60, 'hour') : counted(minutes, 'minute')
}
