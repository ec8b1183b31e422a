import type { CodedReply, TokenReply } from '#src/element/index.ts'

/**
 * Replies of the deprecated framework. Source: SAP Concur "Authorization (pre-2017)", spec/concur.md 1.1:
 * XML (JSON by Accept), whose element names differ in case from page to page, and two of which may be absent.
 */

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

const unescaped = (text: string): string =>
  text.replace(
    /&(?:#x([\da-f]{1,6})|#(\d{1,7})|(\w+));/gi,
    (whole, hex?: string, decimal?: string, name?: string) => {
      if (name !== undefined) return entities[name.toLowerCase()] ?? whole
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole
    },
  )

/** The texts of the elements that hold nothing but text, by their names in lower case. */
const fieldsOfXml = (text: string): ReadonlyMap<string, string> =>
  new Map(
    [
      ...text.matchAll(
        /<(?:[\w-]+:)?([\w-]+)(?:\s[^<>]*)?>(?:<!\[CDATA\[)?([^<\]]*)(?:\]\]>)?<\/(?:[\w-]+:)?\1\s*>/gi,
      ),
    ].map(([, name = '', value = '']) => [name.toLowerCase(), unescaped(value).trim()]),
  )

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const flatten = (value: unknown): readonly (readonly [string, string])[] =>
  isRecord(value)
    ? Object.entries(value).flatMap(([name, one]) =>
        isRecord(one)
          ? flatten(one)
          : typeof one === 'string' || typeof one === 'number'
            ? [[name.toLowerCase(), String(one)] as const]
            : [],
      )
    : []

/** Every text of a reply by its name in lower case, whatever the shape. */
const fieldsOf = (text: string): ReadonlyMap<string, string> => {
  if (!text.trimStart().startsWith('{')) return fieldsOfXml(text)
  try {
    return new Map(flatten(JSON.parse(text)))
  } catch {
    return new Map()
  }
}

/** `11/4/2026 9:05:31 AM`, which is UTC; null for anything else. */
const readUsDate = (text: string | undefined): Date | null => {
  const found = /^(\d{1,2})\/(\d{1,2})\/(\d{4}) (\d{1,2}):(\d{2}):(\d{2}) (AM|PM)$/i.exec(text?.trim() ?? '')
  if (found === null) return null
  const [month, day, year, hour, minute, second] = found.slice(1, 7).map(Number)
  const afternoon = found[7]?.toUpperCase() === 'PM' ? 12 : 0
  const at = new Date(
    Date.UTC(year ?? 0, (month ?? 0) - 1, day ?? 0, ((hour ?? 0) % 12) + afternoon, minute ?? 0, second ?? 0),
  )
  return Number.isNaN(at.getTime()) ? null : at
}

const wordsOf = (fields: ReadonlyMap<string, string>, { status, text }: TokenReply): string =>
  fields.get('message') ??
  (text.trim() === '' || text.includes('<') ? `HTTP ${status}` : text.trim().slice(0, 300))

/**
 * What an access token reply says.
 * @param ends whether a refusal means that only a new consent helps.
 */
export const readGrant = (reply: TokenReply, ends: boolean): CodedReply => {
  const fields = fieldsOf(reply.text)
  const accessToken = fields.get('token')
  if (reply.status < 300 && accessToken !== undefined && accessToken !== '') {
    return {
      granted: {
        accessToken,
        refreshToken: fields.get('refresh_token') || null,
        expiresAt: readUsDate(fields.get('expiration_date')),
        baseUrl: fields.get('instance_url') || null,
      },
    }
  }
  // Anything else, or a refusal without the framework's own words, may come from whatever stands in between.
  const isFinal = [400, 401, 403].includes(reply.status) && fields.has('message')
  return {
    refused: {
      status: reply.status < 300 ? 502 : reply.status,
      words: wordsOf(fields, reply),
      means: ends && isFinal ? 'ended' : 'passing',
    },
  }
}

export const readWords = (reply: TokenReply): string => wordsOf(fieldsOf(reply.text), reply)
