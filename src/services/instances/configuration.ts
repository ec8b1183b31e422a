import { configOf, type Element } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '#src/lib/json.ts'
import { maskSecrets } from '#src/lib/mask.ts'
import { isPosted } from '../catalogue/index.ts'
import { hasEvents } from '../pollers/index.ts'
import { mask } from './need.ts'
import { isSealedKey, isSecretKey } from './secret-keys.ts'
import { storable } from './texts.ts'

/** Values are text or null (spec/contract.md 2.2); objects and numbers that clients send become text. */
export type Configuration = Readonly<Record<string, string | null>>

const asText = (key: string, value: Json): string | null => {
  if (value === null) return value
  if (typeof value === 'string') return storable(`configuration.${key.slice(0, 64)}`, value)
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (key.startsWith('event.')) return storable(key, JSON.stringify(value))
  throw new AppError(
    'bad-request',
    `configuration.${key.slice(0, 64)}: a text, a number, true, false or null.`,
  )
}

const objectIn = (input: Json | undefined): JsonObject => {
  if (input === undefined || input === null) return {}
  if (isJsonObject(input)) return input
  throw new AppError('bad-request', 'configuration: an object of keys and values.')
}

/**
 * What a client sends for a new instance; a mask is no value there.
 * @throws AppError `bad-request` when it is no object of plain values.
 */
export const readConfiguration = (input: Json | undefined): Configuration =>
  Object.fromEntries(
    Object.entries(objectIn(input))
      .filter(([, value]) => value !== mask)
      .map(([key, value]) => [storable('configuration', key), asText(key, value)]),
  )

const parsedObject = (text: string | null | undefined): JsonObject | undefined => {
  try {
    const value: unknown = JSON.parse(text ?? '')
    return isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

const deepMerge = (old: JsonObject, change: JsonObject): JsonObject => {
  const merged = Object.entries(change).map(([key, value]): [string, Json] => {
    const before = Object.hasOwn(old, key) ? old[key] : undefined
    return [key, isJsonObject(before) && isJsonObject(value) ? deepMerge(before, value) : value]
  })
  return Object.fromEntries([...Object.entries(old), ...merged])
}

/** What is shown where nothing is said of it: events may be on all the same, and `false` ends them. */
const shownEvents = (stored: Configuration): string => String(hasEvents(stored))

/**
 * Lays a change over what is stored. A mask leaves a value as it is, and so does an element's default that
 * comes back to where none is stored, for clients send back what they read.
 * @param deep values that are JSON objects are merged too, not replaced.
 * @throws AppError `bad-request` when it is no object of plain values.
 */
export const changedConfiguration = (
  element: Element,
  stored: Configuration,
  input: Json | undefined,
  deep: boolean,
): Configuration => {
  const defaults = new Map(configOf(element).map((field) => [field.key, field.defaultValue]))
  const raw = objectIn(input)
  const changes = Object.entries(readConfiguration(input)).flatMap(
    ([key, text]): [string, string | null][] => {
      const known = Object.hasOwn(stored, key)
      if (!known && text === (key === eventsKey ? shownEvents(stored) : defaults.get(key))) return []
      const old = deep && known ? parsedObject(stored[key]) : undefined
      const value = raw[key]
      if (old === undefined || !isJsonObject(value)) return [[key, text]]
      return [[key, asText(key, deepMerge(old, value))]]
    },
  )
  return Object.fromEntries([...Object.entries(stored), ...changes])
}

/**
 * What an instance of a posted element goes by: its own values, and under keys that it says nothing of the element's
 * defaults as they are now. Those of events concern nobody but who sets them.
 */
export const withDefaults = (element: Element, configuration: Configuration): Configuration => {
  if (!isPosted(element)) return configuration
  const defaults = element.config.flatMap(({ key, defaultValue }): readonly [string, string][] =>
    defaultValue === undefined || key.startsWith('event.') ? [] : [[key, defaultValue]],
  )
  const said = Object.entries(configuration).filter(([, value]) => value !== null && value !== '')
  return { ...configuration, ...Object.fromEntries(defaults), ...Object.fromEntries(said) }
}

/** @throws AppError `bad-request` naming every missing key. */
export const requireKeys = (element: Element, configuration: Configuration): void => {
  const missing = element.config.filter(
    (field) => field.required && !(configuration[field.key] ?? field.defaultValue)?.trim(),
  )
  if (missing.length === 0) return
  const names = missing.map((field) => `${field.key} (${field.label})`).join(', ')
  throw new AppError('bad-request', `configuration: missing ${names}.`)
}

/** @throws AppError `bad-request` when a value that has choices is none of them, in whatever case. */
export const requireChoices = (element: Element, configuration: Configuration): void => {
  for (const { key, choices } of configOf(element)) {
    const value = configuration[key]?.trim().toLowerCase() ?? ''
    if (choices === undefined || value === '' || choices.some((one) => one.toLowerCase() === value)) continue
    throw new AppError(
      'bad-request',
      `configuration.${key}: '${value.slice(0, 32)}' is none of ${choices.join(', ')}.`,
    )
  }
}

/** Splits plain values from those that are sealed. */
export const splitSecrets = (
  element: Element,
  configuration: Configuration,
): { readonly plain: Configuration; readonly secret: Configuration } => {
  const entries = Object.entries(configuration)
  return {
    plain: Object.fromEntries(entries.filter(([key]) => !isSealedKey(element, key))),
    secret: Object.fromEntries(entries.filter(([key]) => isSealedKey(element, key))),
  }
}

const texts = (configuration: Configuration): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(configuration).flatMap(([key, value]): [string, string][] =>
      value === null ? [] : [[key, value]],
    ),
  )

/** The values that readers of the API see a mask for. */
export const secretValues = (element: Element, whole: Configuration): readonly string[] =>
  Object.entries(whole).flatMap(([key, value]) =>
    value !== null && isSecretKey(element, key) ? [value] : [],
  )

/** Those of which the address of every call is made; undefined: none. */
const secretsIn = (url: string, secrets: readonly string[]): readonly string[] | undefined => {
  const found = secrets.filter((secret) => maskSecrets(url, [secret]) !== url)
  return found.length === 0 ? undefined : found
}

/**
 * What an element sees of a configuration, and what calls carry that nobody else may see.
 * @param whole with the secrets in clear.
 * @param baseUrl of the calls.
 */
export const readableBy = (
  element: Element,
  plain: Configuration,
  whole: Configuration,
  baseUrl: string,
): {
  readonly readable: Readonly<Record<string, string>>
  readonly secrets: readonly string[] | undefined
} => {
  if (element.readsSecrets !== true)
    return { readable: texts(plain), secrets: secretsIn(baseUrl, secretValues(element, whole)) }
  return { readable: texts(whole), secrets: secretValues(element, whole) }
}

/** Whether a default is shown where nothing is set: what events hang on shows itself once it is. */
const isShownUnset = (key: string): boolean => key === eventsKey || !key.startsWith('event.')

const eventsKey = 'event.notification.enabled'

/** What a reader of the API sees of a whole configuration: defaults, values, and a mask for each secret. */
export const shownConfiguration = (element: Element, configuration: Configuration): Configuration => ({
  ...Object.fromEntries(
    configOf(element).flatMap(({ key, defaultValue }) =>
      defaultValue === undefined || !isShownUnset(key)
        ? []
        : [[key, isSecretKey(element, key) ? mask : defaultValue]],
    ),
  ),
  ...(hasEvents(configuration) ? { [eventsKey]: 'true' } : {}),
  ...Object.fromEntries(
    Object.entries(configuration).map(([key, value]) => [key, isSecretKey(element, key) ? mask : value]),
  ),
})
