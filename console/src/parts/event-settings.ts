import type { Instance } from '../api/shapes.ts'
import { objectsKey, watchedNames } from './watched-names.ts'

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
const signatureKey = 'event.notification.signature.key'

const usualMinutes = 15
/** The API takes no longer one. */
const longestMinutes = 10_080

export const newEventSettings: EventSettings = {
  enabled: false,
  callbackUrl: '',
  minutes: usualMinutes,
  objects: [],
  signatureKey: '',
}

const minutesIn = (text: string | null | undefined): number => {
  const minutes = Number(text ?? usualMinutes)
  return Number.isFinite(minutes) && minutes >= 1 ? Math.min(minutes, longestMinutes) : usualMinutes
}

export const eventSettingsOf = ({ configuration, eventsEnabled }: Instance): EventSettings => ({
  enabled: eventsEnabled,
  callbackUrl: configuration[callbackKey] ?? '',
  minutes: minutesIn(configuration[intervalKey]),
  objects: watchedNames(configuration),
  signatureKey: '',
})

/** Whether events are signed already; the key itself is never shown. */
export const hasSignatureKey = ({ configuration }: Instance): boolean =>
  (configuration[signatureKey] ?? '') !== ''

const sameNames = (one: readonly string[], two: readonly string[]): boolean =>
  one.length === two.length && one.every((name) => two.includes(name))

/**
 * What is stored of them: only what a person changed, for a key that is written wins over others from then on.
 * Null removes a value.
 */
export const eventConfiguration = (
  settings: EventSettings,
  before: EventSettings,
): Readonly<Record<string, string | null>> => {
  if (!settings.enabled) return before.enabled ? { [enabledKey]: 'false' } : {}
  const { minutes, objects } = settings
  const callbackUrl = settings.callbackUrl.trim()
  const key = settings.signatureKey.trim()
  return {
    ...(before.enabled ? {} : { [enabledKey]: 'true' }),
    ...(callbackUrl === before.callbackUrl.trim() ? {} : { [callbackKey]: callbackUrl }),
    ...(minutes === before.minutes ? {} : { [intervalKey]: String(minutes) }),
    ...(sameNames(objects, before.objects)
      ? {}
      : { [objectsKey]: objects.length === 0 ? null : objects.join(',') }),
    ...(key === '' ? {} : { [signatureKey]: key }),
  }
}

/** The same for a new instance, which has nothing to remove. */
export const newEventConfiguration = (settings: EventSettings): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(eventConfiguration(settings, newEventSettings)).flatMap(
      ([key, value]): [string, string][] => (value === null ? [] : [[key, value]]),
    ),
  )

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
