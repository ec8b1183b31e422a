import type { ElementParameterJson } from '#src/contract/index.ts'
import type { VendorPort } from '#src/element/index.ts'
import { AppError } from '#src/lib/errors.ts'
import type { Json } from '#src/lib/json.ts'
import type { Asked } from './asked.ts'
import { valueAt } from './root-key.ts'

/** The configured value of a key, else the element's default; undefined: neither. */
export type Configured = (key: string) => string | undefined

/** What an instance says of a key, else what its element says. */
export const configuredOf = (
  port: Pick<VendorPort, 'configured'>,
  defaults: Readonly<Record<string, string>>,
): Configured => {
  return (key) => {
    // A name such as `constructor` is found in whatever object it is looked for.
    const found: unknown = port.configured(key)
    const own = typeof found === 'string' ? found : undefined
    if (own !== undefined && own !== '') return own
    return ownValue(defaults, key) ?? own
  }
}

/** The value of a name that an object has itself. */
export const ownValue = <Value>(of: Readonly<Record<string, Value>>, name: string): Value | undefined =>
  Object.hasOwn(of, name) ? of[name] : undefined

/** Values that braces in a text may name: what is asked, then the configuration. */
export const namedValue = (asked: Asked, configured: Configured, name: string): Json | undefined =>
  ownValue(asked.path, name) ?? ownValue(asked.query, name) ?? configured(name) ?? valueAt(asked.body, name)

/** A text with each `{name}` replaced by its value; one that nothing gives stays as it is. */
export const filled = (text: string, find: (name: string) => Json | undefined): string =>
  text.replace(/\{([\w.$-]+)\}/g, (whole, name: string) => {
    const value = find(name)
    if (value === undefined || value === null) return whole
    return typeof value === 'object' ? JSON.stringify(value) : String(value)
  })

/** The value that a parameter takes from what is asked; undefined: none. */
export const parameterValue = (
  { type, name }: ElementParameterJson,
  asked: Asked,
  configured: Configured,
): Json | undefined => {
  switch (type) {
    case 'path':
      return ownValue(asked.path, name)
    case 'query':
      return ownValue(asked.query, name)
    case 'header':
      return ownValue(asked.headers, name.toLowerCase())
    case 'body':
      return asked.body
    case 'bodyField':
    case 'form':
    case 'multipart':
      return valueAt(asked.body, name)
    case 'configuration':
      return configured(name)
    case 'value':
      return filled(name, (inner) => namedValue(asked, configured, inner))
    case 'prevBody':
      return asked.previous?.body
    case 'prevBodyField':
      return valueAt(asked.previous?.body, name)
    default:
      return undefined
  }
}

/** Where callers put a value, as an error tells it. */
const placeWords: Readonly<Record<string, string>> = {
  path: 'the path',
  query: 'the query',
  header: 'the headers',
  body: 'the body',
  bodyField: 'the body',
  form: 'the body',
  multipart: 'the form',
  configuration: 'the configuration of the instance',
}

/** @throws AppError `bad-request` naming a needed value that nobody gave. */
export const missingValue = (parameter: ElementParameterJson): AppError =>
  new AppError(
    'bad-request',
    `${parameter.name}: it is needed in ${placeWords[parameter.type] ?? 'the request'}.${parameter.description?.trim() ? ` ${parameter.description.trim()}` : ''}`,
  )

const isNumeric = (text: string): boolean => text.trim() !== '' && Number.isFinite(Number(text))

/** A value as the vendor's kind of data has it; what cannot be made of it goes as it is. */
export const converted = (value: Json, dataType: string | null | undefined): Json => {
  if (typeof value !== 'string')
    return dataType === 'string' && typeof value !== 'object' ? String(value) : value
  switch (dataType?.toLowerCase()) {
    case 'integer':
    case 'int':
    case 'long':
    case 'number':
    case 'double':
    case 'float':
      return isNumeric(value) ? Number(value) : value
    case 'boolean':
      return /^(true|false)$/i.test(value.trim()) ? value.trim().toLowerCase() === 'true' : value
    default:
      return value
  }
}

/** A value as text, for a query, a header or a path. */
export const asText = (value: Json): string =>
  typeof value === 'object' ? JSON.stringify(value) : String(value)
