import type { Element } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import { isJsonObject, type Json } from '#src/lib/json.ts'
import { isSecretKey, mask } from './need.ts'

/** Values are text or null (spec/contract.md 2.2); objects and numbers that clients send become text. */
export type Configuration = Readonly<Record<string, string | null>>

const asText = (key: string, value: Json): string | null => {
  if (value === null || typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (key.startsWith('event.')) return JSON.stringify(value)
  throw new AppError(
    'bad-request',
    `configuration.${key.slice(0, 64)}: a text, a number, true, false or null.`,
  )
}

/** @throws AppError `bad-request` when it is no object of plain values. */
export const readConfiguration = (input: Json | undefined): Configuration => {
  if (input === undefined || input === null) return {}
  if (!isJsonObject(input)) throw new AppError('bad-request', 'configuration: an object of keys and values.')
  return Object.fromEntries(Object.entries(input).map(([key, value]) => [key, asText(key, value)]))
}

/** @throws AppError `bad-request` naming every missing key. */
export const requireKeys = (element: Element, configuration: Configuration): void => {
  const missing = element.config.filter((field) => field.required && !configuration[field.key]?.trim())
  if (missing.length === 0) return
  const names = missing.map((field) => `${field.key} (${field.label})`).join(', ')
  throw new AppError('bad-request', `configuration: missing ${names}.`)
}

/** Splits plain values from secret ones, so that only the latter are sealed. */
export const splitSecrets = (
  element: Element,
  configuration: Configuration,
): { readonly plain: Configuration; readonly secret: Configuration } => {
  const entries = Object.entries(configuration)
  return {
    plain: Object.fromEntries(entries.filter(([key]) => !isSecretKey(element, key))),
    secret: Object.fromEntries(entries.filter(([key]) => isSecretKey(element, key))),
  }
}

/** What a reader of the API sees: the element's defaults, plain values, and a mask for each secret. */
export const shownConfiguration = (
  element: Element,
  plain: Configuration,
  secretKeys: readonly string[],
): Configuration => ({
  ...Object.fromEntries(
    element.config.flatMap((field) =>
      field.defaultValue === undefined ? [] : [[field.key, field.defaultValue]],
    ),
  ),
  ...plain,
  ...Object.fromEntries(secretKeys.map((key) => [key, mask])),
})
