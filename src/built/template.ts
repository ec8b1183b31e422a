import type { Json, JsonObject } from '#src/lib/json.ts'
import { filled } from './values.ts'

type Find = (name: string) => Json | undefined

const filledDeep = (value: Json, find: Find): Json => {
  if (typeof value === 'string') return filled(value, find)
  if (Array.isArray(value)) return value.map((item: Json) => filledDeep(item, find))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value as JsonObject).map(([name, inner]) => [filled(name, find), filledDeep(inner, find)]),
  )
}

const parsed = (text: string): Json | undefined => {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

const isBare = (text: string): boolean => /^(?:-?\d+(?:\.\d+)?|true|false|null)$/.test(text)

/** A value where JSON stands open for it: in a string the inside of one, else a value of its own. */
const asJson = (value: Json | undefined, isInString: boolean): string | undefined => {
  if (value === undefined) return undefined
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  if (isInString) return JSON.stringify(text).slice(1, -1)
  return typeof value === 'object' || isBare(text) ? text : JSON.stringify(text)
}

/** Whether an odd number of quotes stands before: what follows is inside of a string. */
const isInString = (before: string): boolean =>
  (before.replace(/\\./g, '').match(/"/g)?.length ?? 0) % 2 === 1

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

const asXml = (value: Json | undefined): string | undefined =>
  value === undefined || value === null
    ? undefined
    : (typeof value === 'object' ? JSON.stringify(value) : String(value)).replace(
        /[&<>"']/g,
        (sign) => entities[sign] ?? sign,
      )

/**
 * A body as a text with names in braces, with their values. Of JSON and XML no value can become more than a value:
 * callers give them. A name without a value stays as it is.
 */
export const templated = (template: string, find: Find): Json => {
  const text = template.trim()
  const known = parsed(text)
  if (known !== undefined) return filledDeep(known, find)
  if (text.startsWith('<')) return filled(template, (name) => asXml(find(name)))
  if (!/^[[{]/.test(text)) return filled(template, find)
  const made = text.replace(
    /\{([\w.$-]+)\}/g,
    (whole, name: string, at: number) => asJson(find(name), isInString(text.slice(0, at))) ?? whole,
  )
  return parsed(made) ?? made
}
