import { isJsonObject } from '#src/lib/json.ts'
import { framingHeaders } from '#src/outbound/index.ts'
import type { Configuration } from './configuration.ts'

/** How the events of an instance are signed, and what is sent along (spec/contract.md 6.1). */
export interface CallbackSettings {
  readonly url: string | undefined
  /** The key of the signatures; undefined: they are not signed. */
  readonly signatureKey: string | undefined
  /** Headers that the configuration adds, an Authorization of basic among them. */
  readonly headers: Readonly<Record<string, string>>
}

const textOf = (configuration: Configuration, key: string): string | undefined =>
  configuration[key]?.trim() || undefined

/** Headers that we set ourselves. */
const ours = /^(content-type|elements-webhook-.*|webhook-.*)$/i

/** Several in one line have semicolons between; one inside a value, as cookies have, names no header behind it. */
const betweenHeaders = /\r?\n|;(?=\s*[\w-]+\s*:(?!\/\/))/

/** One header a line, `name: value`, or a JSON object of names and values. */
const headersIn = (text: string): Readonly<Record<string, string>> => {
  try {
    const value: unknown = JSON.parse(text)
    if (isJsonObject(value))
      return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, String(one)]))
  } catch {
    // Not JSON: lines.
  }
  return Object.fromEntries(
    text.split(betweenHeaders).flatMap((line): [string, string][] => {
      const at = line.indexOf(':')
      return at <= 0 ? [] : [[line.slice(0, at).trim(), line.slice(at + 1).trim()]]
    }),
  )
}

/** RFC 9110, 5.5: what Node would refuse to send. */
const isHeaderValue = (value: string): boolean => /^[\t\x20-\x7e\x80-\xff]*$/.test(value)

const isHeader = ([name, value]: readonly [string, string]): boolean =>
  /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) &&
  !framingHeaders.has(name.toLowerCase()) &&
  !ours.test(name) &&
  isHeaderValue(value)

/** @param configuration whole, secrets in clear. */
export const callbackSettings = (configuration: Configuration): CallbackSettings => {
  const user = textOf(configuration, 'event.notification.basic.username')
  const password = configuration['event.notification.basic.password'] ?? ''
  const added = Object.entries(headersIn(configuration['event.notification.callback.headers'] ?? ''))
  return {
    url: textOf(configuration, 'event.notification.callback.url'),
    signatureKey: textOf(configuration, 'event.notification.signature.key'),
    headers: {
      ...(user === undefined
        ? {}
        : { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` }),
      ...Object.fromEntries(added.filter(isHeader).map(([name, value]) => [name.toLowerCase(), value])),
    },
  }
}
