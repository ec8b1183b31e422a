import { type Element, type ErrorRule, type Path, readPath } from '#src/element/index.ts'
import type { Json } from '#src/lib/json.ts'
import type { OutboundReply } from '#src/outbound/index.ts'
import { xmlIn } from './xml.ts'

/** A text as JSON, undefined when it is none. */
export const parseBody = (text: string): Json | undefined => {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

type ReadStep = (body: Json | undefined, path: Path) => Json | undefined

/** Of lists the first item. */
const readFirst: ReadStep = (body, path) =>
  path.reduce<Json | undefined>((from, step) => {
    const found = readPath(from, [step])
    return Array.isArray(found) ? (found as readonly Json[])[0] : found
  }, body)

const textAt = (body: Json | undefined, paths: readonly Path[], read: ReadStep): string | undefined => {
  for (const path of paths) {
    const words = read(body, path)
    if (typeof words === 'string' && words.trim() !== '') return words.trim()
  }
  return undefined
}

const isMarkup = (text: string): boolean => text.trimStart().startsWith('<')

const wordsIn = ({ errorWords, xmlErrorWords }: Element, text: string): string => {
  const body = parseBody(text)
  const words =
    body === undefined && xmlErrorWords !== undefined && isMarkup(text)
      ? textAt(xmlIn(text), xmlErrorWords, readFirst)
      : textAt(body, errorWords, readPath)
  if (words !== undefined) return words
  return body === undefined && !isMarkup(text) ? text.trim() : ''
}

/** The vendor's own words in an error reply, at most 1,000 characters, without the secrets that were sent. */
export const wordsOf = (element: Element, reply: OutboundReply): string | undefined => {
  // Masked whole, before anything is cut: half a secret would not be found.
  const words = reply.masked(wordsIn(element, reply.body.toString('utf8')))
  return words === '' ? undefined : words.slice(0, 1000)
}

/** The vendor's id of a reply. */
export const correlationIdOf = (element: Element, reply: OutboundReply): string | undefined => {
  const id = reply.headers[element.vendor.correlationHeader]
  return id === undefined ? undefined : reply.masked(id)
}

const matches = (rule: ErrorRule, status: number, text: string): boolean => {
  const { status: wanted, bodyHas } = rule.when
  const [from, to] = typeof wanted === 'number' ? [wanted, wanted] : (wanted ?? [0, 999])
  return status >= from && status <= to && (bodyHas === undefined || text.toLowerCase().includes(bodyHas))
}

/** The element's rule for a refused reply. */
export const ruleFor = (element: Element, status: number, text: string): ErrorRule =>
  element.errors.find((rule) => matches(rule, status, text)) ?? {
    when: {},
    as: 'provider-failed',
    retry: 'never',
  }

/** The element's rule for a refused reply. */
export const ruleOf = (element: Element, reply: OutboundReply): ErrorRule =>
  ruleFor(element, reply.status, reply.body.toString('utf8'))

/** A date is the vendor's, so it is compared with the vendor's clock where the reply tells it. */
const secondsUntil = (date: string, now: string | undefined): number => {
  const told = Date.parse(now ?? '')
  return (Date.parse(date) - (Number.isNaN(told) ? Date.now() : told)) / 1_000
}

/** Whole seconds of a reply's Retry-After, undefined without one (RFC 9110 10.2.3). */
export const retryAfterSeconds = ({ headers }: OutboundReply): number | undefined => {
  const value = headers['retry-after']?.trim()
  if (value === undefined) return undefined
  const seconds = /^\d{1,9}$/.test(value) ? Number(value) : secondsUntil(value, headers['date'])
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : undefined
}
