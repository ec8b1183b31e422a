import { type Element, usualPollers } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { isJsonObject, type JsonObject } from '#src/lib/json.ts'
import { type Pollable, type PollerEntry, readEntry } from './entry.ts'

type Configuration = Readonly<Record<string, string | null>>

const enabledKey = 'event.notification.enabled'
const callbackKey = 'event.notification.callback.url'
const configurationKey = 'event.poller.configuration'
const urlsKey = 'event.poller.urls'
const objectsKey = 'event.objects'
const intervalKey = 'event.poller.refresh_interval'
const usualIntervalMinutes = 15
const longestIntervalMinutes = 10_080

const textOf = (configuration: Configuration, key: string): string | undefined =>
  configuration[key]?.trim() || undefined

/**
 * Whether an instance has events. `false` always wins; where nothing is said, a callback together with a
 * configuration of what to poll says so (spec/contract.md 11: the documented example has no more).
 */
export const hasEvents = (configuration: Configuration): boolean => {
  const enabled = textOf(configuration, enabledKey)?.toLowerCase()
  if (enabled !== undefined) return enabled === 'true'
  const polls = [configurationKey, urlsKey].some((key) => textOf(configuration, key) !== undefined)
  return polls && textOf(configuration, callbackKey) !== undefined
}

/** @throws AppError `bad-request` when it is no http or https URL, or holds credentials. */
const checkedCallback = (configuration: Configuration): string | undefined => {
  const url = textOf(configuration, callbackKey)
  if (url === undefined) return undefined
  const { protocol = '', username = '', password = '' } = URL.canParse(url) ? new URL(url) : {}
  if (username !== '' || password !== '') {
    throw new AppError(
      'bad-request',
      `configuration.${callbackKey}: it must not hold a user name or password. Send them as event.notification.basic.username and event.notification.basic.password.`,
    )
  }
  if (/^https?:$/.test(protocol)) return url
  throw new AppError(
    'bad-request',
    `configuration.${callbackKey}: '${url.slice(0, 100)}' is no http or https URL.`,
  )
}

/** @throws AppError `bad-request` when it is no number of minutes from 1. */
const intervalOf = (configuration: Configuration): number => {
  const text = textOf(configuration, intervalKey)
  const minutes = text === undefined ? usualIntervalMinutes : Number(text)
  if (Number.isFinite(minutes) && minutes >= 1)
    return Math.round(Math.min(minutes, longestIntervalMinutes) * 60)
  throw new AppError('bad-request', `configuration.${intervalKey}: a number of minutes from 1.`)
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** @throws AppError `bad-request` when it is no JSON object of objects. */
const givenEntries = (text: string): Readonly<Record<string, JsonObject>> => {
  // Texts of old templates have line breaks inside their strings (spec/behaviour.md 7).
  const value = parsed(text) ?? parsed(text.replaceAll(/[\r\n\t]/g, ''))
  if (isJsonObject(value) && Object.values(value).every(isJsonObject))
    return value as Readonly<Record<string, JsonObject>>
  throw new AppError(
    'bad-request',
    `configuration.${configurationKey}: a JSON object with an object for each resource, such as {"reports":{}}.`,
  )
}

/** A line of the oldest form: `resource|url|idPath|updField|updFmt|updTz|crField|crFmt|crTz`. */
const entryOfLine = (line: string): readonly [string, JsonObject] => {
  const [name = '', url = '', idField = '', ...dates] = line.split('|').map((part) => part.trim())
  const [uField = '', uFormat = '', uZone = '', cField = '', cFormat = '', cZone = ''] = dates
  const said = Object.entries({
    updatedDateField: uField,
    updatedDateFormat: uFormat,
    updatedDateTimezone: uZone,
    createdDateField: cField,
    createdDateFormat: cFormat,
    createdDateTimezone: cZone,
  }).filter(([, value]) => value !== '')
  return [name, { url, ...(idField === '' ? {} : { idField }), datesConfiguration: Object.fromEntries(said) }]
}

const namesIn = (text: string, between: RegExp): readonly string[] =>
  text
    .split(between)
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== '{objectName}')

const isLine = (line: string): boolean => /^[^|]+\|\s*(\/|https?:|hubs\/)/.test(line)

interface Urls {
  readonly entries: Readonly<Record<string, JsonObject>>
  readonly names: readonly string[]
}

/** Both forms of `event.poller.urls`: whole lines, or the names of the resources that are chosen. */
const readUrls = (text: string): Urls => {
  const lines = namesIn(text, /\r?\n/)
  return {
    entries: Object.fromEntries(lines.filter(isLine).map(entryOfLine)),
    names: lines.filter((line) => !isLine(line)).flatMap((line) => namesIn(line, /\|/)),
  }
}

/** What is polled: the resources that are named, each as it is configured, else as the element has it. */
const chosenEntries = (
  element: Element,
  configuration: Configuration,
): Readonly<Record<string, JsonObject>> => {
  const text = textOf(configuration, configurationKey)
  const urls = readUrls(textOf(configuration, urlsKey) ?? '')
  const given = { ...(text === undefined ? {} : givenEntries(text)), ...urls.entries }
  const objects = namesIn(textOf(configuration, objectsKey) ?? '', /,/)
  const names = objects.length > 0 ? objects : urls.names
  const all = Object.keys(given).length > 0 ? given : usualPollers(element)
  if (names.length === 0) return all
  return Object.fromEntries(names.map((name) => [name, given[name] ?? {}]))
}

/** What is polled of an instance, how often, and where its events go. */
export interface EventSettings {
  readonly enabled: boolean
  readonly callbackUrl: string | undefined
  readonly pollers: readonly { readonly objectType: string; readonly entry: PollerEntry }[]
  readonly intervalSeconds: number
}

const off: EventSettings = { enabled: false, callbackUrl: undefined, pollers: [], intervalSeconds: 0 }

/**
 * The events of a configuration.
 * @param findResource what a name stands for: a common resource, else the element's own.
 * @throws AppError `bad-request` naming the key that is wrong; of an instance without events nothing is checked.
 */
export const readEventSettings = (
  element: Element,
  configuration: Configuration,
  findResource: (name: string) => Pollable | undefined,
): EventSettings => {
  if (!hasEvents(configuration)) return off
  const callbackUrl = checkedCallback(configuration)
  const intervalSeconds = intervalOf(configuration)
  const byWebhook = /^webhooks?$/i.test(textOf(configuration, 'event.vendor.type') ?? '')
  const polls = !byWebhook && element.features.events.includes('polling')
  const entries = polls ? chosenEntries(element, configuration) : {}
  return {
    enabled: true,
    callbackUrl,
    intervalSeconds,
    pollers: Object.entries(entries).map(([objectType, given]) => ({
      objectType,
      entry: readEntry(element, objectType, given, findResource),
    })),
  }
}

/** Whether anything that events hang on differs. */
export const changesEvents = (before: Configuration, after: Configuration): boolean => {
  const keys = new Set(
    [...Object.keys(before), ...Object.keys(after)].filter((key) => key.startsWith('event.')),
  )
  return [...keys].some((key) => (before[key] ?? null) !== (after[key] ?? null))
}
